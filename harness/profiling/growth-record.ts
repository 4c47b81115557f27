/** Everything that was found out about growth, as it is kept in a profile's record. */
import { z } from 'zod';
import { type FindingsOptions, findingsOf, growthNotes } from './find-findings.ts';
import { Finding, GrowthNote } from './finding.ts';
import type { GrowthSample } from './growth-sample.ts';
import { judgeGrowth } from './judge-growth.ts';
import { Dimension, Judgement, Sizes } from './judgement.ts';

export const GrowthRecord = z.object({
  units: z.array(
    z.object({
      unit: z.string(),
      varied: z.array(Dimension).describe('what was varied on purpose'),
      samples: z.number().int().nonnegative().describe('different work measured'),
      measurements: z.number().int().nonnegative().describe('repeats of all samples together'),
      userSizes: Sizes.describe('what the costs are told for'),
    }),
  ),
  judgements: z.array(Judgement).describe('of every statement of every unit, with the calls of every repeat'),
  findings: z.array(Finding).describe('the costliest first'),
  notes: z.array(GrowthNote),
});
export type GrowthRecord = z.infer<typeof GrowthRecord>;

/** Judges samples and condenses them to what is kept. The parser must have been loaded, see `findingsOf`. */
export function growthRecord(samples: readonly GrowthSample[], options: FindingsOptions): GrowthRecord {
  const judgements = judgeGrowth(samples);
  const units = [...new Set(samples.map(({ unit }) => unit))];
  return {
    units: units.map((unit) => {
      const measured = samples.filter((sample) => sample.unit === unit);
      return {
        unit,
        varied: [...new Set(measured.map(({ varied }) => varied))],
        samples: new Set(measured.map(({ sample }) => sample)).size,
        measurements: measured.length,
        userSizes: options.sizes[unit] ?? {},
      };
    }),
    judgements,
    findings: findingsOf(samples, judgements, options),
    notes: growthNotes(judgements),
  };
}

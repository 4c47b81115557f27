import { HarnessError } from '../errors.ts';
import type { PlannedSlot } from '../experiment-record.ts';
import type { LiveReading } from '../live/live-reading.ts';
import type { PairedLoadGenerator } from '../load-generators/paired-load-generator.ts';
import type { RunRecord } from '../result.ts';
import { usefulGenerators } from '../targets/traffic.ts';
import { withFreshTargets } from './fresh-target.ts';
import type { PairContext } from './measure-pair.ts';
import { findPairFaults } from './pair-faults.ts';
import { measurePairedLoad } from './paired-load.ts';
import { pairSeed } from './plan.ts';
import { armNamed, targetOf } from './prepare-arms.ts';
import { NOTHING_MEASURED, runRecord } from './run-record.ts';

export interface LoadPairOptions {
  readonly generators: readonly PairedLoadGenerator[];
  readonly skippedLoads: RunRecord['skippedLoads'];
  /** For the raw files of the generators. */
  readonly folder: string;
  readonly onProgress: (detail: string) => void;
  readonly onReading?: (reading: LiveReading) => void;
}

/**
 * Measures one pair of the load part: fresh clones and processes, all up at once, each generator driving them in
 * balanced turns. Returns one run a slot, in the order of the slots.
 *
 * @throws HarnessError DISPATCH_FAILED when the traffic did not go as planned; the pair may be measured again
 */
export async function measureLoadPair(
  context: PairContext,
  slots: readonly PlannedSlot[],
  options: LoadPairOptions,
): Promise<RunRecord[]> {
  const { server, plan, signal } = context;
  const startedAt = new Date().toISOString();
  const randomSeed = pairSeed(plan, slots[0]?.pair ?? 0);
  const { durationFactor, rateFactor, maxErrorRatio } = plan.load;
  const traffic = context.target.trafficOf({
    ...{ scenario: plan.scenario, shape: plan.shape, offers: context.arms[0]?.offers ?? [] },
    ...{ durationFactor, rateFactor, maxErrorRatio, randomSeed },
  });
  const { useful, skipped } = usefulGenerators(traffic, options.generators);
  if (traffic === null || useful.length === 0) {
    throw new HarnessError(
      'BAD_OPTION',
      `The scenario "${plan.scenario}" has no load for a pair: ${skipped.map(({ generator, reason }) => `${generator}: ${reason}`).join('; ')}.`,
      { hint: 'Choose another scenario of the config, or --mode pair.' },
    );
  }
  const sides = slots.map((slot) => armNamed(context.arms, slot.variant));
  const targets = sides.map((side) => targetOf(side, context));
  const loads = await withFreshTargets(targets, (fresh) =>
    measurePairedLoad(
      server,
      fresh.map((target, index) => ({ variant: sides[index]?.arm.name ?? '', target })),
      {
        traffic,
        generators: useful,
        folder: options.folder,
        signal,
        onReading: (reading) => options.onReading?.(reading),
        onProgress: (generator, { elapsedMs, totalMs, note }) =>
          options.onProgress(
            [
              `${generator}: ${seconds(elapsedMs)}`,
              totalMs === null ? '' : `of ${seconds(totalMs)}`,
              note ?? '',
            ]
              .filter(Boolean)
              .join(' '),
          ),
      },
    ),
  );
  const faults = findPairFaults(loads);
  if (faults.length > 0)
    throw new HarnessError('DISPATCH_FAILED', `The load did not go as planned: ${faults.join('; ')}.`);
  return sides.map(({ arm, dataset, environment }, index) =>
    runRecord(
      {
        id: `load-${slots[0]?.pair}-${index + 1}`,
        startedAt,
        scenario: plan.scenario,
        variant: arm.name,
        changes: arm.changes,
        traffic: { durationFactor, rateFactor, randomSeed },
        dataset,
        environment,
      },
      {
        ...NOTHING_MEASURED,
        loads: loads.get(arm.name) ?? [],
        skippedLoads: [...options.skippedLoads, ...skipped],
      },
    ),
  );
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

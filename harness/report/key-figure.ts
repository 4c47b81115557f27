import { formatChange } from '../change.ts';
import type { Comparison, Part, TimingComparison } from '../experiment-record.ts';
import { formatInUnit } from '../quantity.ts';
import {
  mainComparison,
  mainVariants,
  type ReportInput,
  type VariantRuns,
  variantRuns,
} from './report-input.ts';
import { intervalText } from './verdict-sentence.ts';

/** A number a reader came for: before, after, and how sure. */
export interface KeyFigure {
  label: string;
  /** Of the baseline; `null` for a run alone or where it was not measured. */
  before: string | null;
  /** `null` where it was not measured; `missing` says why. */
  after: string | null;
  change: string | null;
  /** "96.9 % interval 47× to 51× faster"; `null` when there is none. */
  interval: string | null;
  missing: string | null;
}

export const NO_RUN = 'no run was completed';

/** Unequal work has no change worth telling. */
export function withoutChange(one: KeyFigure): KeyFigure {
  return { ...one, change: null, interval: null };
}

/** What the figures of a report are taken from. */
export interface Sides {
  before: VariantRuns | null;
  after: VariantRuns;
  comparison: Comparison | null;
  /** Why a load was skipped. */
  skipped: string | null;
  /** Whether a part was meant to be measured; a run alone means to measure everything. */
  planned(part: Part): boolean;
}

export function sidesOf(input: ReportInput): Sides {
  const groups = variantRuns(input);
  const main = mainVariants(input);
  const named = (name: string | undefined) => groups.find(({ variant }) => variant === name) ?? null;
  const after = named(main?.candidate) ?? groups[0] ?? { variant: '', runs: [] };
  const reasons = groups.flatMap(({ runs }) => runs.flatMap(({ run }) => run.skippedLoads));
  return {
    before: named(main?.baseline),
    after,
    comparison: mainComparison(input),
    skipped: reasons[0] === undefined ? null : `${reasons[0].generator} was skipped: ${reasons[0].reason}`,
    planned: (part) => input.kind === 'run' || input.experiment.plan.parts.includes(part),
  };
}

export interface FigureShape {
  label: string;
  unit: string;
  higherIsBetter?: boolean;
  before: number | null;
  after: number | null;
  timing: TimingComparison | undefined;
  missing: string;
}

/** One figure; where the comparison has the metric, its own numbers are shown, so that nothing is told twice differently. */
export function figure({
  label,
  unit,
  higherIsBetter = false,
  before,
  after,
  timing,
  missing,
}: FigureShape): KeyFigure {
  const from = timing?.baselineMedian ?? before;
  const to = timing?.candidateMedian ?? after;
  if (to === null) return { label, before: null, after: null, change: null, interval: null, missing };
  const meaning = { unit, higherIsBetter };
  const ratio = timing?.ratio ?? (from === null || from === 0 ? null : to / from);
  const interval = timing === undefined || timing.low === null ? null : intervalText(timing);
  return {
    label,
    before: from === null ? null : formatInUnit(from, unit),
    after: formatInUnit(to, unit),
    change: ratio === null ? null : ratio === 1 ? 'unchanged' : formatChange(ratio, meaning),
    interval,
    missing: null,
  };
}

export function timingNamed(comparison: Comparison | null, matches: (metric: string) => boolean) {
  return comparison?.timings.find(({ metric }) => matches(metric.toLowerCase()));
}

/** A figure that was meant to be measured and was not. */
export function absent(label: string, { skipped, after }: Sides, reason: string): KeyFigure {
  const missing = after.runs.length === 0 ? NO_RUN : (skipped ?? reason);
  return { label, before: null, after: null, change: null, interval: null, missing };
}

import type { TimingComparison } from '../experiment-record.ts';
import type { ProbedDispatch, Round, RunRecord } from '../result.ts';
import { locate, median } from '../statistics/hodges-lehmann.ts';

/** The two runs of one pair. */
export interface RunPair {
  readonly baseline: RunRecord;
  readonly candidate: RunRecord;
  /** Whether the baseline stood in the first slot. */
  readonly baselineFirst: boolean;
}

/** A number per run that is exact at concurrency 1, compared by equality. */
export interface ExactMetric {
  readonly metric: string;
  readonly unit: string;
  readonly of: (dispatch: ProbedDispatch) => number;
}

const WAL_BYTES = 'WAL bytes per dispatch';
const BLOCKS_DIRTIED = 'blocks dirtied per dispatch';

export const EXACT_METRICS: readonly ExactMetric[] = [
  { metric: 'queries per dispatch', unit: 'statements', of: (one) => one.queries },
  { metric: 'rows per dispatch', unit: 'rows', of: (one) => one.rows },
  { metric: 'blocks per dispatch', unit: 'blocks', of: (one) => one.blocksHit + one.blocksRead },
  { metric: BLOCKS_DIRTIED, unit: 'blocks', of: (one) => one.blocksDirtied },
  { metric: 'WAL records per dispatch', unit: 'records', of: (one) => one.walRecords },
  { metric: WAL_BYTES, unit: 'bytes', of: (one) => one.walBytes },
];

/**
 * Exact, but told and never decisive: an updated row's bytes of WAL depend on the clock times in it
 * (count-differences.ts), and a block counts as dirtied only when nobody dirtied it since the last checkpoint.
 */
export const TOLD_ONLY: readonly string[] = [WAL_BYTES, BLOCKS_DIRTIED];

/** A number per run that time and neighbours move, compared pair by pair. */
export interface TimingMetric {
  readonly metric: string;
  readonly unit: string;
  readonly source: TimingComparison['source'];
  readonly higherIsBetter: boolean;
  /** Half-width of the band of no interest, as a ratio. */
  readonly delta: number;
  /** `null` when this run does not have it. */
  readonly of: (run: RunRecord) => number | null;
  /** ln(candidate ÷ baseline) of a pair; default: of the two numbers. */
  readonly logRatio?: (pair: RunPair) => number | null;
  /** ln(candidate ÷ baseline) inside one pair, in the order of its slices; shows a warm-up that was not over. */
  readonly withinPair?: (pair: RunPair) => readonly number[];
  /** Why this run's value must not be compared, if so. */
  readonly flaw: (run: RunRecord) => string | null;
}

/** Bands of no interest (comparison by kind of metric: a tail and a capacity move more than a centre). */
const DELTA = { centre: 0.03, p95: 0.05 } as const;

/** Fewer requests a side and the 95th percentile is a matter of a handful of them. */
const FEWEST_FOR_P95 = 200;

const noFlaw = () => null;

function dispatchTimes({ slices }: Round): number[] {
  return slices.flatMap((slice) => slice.dispatchMs);
}

const roundMetric = (
  metric: string,
  of: (round: Round) => number | null,
  more: Partial<TimingMetric> = {},
): TimingMetric => ({
  metric,
  unit: 'ms',
  source: 'pair',
  higherIsBetter: false,
  delta: DELTA.centre,
  of: (run) => (run.round ? of(run.round) : null),
  flaw: noFlaw,
  ...more,
});

/** Times of dispatches that were counted alone: shown of stored runs, compared with nothing. */
export const PROBE_METRICS: readonly TimingMetric[] = (
  [
    ['dispatch alone', (one) => one.wallMs],
    ['load phase alone', (one) => one.loadMs],
    ['decide phase alone', (one) => one.decideMs],
    ['apply phase alone', (one) => one.applyMs],
    ['database time alone', (one) => one.databaseMs],
  ] satisfies [string, (one: ProbedDispatch) => number | null][]
).map(([metric, of]) => ({
  metric,
  unit: 'ms',
  source: 'count',
  higherIsBetter: false,
  delta: DELTA.centre,
  of: ({ probe }) => {
    const values = (probe?.dispatches ?? []).map(of);
    const known = values.filter((value) => value !== null);
    return known.length === 0 || known.length < values.length
      ? null
      : known.reduce((sum, value) => sum + value, 0) / known.length;
  },
  flaw: noFlaw,
}));

const perDispatch = (round: Round, total: number | null) =>
  total === null ? null : total / round.dispatches;

function cpuMs({ serviceCpuMs, backendCpuMs }: Round): number | null {
  return serviceCpuMs === null || backendCpuMs === null ? null : serviceCpuMs + backendCpuMs;
}

/**
 * The same company-day was dispatched on both sides within moments, so each of them has a ratio of its own; their
 * Hodges–Lehmann centre is the pair's. A stall that hits one dispatch moves it by nothing, where it moves the ratio of the
 * means by its whole length.
 */
function matchedLogRatio(pair: RunPair): number | null {
  const ratios = matchedRatios(pair);
  return ratios.length > 0 && ratios.every(Number.isFinite) ? locate(ratios).estimate : null;
}

function matchedRatios({ baseline, candidate }: RunPair): number[] {
  if (!baseline.round || !candidate.round) return [];
  const [before, after] = [dispatchTimes(baseline.round), dispatchTimes(candidate.round)];
  return before.length === after.length
    ? before.map((ms, index) => Math.log((after[index] ?? Number.NaN) / ms))
    : [];
}

/** Nearest rank. */
function quantileOf(values: readonly number[], quantile: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? null;
}

export const DISPATCH_TIME = 'dispatch time';
export const CPU_TIME = 'CPU time per dispatch';
export const APPLY_TIME = 'apply phase';

/** What decides unless --gate says otherwise: how long one waits, and what it costs. Declared before anything runs. */
export const DEFAULT_GATE: readonly string[] = [DISPATCH_TIME, CPU_TIME];

/** Metrics of alternating slices. Those that the gate does not name are told as exploratory and never decide. */
export const ROUND_METRICS: readonly TimingMetric[] = [
  roundMetric(DISPATCH_TIME, (round) => median(dispatchTimes(round)), {
    logRatio: matchedLogRatio,
    withinPair: matchedRatios,
  }),
  roundMetric(CPU_TIME, (round) => perDispatch(round, cpuMs(round))),
  roundMetric('dispatch time, mean', (round) => {
    const times = dispatchTimes(round);
    return times.reduce((sum, ms) => sum + ms, 0) / times.length;
  }),
  roundMetric('dispatch time, p95', (round) => quantileOf(dispatchTimes(round), 0.95), {
    delta: DELTA.p95,
    flaw: ({ round }) =>
      round && round.dispatches < FEWEST_FOR_P95
        ? `${round.dispatches} dispatches a side are too few for a p95 (${FEWEST_FOR_P95})`
        : null,
  }),
  roundMetric('database time per dispatch', (round) => perDispatch(round, round.databaseMs)),
  roundMetric('CPU time of the service per dispatch', (round) => perDispatch(round, round.serviceCpuMs)),
  roundMetric('CPU time of the database per dispatch', (round) => perDispatch(round, round.backendCpuMs)),
  roundMetric('load phase', (round) => perDispatch(round, round.phases?.loadMs ?? null)),
  roundMetric('decide phase', (round) => perDispatch(round, round.phases?.decideMs ?? null)),
  roundMetric(APPLY_TIME, (round) => perDispatch(round, round.phases?.applyMs ?? null)),
];

import type { LoadReport, ProbedDispatch, RunRecord } from '../result.ts';

/** A number per run that is exact at concurrency 1, compared by equality. */
export interface ExactMetric {
  readonly metric: string;
  readonly unit: string;
  readonly of: (dispatch: ProbedDispatch) => number;
}

export const EXACT_METRICS: readonly ExactMetric[] = [
  { metric: 'queries per dispatch', unit: 'statements', of: (one) => one.queries },
  { metric: 'rows per dispatch', unit: 'rows', of: (one) => one.rows },
  { metric: 'blocks per dispatch', unit: 'blocks', of: (one) => one.blocksHit + one.blocksRead },
  { metric: 'WAL records per dispatch', unit: 'records', of: (one) => one.walRecords },
  { metric: 'WAL bytes per dispatch', unit: 'bytes', of: (one) => one.walBytes },
];

/** A number per run that time and neighbours move, compared pair by pair. */
export interface TimingMetric {
  readonly metric: string;
  readonly unit: string;
  readonly role: 'gate' | 'exploratory';
  readonly higherIsBetter: boolean;
  /** Half-width of the band of no interest, as a ratio. */
  readonly delta: number;
  /** `null` when this run does not have it. */
  readonly of: (run: RunRecord) => number | null;
  /** Why this run's value must not be compared, if so. */
  readonly flaw: (run: RunRecord) => string | null;
}

const noFlaw = () => null;

function probeMean(run: RunRecord, of: (dispatch: ProbedDispatch) => number): number | null {
  const dispatches = run.probe?.dispatches ?? [];
  return dispatches.length === 0
    ? null
    : dispatches.reduce((sum, one) => sum + of(one), 0) / dispatches.length;
}

const probeMetric = (
  metric: string,
  role: TimingMetric['role'],
  of: (one: ProbedDispatch) => number,
): TimingMetric => ({
  metric,
  unit: 'ms',
  role,
  higherIsBetter: false,
  delta: 0.03,
  of: (run) => probeMean(run, of),
  flaw: noFlaw,
});

/**
 * The gate is one metric, named before anything runs: with several, the chance that one of them errs grows. The rest
 * is told as exploratory and never decides.
 */
const PROBE_METRICS: readonly TimingMetric[] = [
  probeMetric('dispatch time', 'gate', (one) => one.wallMs),
  probeMetric('load phase', 'exploratory', (one) => one.loadMs),
  probeMetric('decide phase', 'exploratory', (one) => one.decideMs),
  probeMetric('apply phase', 'exploratory', (one) => one.applyMs),
  probeMetric('database time per dispatch', 'exploratory', (one) => one.databaseMs),
];

/** The metrics that runs of these generators and endpoints can be compared by, in the order they are told. */
export function timingMetrics(example: RunRecord): TimingMetric[] {
  const open = example.loads.flatMap((load) => (load.report.model === 'open' ? [load.report] : []));
  const closed = example.loads.flatMap((load) => (load.report.model === 'closed' ? [load.report] : []));
  return [...PROBE_METRICS, ...open.flatMap(openLoadMetrics), ...closed.flatMap(saturationMetrics)];
}

function openLoadMetrics(example: LoadReport): TimingMetric[] {
  const inRun = (run: RunRecord) =>
    run.loads.find((load) => load.report.generator === example.generator)?.report;
  const flaw = (run: RunRecord) => flawOfLoad(inRun(run));
  const base = { unit: 'ms', role: 'exploratory', higherIsBetter: false, flaw } as const;
  const followed: TimingMetric = {
    ...base,
    metric: `dispatch under load (${example.generator}), median`,
    delta: 0.03,
    of: (run) => inRun(run)?.dispatches.timeToCompleteMs?.p50Ms ?? null,
  };
  const endpoints = example.endpoints.flatMap(({ endpoint }): TimingMetric[] => {
    const load = (run: RunRecord) => inRun(run)?.endpoints.find((one) => one.endpoint === endpoint);
    const p50: TimingMetric = {
      ...base,
      metric: `${endpoint} p50 (${example.generator})`,
      delta: 0.03,
      of: (run) => load(run)?.latency?.p50Ms ?? null,
    };
    const p95: TimingMetric = {
      ...base,
      metric: `${endpoint} p95 (${example.generator})`,
      delta: 0.05,
      of: (run) => load(run)?.latency?.p95Ms ?? null,
      flaw: (run) => flaw(run) ?? flawOfTail(load(run)?.requests ?? 0),
    };
    return [p50, p95];
  });
  return [followed, ...endpoints];
}

function saturationMetrics(example: LoadReport): TimingMetric[] {
  const inRun = (run: RunRecord) =>
    run.loads.find((load) => load.report.generator === example.generator)?.report;
  return example.phases.map((phase) => ({
    metric: `${phase.name} throughput (${example.generator})`,
    unit: 'requests/s',
    role: 'exploratory' as const,
    higherIsBetter: true,
    delta: 0.05,
    of: (run: RunRecord) =>
      inRun(run)?.phases.find((one) => one.name === phase.name)?.throughputPerSecond ?? null,
    flaw: (run: RunRecord) => flawOfLoad(inRun(run)),
  }));
}

/** Below 20 requests the 95th percentile is the slowest single request. */
const LEAST_REQUESTS_FOR_P95 = 20;

function flawOfTail(requests: number): string | null {
  return requests < LEAST_REQUESTS_FOR_P95 ? `${requests} requests are too few for a p95` : null;
}

/** Latency of a load that did not go as planned is censored: the slowest answers are the ones that are missing. */
function flawOfLoad(report: LoadReport | undefined): string | null {
  if (!report) return 'not measured';
  if (report.droppedIterations > 0) return `${report.droppedIterations} dropped iterations`;
  if (report.exceptions > 0) return `${report.exceptions} exceptions`;
  if (report.mismatches > 0) return `${report.mismatches} wrong answers`;
  if (report.errors > 0) return `${report.errors} errors`;
  return null;
}

import type { MeasuredLoad, RunRecord } from '../../result.ts';
import type { LoadTestFact } from '../../week-record.ts';

type LoadTestRun = LoadTestFact['runs'][number];

export interface FinishedRun {
  /** Relative to the week's folder. */
  readonly folder: string;
  readonly run: RunRecord;
}

/** What the load generators reported of the runs of one scenario, a line for each run and generator. */
export function loadTestRuns(finished: readonly FinishedRun[]): LoadTestRun[] {
  return finished.flatMap(({ folder, run }) =>
    run.loads.map((load) => loadTestRun(folder, run.variant, load)),
  );
}

function loadTestRun(folder: string, variant: string, { report, thresholds }: MeasuredLoad): LoadTestRun {
  const { started, completed, timeToCompleteMs } = report.dispatches;
  return {
    ...{ variant, folder, generator: report.generator, requests: report.requests },
    errorRatio: report.requests === 0 ? 0 : report.errors / report.requests,
    droppedIterations: report.droppedIterations,
    throughputPerSecond: report.throughputPerSecond,
    endpoints: report.endpoints.map(({ endpoint, requests, latency }) => ({
      ...{ endpoint, requests },
      ...{ p50Ms: latency?.p50Ms ?? null, p95Ms: latency?.p95Ms ?? null },
    })),
    dispatches: { started, completed, p50Ms: timeToCompleteMs?.p50Ms ?? null },
    thresholds: [...thresholds],
    steps: report.phases.map(({ name, targetRatePerSecond, throughputPerSecond, p95Ms, errors }) => ({
      ...{ name, targetRatePerSecond, throughputPerSecond, p95Ms, errors },
    })),
  };
}

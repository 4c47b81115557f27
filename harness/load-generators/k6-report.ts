/** Samples, summary and log of a k6 run → its load report. Pure. */
import type { TrafficSchedule } from '../../scenarios/schedule.ts';
import type { LoadReport } from '../result.ts';
import type { K6LogDigest } from './k6-log.ts';
import type { K6Samples } from './k6-samples.ts';
import type { K6Summary } from './k6-summary.ts';
import { sortLatencies, summariseLatencies } from './latency-summary.ts';
import type { PhasePlan, TalliedLoad } from './load-tally.ts';
import { rateLimitWarnings } from './rate-limited.ts';

export interface K6Evidence {
  readonly schedule: TrafficSchedule;
  readonly version: string;
  /** `null` when the file cannot be read. */
  readonly samples: K6Samples | null;
  /** The file of the samples breaks off. */
  readonly samplesCut: boolean;
  /** `null` when k6 wrote none. */
  readonly summary: K6Summary | null;
  readonly log: Pick<K6LogDigest, 'firstException' | 'exceptionsByScenario'>;
  /** Of the log's exceptions those that no script counted. Default: what it has beyond `samples`, of this one target. */
  readonly exceptionsUncounted?: number;
  /** False where only the database shows that a dispatch has ended. Default true. */
  readonly followsDispatches?: boolean;
  readonly interrupted: boolean;
  readonly files: readonly string[];
}

export function buildK6Report(evidence: K6Evidence): LoadReport {
  const { samples, summary } = evidence;
  const load = samples === null ? loadOfSummary(summary) : tally(evidence, samples);
  const { started, ended, dropped } = samples?.measured ?? summary?.wholeRun.iterations ?? NO_ITERATIONS;
  const dispatches = samples?.dispatches ?? summary?.wholeRun.dispatches ?? NO_DISPATCHES;
  return {
    generator: 'k6',
    generatorVersion: evidence.version,
    model: 'open',
    ...load,
    droppedIterations: dropped,
    interruptedIterations: Math.max(0, started - ended),
    exceptions: countExceptions(evidence),
    dispatches: {
      ...dispatches,
      ...unended(evidence, dispatches),
      timeToCompleteMs: summariseLatencies(sortLatencies(samples?.dispatchTimesMs ?? [])),
    },
    files: [...evidence.files],
    warnings: [...evidence.schedule.notes, ...findWarnings(evidence), ...rateLimitWarnings(load)],
  };
}

function unended(
  { followsDispatches = true }: K6Evidence,
  { started, completed, failed }: K6Samples['dispatches'],
) {
  const others = Math.max(0, started - completed - failed);
  if (followsDispatches || others === 0) return { unfinished: others };
  return { unfinished: 0, unfollowed: others };
}

const NO_ITERATIONS = { started: 0, ended: 0, dropped: 0, exceptions: 0 };
const NO_DISPATCHES = { started: 0, completed: 0, failed: 0 };

/** Of the measured part: as the scripts counted them, or as k6 logged them should a script not count. */
function countExceptions({ samples, summary, log, schedule, exceptionsUncounted }: K6Evidence): number {
  const counted = samples?.measured.exceptions ?? summary?.wholeRun.iterations.exceptions ?? 0;
  return counted + (exceptionsUncounted ?? Math.max(0, exceptionsLogged(log, schedule) - counted));
}

/** Exceptions in the log of k6, of the measured part. */
export function exceptionsLogged(log: K6Evidence['log'], schedule: TrafficSchedule): number {
  return schedule.arrivals
    .filter(({ measured }) => measured)
    .reduce((sum, { id }) => sum + (log.exceptionsByScenario.get(id) ?? 0), 0);
}

/** A run that was stopped has only the phases it came to, as long as they lasted. */
function tally({ schedule, interrupted }: K6Evidence, samples: K6Samples): TalliedLoad {
  const phases = measuredPhases(schedule);
  const whole = samples.tally.finish(phases);
  if (!interrupted) return whole;
  const lastedSeconds = whole.durationMs / 1000;
  const reached = phases
    .filter(({ startSeconds }) => startSeconds < lastedSeconds)
    .map((phase) => ({
      ...phase,
      durationSeconds: Math.min(phase.durationSeconds, lastedSeconds - phase.startSeconds),
    }));
  return samples.tally.finish(reached);
}

/** The steps of the mix. Dispatches run across them and count in the totals only. */
export function measuredPhases(schedule: TrafficSchedule): PhasePlan[] {
  return schedule.arrivals
    .filter(({ measured, kind }) => measured && kind === 'mix')
    .map((step) => ({
      name: step.label,
      startSeconds: step.startSeconds - schedule.measureStartSeconds,
      durationSeconds: step.durationSeconds,
      targetRatePerSecond: 1 / step.periodSeconds,
      concurrency: null,
      endpoint: null,
    }));
}

function loadOfSummary(summary: K6Summary | null): TalliedLoad {
  const durationMs = summary?.wholeRun.durationMs ?? 0;
  const requests = summary?.requests ?? 0;
  const mismatches = summary?.wholeRun.mismatches ?? 0;
  const errors = mismatches + (summary?.wholeRun.failedRequests ?? 0);
  return {
    durationMs,
    requests,
    errors,
    mismatches,
    throughputPerSecond: durationMs === 0 ? 0 : (Math.max(0, requests - errors) / durationMs) * 1000,
    endpoints: [...(summary?.endpoints ?? [])],
    phases: [],
    series: [],
  };
}

function findWarnings(evidence: K6Evidence): string[] {
  return [
    ...fileWarnings(evidence),
    ...(evidence.samples === null ? [] : trafficWarnings(evidence, evidence.samples)),
  ];
}

function fileWarnings({ samples, samplesCut, summary, interrupted }: K6Evidence): string[] {
  const warnings: string[] = [];
  if (interrupted) warnings.push('k6 was stopped before its end: this is what it had measured');
  if (samples === null) {
    warnings.push(
      'the raw samples of k6 cannot be read: phases and the time series are not known, counts include the warm-up',
    );
  } else if (samplesCut) warnings.push('the raw samples of k6 break off: the last requests are missing');
  if (summary === null)
    warnings.push('k6 wrote no summary: its own count of the requests cannot be compared');
  else if (samples !== null && samples.tally.requests !== summary.requests) {
    warnings.push(`k6 counted ${summary.requests} requests, its raw samples hold ${samples.tally.requests}`);
  }
  return warnings;
}

function trafficWarnings(evidence: K6Evidence, samples: K6Samples): string[] {
  const { schedule, log, interrupted } = evidence;
  const { started, dropped } = samples.measured;
  const exceptions = countExceptions(evidence);
  const warnings: string[] = [];
  if (dropped > 0) {
    warnings.push(
      `${plural(dropped, 'arrival')} found no free VU: the latencies are those of the others, so they look too good`,
    );
  }
  const said = log.firstException === null ? '' : `, the first with "${log.firstException}"`;
  if (exceptions > 0) warnings.push(`${exceptions} of ${started} iterations threw${said}`);
  const planned = schedule.arrivals.reduce(
    (sum, { measured, arrivals }) => sum + (measured ? arrivals : 0),
    0,
  );
  if (!interrupted && started + dropped < planned) {
    warnings.push(
      `k6 started ${started} of ${planned} iterations: this machine did not keep up with the plan`,
    );
  }
  const { warmUp, warmUpErrors, polls } = samples;
  if (evidence.followsDispatches === false && samples.dispatches.started > 0) {
    warnings.push(
      `${plural(samples.dispatches.started, 'dispatch', 'dispatches')} started, not followed to the end: only the database tells it, and k6 cannot ask there`,
    );
  }
  if (polls.failed > 0) {
    warnings.push(`${polls.failed} of ${polls.sent} questions whether a dispatch had ended failed`);
  }
  if (warmUpErrors > 0) warnings.push(`${plural(warmUpErrors, 'request')} of the warm-up failed`);
  if (warmUp.dropped > 0)
    warnings.push(`${plural(warmUp.dropped, 'arrival')} of the warm-up found no free VU`);
  if (warmUp.exceptions > 0) {
    warnings.push(`${plural(warmUp.exceptions, 'iteration')} of the warm-up threw${said}`);
  }
  return warnings;
}

function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

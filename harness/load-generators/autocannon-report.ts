/** Samples and accounts of saturation probes → their load report. Pure. */
import type { ProbeSchedule } from '../../scenarios/probe-levels.ts';
import type { LoadReport } from '../result.ts';
import type { LevelAccount } from './autocannon-job.ts';
import type { ProbeSamples } from './autocannon-samples.ts';
import { sortLatencies, summariseLatencies } from './latency-summary.ts';
import type { PhasePlan } from './load-tally.ts';
import { rateLimitWarnings } from './rate-limited.ts';

export interface ProbeEvidence {
  readonly schedule: ProbeSchedule;
  readonly version: string;
  readonly samples: ProbeSamples;
  /** Of the levels that ended; a child that was killed leaves none. */
  readonly accounts: readonly LevelAccount[];
  readonly interrupted: boolean;
  readonly files: readonly string[];
}

export function buildProbeReport(evidence: ProbeEvidence): LoadReport {
  const { samples, accounts, schedule } = evidence;
  const { started, completed, failed, durationsMs } = samples.dispatches;
  const cutOff = accounts.reduce((sum, { inFlightAtStop }) => sum + inFlightAtStop, 0);
  const load = samples.tally.finish(levelPhases(evidence));
  return {
    generator: 'autocannon',
    generatorVersion: evidence.version,
    model: 'closed',
    ...load,
    droppedIterations: 0,
    interruptedIterations: evidence.interrupted ? cutOff : 0,
    exceptions: 0,
    dispatches: {
      started,
      completed,
      failed,
      unfinished: started - completed - failed,
      timeToCompleteMs: summariseLatencies(sortLatencies(durationsMs)),
    },
    files: [...evidence.files],
    warnings: [
      ...schedule.notes,
      ...(evidence.interrupted
        ? ['autocannon was stopped before its end: this is what it had measured']
        : []),
      ...accounts.flatMap(accountWarnings),
      ...rateLimitWarnings(load),
    ],
  };
}

/** The levels that measured something, on the clock of the samples. */
function levelPhases({ schedule, samples }: ProbeEvidence): PhasePlan[] {
  return schedule.levels.flatMap(({ name, endpointName, connections }) => {
    const span = samples.spans.get(name);
    if (span === undefined) return [];
    return {
      name,
      ...span,
      targetRatePerSecond: null,
      concurrency: connections,
      endpoint: endpointName,
    };
  });
}

/** What a level shows that its numbers do not. */
export function accountWarnings(account: LevelAccount): string[] {
  const { name, sent, answered, timedOut, lost, inFlightAtStop } = account;
  const warnings: string[] = [];
  const because = account.lastConnectionError === null ? '' : ` (${account.lastConnectionError})`;
  if (lost > 0) {
    warnings.push(`${name}: ${lost} of ${sent} requests got no answer, their connection broke${because}`);
  }
  if (account.gaveUp)
    warnings.push(`${name} was given up: the service took no connection any more${because}`);
  const known = answered + timedOut + lost + inFlightAtStop;
  if (known !== sent) {
    warnings.push(
      `${name}: ${sent} requests were sent, but ${known} are accounted for; do not trust its latencies`,
    );
  }
  return warnings;
}

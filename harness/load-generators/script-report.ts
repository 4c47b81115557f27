/** Samples and log of a k6 script of the user's own → its load report. Pure. */
import path from 'node:path';
import type { LoadReport } from '../result.ts';
import type { K6LogDigest } from './k6-log.ts';
import { SCRIPT_PHASE, type ScriptSamples } from './k6-script-samples.ts';
import { rateLimitWarnings } from './rate-limited.ts';
import type { ScriptTraffic } from './script-traffic.ts';

export interface ScriptEvidence {
  readonly plan: Pick<ScriptTraffic, 'file'>;
  readonly version: string;
  readonly samples: ScriptSamples;
  readonly samplesCut: boolean;
  readonly log: Pick<K6LogDigest, 'firstException' | 'exceptionsByScenario'>;
  readonly interrupted: boolean;
  readonly files: readonly string[];
}

/** A check that failed is a wrong answer: the script says so. Which request it was about, k6 does not tell. */
export function buildScriptReport(evidence: ScriptEvidence): LoadReport {
  const { samples, log } = evidence;
  const exceptions = [...log.exceptionsByScenario.values()].reduce((sum, count) => sum + count, 0);
  const timed = samples.tally.finish([]);
  const load = samples.tally.finish([
    {
      name: SCRIPT_PHASE,
      startSeconds: 0,
      durationSeconds: timed.durationMs / 1000,
      targetRatePerSecond: null,
      concurrency: null,
      endpoint: null,
    },
  ]);
  return {
    generator: 'k6',
    generatorVersion: evidence.version,
    model: 'open',
    ...load,
    mismatches: samples.checks.failed,
    droppedIterations: samples.dropped,
    interruptedIterations: 0,
    exceptions,
    dispatches: { started: 0, completed: 0, failed: 0, unfinished: 0, timeToCompleteMs: null },
    ownScript: path.basename(evidence.plan.file),
    files: [...evidence.files],
    warnings: [...findWarnings(evidence, exceptions), ...rateLimitWarnings(load)],
  };
}

function findWarnings(
  { samples, samplesCut, log, interrupted }: ScriptEvidence,
  exceptions: number,
): string[] {
  const warnings: string[] = [];
  if (interrupted) warnings.push('k6 was stopped before its end: this is what it had measured');
  if (samplesCut) warnings.push('the raw samples of k6 break off: the last requests are missing');
  if (samples.tally.requests === 0) warnings.push('the script sent no request outside its setup');
  if (samples.dropped > 0)
    warnings.push(
      `${samples.dropped} arrivals found no free VU: the latencies are those of the others, so they look too good`,
    );
  const said = log.firstException === null ? '' : `, the first with "${log.firstException}"`;
  if (exceptions > 0) warnings.push(`${exceptions} of ${samples.iterations} iterations threw${said}`);
  const { made, failed } = samples.checks;
  if (failed > 0) warnings.push(`${failed} of ${made} checks of the script failed`);
  return warnings;
}

/** A load generator that sends nothing: for tests of what is done with a report. Never part of a measurement. */
import { HarnessError } from '../errors.ts';
import type { LoadReport } from '../result.ts';
import { sortLatencies, summariseLatencies } from './latency-summary.ts';
import type { LoadGenerator, LoadRequest } from './load-generator.ts';
import { LoadTally } from './load-tally.ts';

export interface LoadScript {
  /** Service times by endpoint; requests are 100 ms apart. */
  readonly latenciesMs?: Readonly<Record<string, readonly number[]>>;
  /** Start → completed of each dispatch. */
  readonly dispatchTimesMs?: readonly number[];
  /** Replace what follows from the latencies. */
  readonly report?: Partial<LoadReport>;
  readonly cpuMs?: number | null;
  /** Thrown instead of reporting. */
  readonly failure?: Error;
  /** Awaited before anything else, so that a test can abort meanwhile. */
  readonly until?: Promise<void>;
}

/** Plays the scripts one after the other, the last one again and again, and keeps what it was asked. */
export function scriptedGenerator(
  ...scripts: readonly LoadScript[]
): LoadGenerator & { readonly requests: LoadRequest[] } {
  const requests: LoadRequest[] = [];
  return {
    name: 'scripted',
    version: async () => '0',
    requests,
    run: async (request) => {
      const script = scripts[Math.min(requests.length, scripts.length - 1)] ?? {};
      requests.push(request);
      await script.until;
      if (script.failure !== undefined) throw script.failure;
      if (request.signal.aborted) {
        throw new HarnessError(
          'INTERRUPTED',
          'The scripted load was stopped before it had measured a request.',
        );
      }
      return { report: scriptedReport(script), cpuMs: script.cpuMs ?? null };
    },
  };
}

function scriptedReport(script: LoadScript): LoadReport {
  const tally = new LoadTally();
  let sentAtMs = 0;
  for (const [endpoint, latencies] of Object.entries(script.latenciesMs ?? {})) {
    for (const durationMs of latencies) {
      const endedAtMs = sentAtMs + durationMs;
      tally.add({ endpoint, phase: 'scripted', endedAtMs, durationMs, waitedMs: 0, end: 'ok' });
      sentAtMs += 100;
    }
  }
  const dispatchTimesMs = script.dispatchTimesMs ?? [];
  return {
    generator: 'scripted',
    generatorVersion: '0',
    model: 'open',
    ...tally.finish([]),
    droppedIterations: 0,
    interruptedIterations: 0,
    exceptions: 0,
    dispatches: {
      started: dispatchTimesMs.length,
      completed: dispatchTimesMs.length,
      failed: 0,
      unfinished: 0,
      timeToCompleteMs: summariseLatencies(sortLatencies(dispatchTimesMs)),
    },
    files: [],
    warnings: [],
    ...script.report,
  };
}

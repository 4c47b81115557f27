/** The raw samples of saturation probes as CSV: written by the child process, read by the harness. */
import { LoadTally, type RequestEnd } from './load-tally.ts';

export interface ProbeSample {
  readonly level: string;
  readonly endpoint: string;
  /** Milliseconds of the child's clock. */
  readonly sentAtMs: number;
  /** Sent → answered, to the nanosecond; for a request without an answer, sent → given up. */
  readonly durationMs: number;
  readonly end: RequestEnd;
}

export const SAMPLES_HEADER = 'level,endpoint,sent_at_ms,duration_ms,end';

/** Names of levels and endpoints hold no comma. */
export function toCsvLine(sample: ProbeSample): string {
  const { level, endpoint, sentAtMs, durationMs, end } = sample;
  return `${level},${endpoint},${sentAtMs.toFixed(3)},${durationMs.toFixed(6)},${end}`;
}

export interface ProbeSamples {
  /** On a clock that runs only while a level is measured, so that nothing between levels looks like a stall. */
  readonly tally: LoadTally;
  /** Seconds of that clock at which each level begins and how long it lasts, by its name. */
  readonly spans: ReadonlyMap<string, { startSeconds: number; durationSeconds: number }>;
  readonly dispatches: { readonly durationsMs: number[]; started: number; completed: number; failed: number };
}

const ENDS: ReadonlySet<string> = new Set<RequestEnd>([
  'ok',
  'mismatch',
  'wrong-status',
  'rate-limited',
  'timeout',
  'lost',
]);

/** The samples of the file by level, in the order of the file; a last line that breaks off is passed over. */
export async function readLevels(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<Map<string, ProbeSample[]>> {
  const byLevel = new Map<string, ProbeSample[]>();
  for await (const line of lines) {
    const sample = parseLine(line);
    if (sample === null) continue;
    const level = byLevel.get(sample.level);
    if (level === undefined) byLevel.set(sample.level, [sample]);
    else level.push(sample);
  }
  return byLevel;
}

/** Reads the lines of the file. */
export async function readProbeSamples(
  lines: AsyncIterable<string> | Iterable<string>,
  dispatchEndpoint: string,
): Promise<ProbeSamples> {
  const byLevel = await readLevels(lines);
  const all = [...byLevel.values()].flat();
  const dispatches = all.filter(({ endpoint }) => endpoint === dispatchEndpoint);
  const completed = dispatches.filter(({ end }) => end === 'ok');
  return {
    ...joinLevels(byLevel),
    dispatches: {
      started: dispatches.length,
      completed: completed.length,
      failed: dispatches.filter(({ end }) => end === 'mismatch' || end === 'wrong-status').length,
      durationsMs: completed.map(({ durationMs }) => durationMs),
    },
  };
}

function parseLine(line: string): ProbeSample | null {
  const [level, endpoint, sentAt, duration, end] = line.split(',');
  if (level === undefined || endpoint === undefined || end === undefined || !ENDS.has(end)) return null;
  return { level, endpoint, sentAtMs: Number(sentAt), durationMs: Number(duration), end: end as RequestEnd };
}

/** @param phaseOf the phase that a level belongs to; several levels may be one */
export function joinLevels(
  byLevel: ReadonlyMap<string, readonly ProbeSample[]>,
  phaseOf: (level: string) => string = (level) => level,
): Pick<ProbeSamples, 'tally' | 'spans'> {
  const tally = new LoadTally();
  const spans = new Map<string, { startSeconds: number; durationSeconds: number }>();
  let startMs = 0;
  for (const [level, samples] of byLevel) {
    let firstMs = Number.POSITIVE_INFINITY;
    let lastMs = 0;
    for (const { sentAtMs, durationMs } of samples) {
      firstMs = Math.min(firstMs, sentAtMs);
      lastMs = Math.max(lastMs, sentAtMs + durationMs);
    }
    for (const { endpoint, sentAtMs, durationMs, end } of samples) {
      const endedAtMs = startMs + sentAtMs + durationMs - firstMs;
      tally.add({ endpoint, phase: phaseOf(level), endedAtMs, durationMs, waitedMs: 0, end });
    }
    spans.set(level, { startSeconds: startMs / 1000, durationSeconds: (lastMs - firstMs) / 1000 });
    startMs += lastMs - firstMs;
  }
  return { tally, spans };
}

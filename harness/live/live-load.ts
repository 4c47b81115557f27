/** What is told while a generator drives services: its own progress, what their sessions do, and who sets the pace. */
import type { LoadProgress } from '../load-generators/load-generator.ts';
import { processesCpuMs } from '../machine/cpu-counters.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { LoadReport } from '../result.ts';
import { BottleneckWatch } from './bottleneck.ts';
import { watchActivity } from './database-activity.ts';
import type { LiveReading, LoadReading } from './live-reading.ts';

export interface LiveLoadOptions {
  readonly server: PostgresServer;
  readonly generator: string;
  /** The services that are driven, each with its database. */
  readonly targets: readonly {
    readonly database: { readonly oid: number };
    readonly service: { readonly pids: readonly number[] };
  }[];
  onReading(reading: LiveReading): void;
}

/**
 * Does a load and tells how it goes.
 * @param work gets what to tell a generator's progress
 * @returns what `work` did, and why the generator set the pace if it did; `null` else
 */
export async function withLiveLoad<T>(
  options: LiveLoadOptions,
  work: (onProgress: (progress: LoadProgress) => void) => Promise<T>,
): Promise<{ result: T; bottleneck: string | null }> {
  const oids = options.targets.map(({ database }) => database.oid);
  const pids = options.targets.flatMap(({ service }) => service.pids);
  const activity = await watchActivity(options.server, oids);
  const bottleneck = new BottleneckWatch();
  const processors = processorsOf(pids);
  let dropped = 0;
  const onProgress = (progress: LoadProgress) => {
    const database = activity.reading();
    const droppedSince = (progress.traffic?.dropped ?? 0) - dropped;
    dropped += droppedSince;
    const sentence = bottleneck.take({
      ...{ generator: options.generator, strain: progress.strain, droppedSince },
      serviceProcessors: processors(),
      activeSessions: database?.activeSessions ?? null,
    });
    options.onReading({
      load: loadReading(options.generator, progress),
      database,
      ...(sentence === null ? {} : { bottleneck: sentence }),
    });
  };
  try {
    return { result: await work(onProgress), bottleneck: bottleneck.sentence };
  } finally {
    await activity.stop();
  }
}

/** A report that keeps the sentence which was told meanwhile. */
export function withBottleneck(report: LoadReport, bottleneck: string | null): LoadReport {
  return bottleneck === null ? report : { ...report, warnings: [...report.warnings, bottleneck] };
}

function loadReading(generator: string, progress: LoadProgress): LoadReading {
  const { elapsedMs, totalMs, note } = progress;
  return {
    ...{ generator, elapsedMs, stage: note ?? null },
    leftMs: totalMs === null ? null : Math.max(0, totalMs - elapsedMs),
    askedPerSecond: progress.askedPerSecond ?? null,
    achievedPerSecond: progress.achievedPerSecond ?? null,
    traffic: progress.traffic ?? null,
  };
}

/** Processors that processes use, of the time between the last two questions; `null` until then. */
function processorsOf(pids: readonly number[]): () => number | null {
  let last: { cpuMs: number; atMs: number } | null = null;
  let processors: number | null = null;
  const look = async () => {
    const cpuMs = await processesCpuMs(pids);
    const atMs = performance.now();
    processors =
      cpuMs === null || last === null ? null : (cpuMs - last.cpuMs) / Math.max(1, atMs - last.atMs);
    last = cpuMs === null ? null : { cpuMs, atMs };
  };
  return () => {
    void look().catch(() => {});
    return processors;
  };
}

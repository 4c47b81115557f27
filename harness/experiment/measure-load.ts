import type { HarnessError } from '../errors.ts';
import { withBottleneck, withLiveLoad } from '../live/live-load.ts';
import type { LiveReading } from '../live/live-reading.ts';
import type { LoadGenerator, LoadRequest } from '../load-generators/load-generator.ts';
import { cpuBetween, readCpu } from '../machine/cpu-counters.ts';
import { databaseLoadBetween, readAutovacuums, readDatabaseLoad } from '../postgres/database-load.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { MeasuredLoad, ThresholdResult } from '../result.ts';
import type { ErrorLimit } from '../targets/traffic.ts';
import type { FreshTarget } from './fresh-target.ts';
import { withLoadBrake } from './load-brake.ts';

export interface LoadMeasurement {
  readonly generator: LoadGenerator;
  readonly request: LoadRequest;
  readonly errorLimit: ErrorLimit;
  readonly judge: (report: MeasuredLoad['report']) => ThresholdResult[];
  /** Told how it goes, about once a second. Default: nobody is. */
  onReading?(reading: LiveReading): void;
}

export interface EndedLoad {
  readonly load: MeasuredLoad;
  /** What ended it early; `null` for one that went to its end. */
  readonly ended: HarnessError | null;
}

/** Lets a generator drive the service and reads, around it, what database and processors did. */
export async function measureLoad(
  server: PostgresServer,
  target: FreshTarget,
  measurement: LoadMeasurement,
): Promise<EndedLoad> {
  const watch = await watchTarget(server, target, server.postmasterPid);
  const { generator, request, errorLimit, judge } = measurement;
  const signal = AbortSignal.any([request.signal, target.service.ended]);
  const { result, bottleneck } = await withLiveLoad(
    {
      ...{ server, targets: [target], generator: generator.name },
      onReading: (reading) => measurement.onReading?.(reading),
    },
    (onLive) =>
      withLoadBrake(server, { signal, errorLimit }, (order) =>
        generator.run({
          ...request,
          ...order,
          onProgress: (progress) => {
            onLive(progress);
            request.onProgress?.(progress);
          },
        }),
      ),
  );
  const { cpuMs, thresholds } = result.result;
  const report = withBottleneck(result.result.report, bottleneck);
  return {
    load: { report, ...(await watch.end(cpuMs)), thresholds: thresholds ?? judge(report) },
    ended: result.ended,
  };
}

export interface TargetWatch {
  /**
   * @param generatorMs CPU time of the generator meanwhile
   * @throws HarnessError SERVICE_ENDED when the service has gone: its numbers are not kept
   */
  end(generatorMs: number | null): Promise<Pick<MeasuredLoad, 'cpu' | 'database'>>;
}

/**
 * What database and processors do for this target from now on.
 * @param postmasterPid of a server that works for this target alone, else `null`: its CPU time is then not told
 */
export async function watchTarget(
  server: PostgresServer,
  target: FreshTarget,
  postmasterPid: number | null,
): Promise<TargetWatch> {
  const watched = target.service.pids;
  const pids = { postmaster: postmasterPid, service: watched };
  const databaseBefore = await readDatabaseLoad(server, target.database.oid);
  const cpuBefore = await readCpu(pids);
  const end: TargetWatch['end'] = async (generatorMs) => {
    target.service.ended.throwIfAborted();
    const cpu = cpuBetween(cpuBefore, await readCpu(pids), generatorMs);
    const databaseAfter = await readDatabaseLoad(server, target.database.oid);
    const autovacuums = await readAutovacuums(server, target.database.name);
    const database =
      databaseBefore && databaseAfter
        ? databaseLoadBetween(databaseBefore, databaseAfter, autovacuums)
        : null;
    return { cpu, database };
  };
  return { end };
}

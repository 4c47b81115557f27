import { HarnessError } from '../errors.ts';
import type { LoadGenerator, LoadRequest } from '../load-generators/load-generator.ts';
import { cpuBetween, readCpu } from '../machine/cpu-counters.ts';
import { databaseLoadBetween, readAutovacuums, readDatabaseLoad } from '../postgres/database-load.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { MeasuredLoad, ThresholdResult } from '../result.ts';
import type { FreshTarget } from './fresh-target.ts';

export interface LoadMeasurement {
  readonly generator: LoadGenerator;
  readonly request: LoadRequest;
  readonly judge: (report: MeasuredLoad['report']) => ThresholdResult[];
}

/** Lets a generator drive the service and reads, around it, what database and processors did. */
export async function measureLoad(
  server: PostgresServer,
  target: FreshTarget,
  measurement: LoadMeasurement,
): Promise<MeasuredLoad> {
  const pids = { postmaster: server.postmasterPid, service: target.service.pid };
  const databaseBefore = await readDatabaseLoad(server, target.database.oid);
  const cpuBefore = await readCpu(pids);
  const { report, cpuMs } = await measurement.generator.run(measurement.request);
  const cpu = cpuBetween(cpuBefore, await readCpu(pids), cpuMs);
  if (cpu.serviceMs === null && process.platform === 'linux') {
    throw new HarnessError('DISPATCH_FAILED', 'The service ended while it was under load.', {
      hint: 'Its numbers are not kept. `rushhour serve --variant …` shows its messages.',
    });
  }
  const databaseAfter = await readDatabaseLoad(server, target.database.oid);
  const autovacuums = await readAutovacuums(server, target.database.name);
  return {
    report,
    cpu,
    database:
      databaseBefore && databaseAfter
        ? databaseLoadBetween(databaseBefore, databaseAfter, autovacuums)
        : null,
    thresholds: measurement.judge(report),
  };
}

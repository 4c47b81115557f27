import type pg from 'pg';
import type { CompanyDay } from '../../seed/profiles.ts';
import { HarnessError } from '../errors.ts';
import {
  costByStatement,
  lossBetween,
  type StatementCounters,
  snapshotStatements,
  statementDelta,
  sumCounters,
} from '../postgres/statement-stats.ts';
import type { Probe, ProbedDispatch } from '../result.ts';
import { logInEach, type ServiceClient } from '../service/service-client.ts';
import type { FreshTarget } from './fresh-target.ts';

export interface ProbeOptions {
  /** Company-days to dispatch, one after another; the first `warmUp` are not recorded. */
  readonly companyDays: readonly CompanyDay[];
  readonly warmUp: number;
  readonly signal: AbortSignal;
  readonly onDispatch: (done: number) => void;
}

/**
 * Runs dispatches alone, at concurrency 1, and counts the statements of each exactly. `observer` is a session in
 * another database of the server, so that reading the counters does not change them.
 */
export async function probeDispatches(
  target: FreshTarget,
  observer: pg.Client,
  options: ProbeOptions,
): Promise<Omit<Probe, 'scans'>> {
  const clientOf = await logInEach(target.service.baseUrl, options.companyDays, options.signal);
  const contaminated = !(await isQuiet(observer, target.database.oid));
  const dispatches: ProbedDispatch[] = [];
  const deltas: StatementCounters[][] = [];
  for (const [index, companyDay] of options.companyDays.entries()) {
    options.signal.throwIfAborted();
    const client = clientOf(companyDay.companyId);
    const { dispatch, delta } = await countDispatch(client, companyDay, observer, target.database.oid);
    options.onDispatch(index + 1);
    if (index < options.warmUp) continue;
    dispatches.push(dispatch);
    deltas.push(delta);
  }
  return { warmUpDispatches: options.warmUp, dispatches, statements: costByStatement(deltas), contaminated };
}

/** Nothing may run in the database while nobody asks for anything, or the counts are not those of the dispatch. */
async function isQuiet(observer: pg.Client, databaseOid: number): Promise<boolean> {
  const before = await snapshotStatements(observer, databaseOid);
  await new Promise((resolve) => setTimeout(resolve, 200));
  return statementDelta(before, await snapshotStatements(observer, databaseOid)).length === 0;
}

async function countDispatch(
  client: ServiceClient,
  companyDay: CompanyDay,
  observer: pg.Client,
  databaseOid: number,
): Promise<{ dispatch: ProbedDispatch; delta: StatementCounters[] }> {
  const before = await snapshotStatements(observer, databaseOid);
  const { run, wallMs } = await client.dispatch(companyDay.day);
  const after = await snapshotStatements(observer, databaseOid);
  const loss = lossBetween(before, after);
  if (loss) {
    throw new HarnessError('DATABASE_FAILED', `A dispatch could not be counted: ${loss}.`, {
      hint: 'Raise pg_stat_statements.max on that server, and let nobody reset it meanwhile.',
    });
  }
  const delta = statementDelta(before, after);
  const dispatch = {
    companyId: companyDay.companyId,
    day: companyDay.day,
    wallMs,
    loadMs: run.phases?.loadMs ?? 0,
    decideMs: run.phases?.decideMs ?? 0,
    applyMs: run.phases?.applyMs ?? 0,
    offered: run.offered,
    assigned: run.assigned,
    unassigned: run.unassigned,
    ...sumCounters(delta),
  };
  return { dispatch, delta };
}

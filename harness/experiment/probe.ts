import type pg from 'pg';
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
import type { Offer } from '../targets/offer.ts';
import type { Dispatcher, ServicePlace, Target } from '../targets/target.ts';

export interface ProbeOptions {
  /** Dispatched one after another; the first `warmUp` are not recorded. */
  readonly offers: readonly Offer[];
  readonly warmUp: number;
  readonly signal: AbortSignal;
  readonly onDispatch: (done: number) => void;
  /** What is odd about the service, in sentences. */
  readonly onOddity: (sentence: string) => void;
}

/**
 * Runs dispatches alone, at concurrency 1, and counts the statements of each exactly. `observer` is a session in
 * another database of the server, so that reading the counters does not change them.
 */
export async function probeDispatches(
  { target, ...place }: ServicePlace & { readonly target: Target },
  observer: pg.Client,
  options: ProbeOptions,
): Promise<Omit<Probe, 'scans'>> {
  const { offers, signal, onOddity } = options;
  const dispatcher = await target.openDispatcher(place, { offers, logins: new Map(), signal, onOddity });
  let contaminated = false;
  const dispatches: ProbedDispatch[] = [];
  const deltas: StatementCounters[][] = [];
  try {
    for (const [index, offer] of offers.entries()) {
      signal.throwIfAborted();
      // Not before the warm-up: a worker beside the service may still be starting, and has said its first words after a dispatch.
      if (index === options.warmUp) contaminated = !(await isQuiet(observer, place.database.oid));
      const { dispatch, delta } = await countDispatch(dispatcher, offer, observer, place.database.oid);
      options.onDispatch(index + 1);
      if (index < options.warmUp) continue;
      dispatches.push(dispatch);
      deltas.push(delta);
    }
  } finally {
    dispatcher.close();
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
  dispatcher: Dispatcher,
  offer: Offer,
  observer: pg.Client,
  databaseOid: number,
): Promise<{ dispatch: ProbedDispatch; delta: StatementCounters[] }> {
  const before = await snapshotStatements(observer, databaseOid);
  const answer = await dispatcher.dispatch(offer);
  const after = await snapshotStatements(observer, databaseOid);
  const loss = lossBetween(before, after);
  if (loss) {
    throw new HarnessError('DATABASE_FAILED', `A dispatch could not be counted: ${loss}.`, {
      hint: 'Raise pg_stat_statements.max on that server, and let nobody reset it meanwhile.',
    });
  }
  const delta = statementDelta(before, after);
  const dispatch = {
    offer: offer.key,
    wallMs: answer.wallMs,
    loadMs: answer.phases?.loadMs ?? null,
    decideMs: answer.phases?.decideMs ?? null,
    applyMs: answer.phases?.applyMs ?? null,
    offered: answer.offered,
    assigned: answer.assigned,
    unassigned: answer.unassigned,
    ...sumCounters(delta),
  };
  return { dispatch, delta };
}

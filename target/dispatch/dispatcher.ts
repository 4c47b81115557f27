import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { openSession, type Queryable, type Session } from '../database.ts';
import { describeError, type Log } from '../log.ts';
import { type CompanyDay, epochDay } from '../service-day.ts';
import type { DataAccess } from '../variants/data-access.ts';
import { assignDrivers } from './assign-drivers.ts';
import { type DispatchOutcome, type DispatchRun, failRun, finishRun, startRun } from './dispatch-run.ts';

/** The company-day is being dispatched already. */
export class DispatchConflictError extends Error {
  constructor({ companyId, day }: CompanyDay) {
    super(`Company ${companyId} is already being dispatched for ${day}.`);
    this.name = 'DispatchConflictError';
  }
}

export interface DispatchStart {
  /** As it was when it began. */
  readonly run: DispatchRun;
  /** The run when it has ended, completed or failed. Never rejects. */
  readonly finished: Promise<DispatchRun>;
}

export interface Dispatcher {
  /** @throws DispatchConflictError */
  start(companyDay: CompanyDay, requestedBy: number): Promise<DispatchStart>;
  /** Waits until no dispatch runs. */
  idle(): Promise<void>;
}

interface DispatcherParts {
  readonly pool: pg.Pool;
  readonly access: DataAccess;
  readonly log: Log;
}

/** Runs dispatches, each on one connection of its own, which also holds the company-day's lock. */
export function createDispatcher({ pool, access, log }: DispatcherParts): Dispatcher {
  const running = new Map<number, Promise<DispatchRun>>();

  async function start(companyDay: CompanyDay, requestedBy: number): Promise<DispatchStart> {
    const session = await openSession(pool);
    const run = await beginRun(session, companyDay, requestedBy);
    const finished = execute(session, run, companyDay).finally(() => running.delete(run.id));
    running.set(run.id, finished);
    return { run, finished };
  }

  async function execute(session: Session, run: DispatchRun, companyDay: CompanyDay): Promise<DispatchRun> {
    try {
      const outcome = await dispatch(session.client, access, run.id, companyDay);
      const ended = await finishRun(session.client, run.id, outcome);
      session.release(!(await unlock(session.client, companyDay)));
      return ended;
    } catch (error) {
      // The connection may be inside a transaction, or dead. Closing it rolls back and frees the lock either way.
      session.release(true);
      return recordFailure(run, error);
    }
  }

  async function recordFailure(run: DispatchRun, error: unknown): Promise<DispatchRun> {
    const { error: reason } = describeError(error);
    log('error', 'a dispatch failed', { runId: run.id, companyId: run.companyId, ...describeError(error) });
    await failRun(pool, run.id, reason).catch((failure) => {
      log('error', 'a failed dispatch could not be recorded', { runId: run.id, ...describeError(failure) });
    });
    return { ...run, status: 'failed', error: reason };
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running.values());
  }

  return { start, idle };
}

async function beginRun(session: Session, companyDay: CompanyDay, requestedBy: number): Promise<DispatchRun> {
  try {
    if (!(await tryLock(session.client, companyDay))) throw new DispatchConflictError(companyDay);
    return await startRun(session.client, companyDay, requestedBy);
  } catch (error) {
    session.release(!(error instanceof DispatchConflictError));
    throw error;
  }
}

/** Load, decide, apply: the same three steps in every variant. */
async function dispatch(
  db: Queryable,
  access: DataAccess,
  runId: number,
  companyDay: CompanyDay,
): Promise<DispatchOutcome> {
  const startedAt = performance.now();
  const input = await access.loadDispatch(db, companyDay);
  const loadedAt = performance.now();
  const plan = assignDrivers(input);
  const decidedAt = performance.now();
  const assigned = await access.applyAssignments(db, runId, plan.assignments);
  const appliedAt = performance.now();
  return {
    offered: input.bookings.length,
    assigned,
    phases: {
      loadMs: loadedAt - startedAt,
      decideMs: decidedAt - loadedAt,
      applyMs: appliedAt - decidedAt,
    },
  };
}

/** A session's advisory lock: it outlives the transactions of a dispatch and dies with its connection. */
async function tryLock(db: Queryable, { companyId, day }: CompanyDay): Promise<boolean> {
  const { rows } = await db.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS locked', [
    companyId,
    epochDay(day),
  ]);
  return rows[0]?.locked === true;
}

/** @returns false when it failed: the work is done and recorded, but the connection must be closed to free the lock */
async function unlock(db: Queryable, { companyId, day }: CompanyDay): Promise<boolean> {
  return db.query('SELECT pg_advisory_unlock($1, $2)', [companyId, epochDay(day)]).then(
    () => true,
    () => false,
  );
}

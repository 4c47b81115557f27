import type pg from 'pg';
import { preciseCpuMs, preciseCpuMsOf } from '../machine/cpu-counters.ts';
import { lossBetween, snapshotStatements, statementDelta, sumCounters } from '../postgres/statement-stats.ts';
import type { Round, Slice } from '../result.ts';
import type { Offer } from '../targets/offer.ts';
import type { DispatchAnswer, Dispatcher } from '../targets/target.ts';
import type { FreshTarget } from './fresh-target.ts';
import { planSlices } from './slices.ts';

export interface RoundOptions {
  /** Dispatched in this order on every arm; the first `warmUp` are not recorded. */
  readonly offers: readonly Offer[];
  readonly warmUp: number;
  readonly dispatches: number;
  readonly sliceSize: number;
  readonly randomSeed: number;
  readonly signal: AbortSignal;
  readonly onDispatch: (done: number, total: number) => void;
}

/** A target whose offers are logged in for. */
export interface DispatchedTarget extends FreshTarget {
  readonly dispatcher: Dispatcher;
}

/**
 * The heart of a pair: all targets are up, and slices of dispatches alternate between them, one dispatch at a time, so
 * that at any moment only one of them works. Counters are read before the first recorded slice and after the last.
 *
 * @param observer a session in another database of the server; `null` where statements cannot be counted
 * @returns the rounds in the order of the targets
 */
export async function measureRounds(
  targets: readonly DispatchedTarget[],
  observer: pg.Client | null,
  options: RoundOptions,
): Promise<Round[]> {
  const dispatchers = targets.map(({ dispatcher }) => dispatcher);
  const total = targets.length * (options.warmUp + options.dispatches);
  let done = 0;
  const run = (first: number, dispatches: number, randomSeed: number) =>
    runSlices(dispatchers, { ...options, first, dispatches, randomSeed }, () =>
      options.onDispatch(++done, total),
    );
  const startedMs = performance.now();
  await run(0, options.warmUp, options.randomSeed + 1);
  const warmUpMs = performance.now() - startedMs;
  const before = await readCounters(targets, observer);
  const recordedFromMs = performance.now();
  const { slices, outcomes } = await run(options.warmUp, options.dispatches, options.randomSeed);
  const pairLoadMs = warmUpMs + (performance.now() - recordedFromMs);
  const after = await readCounters(targets, observer);
  return targets.map((_, arm) => ({
    warmUpDispatches: options.warmUp,
    sliceSize: options.sliceSize,
    slices: slices[arm] ?? [],
    dispatches: outcomes[arm]?.length ?? 0,
    assigned: (outcomes[arm] ?? []).reduce((sum, one) => sum + one.assigned, 0),
    phases: sumOfPhases(outcomes[arm] ?? []),
    pairLoadMs,
    ...countersBetween(before[arm], after[arm]),
  }));
}

/** `null` when the service does not time itself. */
function sumOfPhases(dispatches: readonly DispatchAnswer[]): Round['phases'] {
  const sum = { loadMs: 0, decideMs: 0, applyMs: 0 };
  for (const { phases } of dispatches) {
    if (phases === null) return null;
    sum.loadMs += phases.loadMs;
    sum.decideMs += phases.decideMs;
    sum.applyMs += phases.applyMs;
  }
  return sum;
}

async function runSlices(
  dispatchers: readonly Dispatcher[],
  options: RoundOptions & { readonly first: number },
  onDispatch: () => void,
): Promise<{ slices: Slice[][]; outcomes: DispatchAnswer[][] }> {
  const slices: Slice[][] = dispatchers.map(() => []);
  const outcomes: DispatchAnswer[][] = dispatchers.map(() => []);
  const startedMs = performance.now();
  for (const [position, { arm, from, to }] of planSlices({
    ...options,
    arms: dispatchers.length,
  }).entries()) {
    options.signal.throwIfAborted();
    const sliceStartedMs = performance.now() - startedMs;
    const dispatched: DispatchAnswer[] = [];
    for (const offer of options.offers.slice(from, to)) {
      dispatched.push(await (dispatchers[arm] as Dispatcher).dispatch(offer));
      onDispatch();
    }
    outcomes[arm]?.push(...dispatched);
    slices[arm]?.push({
      position,
      startedMs: micro(sliceStartedMs),
      dispatchMs: dispatched.map((one) => micro(one.wallMs)),
    });
  }
  return { slices, outcomes };
}

/** To the microsecond: digits beyond it are of the clock's representation, not of its reading. */
function micro(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

interface Counters {
  readonly statements: Awaited<ReturnType<typeof snapshotStatements>> | null;
  readonly serviceCpuMs: number | null;
  /** By pid: a session that has come meanwhile began at zero. */
  readonly backendCpuMs: ReadonlyMap<number, number>;
}

async function readCounters(
  targets: readonly FreshTarget[],
  observer: pg.Client | null,
): Promise<Counters[]> {
  const counters: Counters[] = [];
  for (const target of targets) {
    const pids = observer ? await backendsOf(observer, target.database.oid) : [];
    counters.push({
      statements: observer ? await snapshotStatements(observer, target.database.oid) : null,
      serviceCpuMs: await preciseCpuMsOf(target.service.pids),
      backendCpuMs: new Map(
        await Promise.all(pids.map(async (pid) => [pid, (await preciseCpuMs(pid)) ?? 0] as const)),
      ),
    });
  }
  return counters;
}

async function backendsOf(observer: pg.Client, databaseOid: number): Promise<number[]> {
  const { rows } = await observer.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE datid = $1 AND backend_type = 'client backend'",
    [databaseOid],
  );
  return rows.map((row) => row.pid);
}

function countersBetween(before: Counters | undefined, after: Counters | undefined) {
  const delta =
    before?.statements && after?.statements && lossBetween(before.statements, after.statements) === null
      ? sumCounters(statementDelta(before.statements, after.statements))
      : null;
  const backendMs = [...(after?.backendCpuMs ?? [])].reduce(
    (sum, [pid, ms]) => sum + ms - (before?.backendCpuMs.get(pid) ?? 0),
    0,
  );
  const serviceMs =
    before?.serviceCpuMs == null || after?.serviceCpuMs == null
      ? null
      : after.serviceCpuMs - before.serviceCpuMs;
  return {
    databaseMs: delta?.databaseMs ?? null,
    queries: delta?.queries ?? null,
    serviceCpuMs: serviceMs,
    backendCpuMs: backendMs > 0 ? backendMs : null,
  };
}

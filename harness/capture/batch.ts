import type { Portal } from './prepared-statements.ts';
import { transactionAfter } from './transaction-state.ts';
import type { CapturedStatement, Exchange, TransactionState } from './transcript.ts';

/** What was heard of a session up to a ReadyForQuery. `exchange` of a statement is its place in this batch. */
export interface Batch {
  readonly exchanges: readonly Exchange[];
  readonly statements: readonly CapturedStatement[];
}

export type Outcome = Pick<
  CapturedStatement,
  'protocol' | 'command' | 'rows' | 'sqlState' | 'startedMs' | 'endedMs'
>;

/** Collects batches of one session. */
export function batchRecorder(session: number) {
  let transaction: TransactionState = 'idle';
  let exchanges: Exchange[] = [];
  let statements: CapturedStatement[] = [];
  let openSinceMs: number | null = null;

  return {
    /** A request that was sent at this time is being answered. */
    open(sentMs: number): void {
      openSinceMs ??= sentMs;
    },
    isOpen: (): boolean => openSinceMs !== null,
    add({ text, parameters, parameterTypes }: Omit<Portal, 'fetched'>, outcome: Outcome): void {
      const transactionBefore = transaction;
      transaction = transactionAfter(transactionBefore, text, outcome.sqlState !== null);
      statements.push({
        ...{ session, exchange: exchanges.length, text, parameters, parameterTypes },
        ...outcome,
        ...{ transactionBefore, transactionAfter: transaction },
      });
    },
    /** The last statement's commit failed, after it was completed itself: nothing of it stays. */
    failCommit(sqlState: string): void {
      const last = statements.pop();
      if (last) statements.push({ ...last, command: null, rows: null, sqlState });
    },
    /** The client has all it waited for. */
    endExchange(endedMs: number): void {
      if (openSinceMs !== null) exchanges.push({ session, startedMs: openSinceMs, endedMs });
      openSinceMs = null;
    },
    /** The server is ready for the next batch and tells the transaction's true state. */
    take(state: TransactionState): Batch {
      const last = statements.pop();
      if (last) statements.push({ ...last, transactionAfter: state });
      transaction = state;
      const batch = { exchanges, statements };
      exchanges = [];
      statements = [];
      return batch;
    },
  };
}

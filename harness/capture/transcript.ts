/** What a service said to its database, as the tap between them saw it. Times are milliseconds since the tap began. */

/** A parameter as the service sent it. `null` is SQL NULL. Binary ones are in the type's own wire format. */
export type CapturedParameter = string | { readonly binary: Uint8Array } | null;

/** State of the session's transaction as ReadyForQuery tells it (protocol manual, message formats). */
export type TransactionState = 'idle' | 'open' | 'failed';

/** One statement that was executed. A message with several statements makes several of these. */
export interface CapturedStatement {
  /** Number of the session, from 1 in the order they connected. */
  readonly session: number;
  /** Place of its exchange in {@link Transcript.exchanges}: statements that were pipelined share one. */
  readonly exchange: number;
  /** As it was sent, whole: comments, literals and all. */
  readonly text: string;
  readonly protocol: 'simple' | 'extended';
  readonly parameters: readonly CapturedParameter[];
  /** Type OIDs that the service named when it prepared the statement; 0 or missing: left to the server. */
  readonly parameterTypes: readonly number[];
  /** From CommandComplete, `SELECT`, `INSERT`, `COPY`, `BEGIN` …; null when it failed. */
  readonly command: string | null;
  /** Rows returned or written as CommandComplete counts them; null for commands that count none. */
  readonly rows: number | null;
  /** SQLSTATE when it failed. */
  readonly sqlState: string | null;
  readonly transactionBefore: TransactionState;
  readonly transactionAfter: TransactionState;
  /** When its Execute or Query reached the tap, and when its CommandComplete or error came back. */
  readonly startedMs: number;
  readonly endedMs: number;
}

/** One wait for the database: from the first message of a batch to the ReadyForQuery, or the answer to a Flush, that ends it. */
export interface Exchange {
  readonly session: number;
  readonly startedMs: number;
  readonly endedMs: number;
}

export interface Transcript {
  /** In the order they were started; of one session in the order they were executed. */
  readonly statements: readonly CapturedStatement[];
  /** Round trips: each is one wait of the service. */
  readonly exchanges: readonly Exchange[];
  /** What could not be followed (an encrypted session, a replication session, function calls), in words; empty when all was. */
  readonly blindSpots: readonly string[];
}

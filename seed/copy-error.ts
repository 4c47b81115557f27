import pg from 'pg';

/** Why a load failed. */
export type CopyFailure =
  | 'not-empty' // the database has tables already
  | 'rejected' // PostgreSQL refused a row or a statement
  | 'disk-full'
  | 'connection-lost'
  | 'stalled' // PostgreSQL took no more bytes for too long
  | 'source-failed' // the rows could not be made
  | 'aborted';

const HINTS: Readonly<Record<CopyFailure, string>> = {
  'not-empty': 'Seed into a new database; this one was not touched.',
  rejected:
    'Read what PostgreSQL says. If the schema is target/schema.sql as it came, report this with profile and random seed.',
  'disk-full':
    'Free disk space where PostgreSQL keeps its data, or choose a smaller dataset, and seed again.',
  'connection-lost': 'PostgreSQL stopped or the network broke: look into its log, then seed again.',
  stalled: 'Look for a lock or a frozen disk on the server, then seed again.',
  'source-failed': 'This is a fault of the generator: report it with profile and random seed.',
  aborted: 'Seed again when you are ready.',
};

export interface CopyErrorDetails {
  /** What was being done, for example `COPY booking`. */
  readonly step: string;
  readonly table?: string | null;
  readonly failure: CopyFailure;
  /** Rows of the table handed over before it failed; the server may have seen fewer. */
  readonly rowsSent?: number;
  /** What became of the rows, as a sentence. */
  readonly outcome?: string;
  readonly cause: unknown;
}

/** A load that failed. `message` says where, why and what became of the rows; `hint` says what to do. */
export class CopyError extends Error {
  readonly step: string;
  readonly table: string | null;
  readonly failure: CopyFailure;
  /** Line of the COPY data that PostgreSQL complained about, from 1, or null if it named none. */
  readonly line: number | null;
  readonly rowsSent: number | null;
  /** PostgreSQL's error code (manual, appendix A), or null when the error is not PostgreSQL's. */
  readonly sqlState: string | null;
  readonly hint: string;

  constructor(details: CopyErrorDetails) {
    const { step, failure, cause } = details;
    const rowsSent = details.rowsSent ?? null;
    const line = lineOf(cause);
    const sqlState = sqlStateOf(cause);
    const place =
      line === null ? (rowsSent === null ? '' : ` after about ${rowsSent} rows`) : ` at line ${line}`;
    const code = sqlState === null ? '' : ` (SQLSTATE ${sqlState})`;
    const outcome = details.outcome ?? 'Nothing was loaded.';
    super(`${step} failed${place}: ${reasonOf(failure, cause)}${code}. ${outcome}`, { cause });
    this.name = 'CopyError';
    this.step = step;
    this.table = details.table ?? null;
    this.failure = failure;
    this.line = line;
    this.rowsSent = rowsSent;
    this.sqlState = sqlState;
    this.hint = HINTS[failure];
  }
}

/** SQLSTATE of an error sent by PostgreSQL. Node's errors have codes too; `EPIPE` even looks like a SQLSTATE. */
function sqlStateOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

const DISK_FULL = '53100';
/** Class 57 codes that end the session: admin_shutdown, crash_shutdown, cannot_connect_now, … */
const SHUTDOWN = /^57P0/;
/** Class 08: connection exception. */
const CONNECTION = /^08/;

/** What pg says of a statement that is asked for after the connection broke between two. */
const NOT_QUERYABLE = /Client has encountered a connection error and is not queryable/;

/** What kind of failure an error means that ended a statement of this client. */
export function failureOf(error: unknown, client: pg.Client): CopyFailure {
  const sqlState = sqlStateOf(error);
  // Neither a broken socket nor the maker of the rows says who it was; the socket's state does, and pg before the next statement.
  if (sqlState === null)
    return client.connection.stream.destroyed || NOT_QUERYABLE.test(String(error))
      ? 'connection-lost'
      : 'source-failed';
  if (sqlState === DISK_FULL) return 'disk-full';
  return SHUTDOWN.test(sqlState) || CONNECTION.test(sqlState) ? 'connection-lost' : 'rejected';
}

/** The context PostgreSQL gives: `COPY booking, line 123, column passengers: "x"`. */
function lineOf(error: unknown): number | null {
  const match = error instanceof pg.DatabaseError ? /\bline (\d+)/.exec(error.where ?? '') : null;
  return match ? Number(match[1]) : null;
}

function reasonOf(failure: CopyFailure, cause: unknown): string {
  if (failure === 'aborted') return 'it was interrupted';
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/\.$/, '');
}

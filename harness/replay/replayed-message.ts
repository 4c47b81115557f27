import type pg from 'pg';
import type { CapturedStatement } from '../capture/transcript.ts';
import { messageOf } from '../errors.ts';
import { ResultDigest } from './result-digest.ts';

/** What one statement did when it was replayed. */
export interface StatementOutcome {
  /** Rows returned or written as CommandComplete counts them; null for commands that count none, or when it failed. */
  readonly rows: number | null;
  /** Of the rows returned, whatever their order; null when none was. */
  readonly resultDigest: string | null;
  /** SQLSTATE when it failed. */
  readonly sqlState: string | null;
}

/** Gets the values of a row as the server wrote them in text. */
export type RowListener = (row: readonly (string | null)[]) => void;

/** The part of pg's connection that a query of one's own speaks with. */
interface Wire {
  query(text: string): void;
  parse(message: { text: string; name: string; types: readonly number[] }): void;
  bind(message: { portal: string; statement: string; values: unknown[]; binary: boolean }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}

/**
 * Sends one captured message as it was sent: the simple protocol as Query, the extended one as Parse, Bind, Execute with
 * parameters and types untouched. pg's own query would read values by their types and write them anew.
 */
class MessageQuery implements pg.Submittable {
  readonly #statement: CapturedStatement;
  readonly #settle: (outcome: StatementOutcome[] | Error) => void;
  readonly #outcomes: StatementOutcome[] = [];
  readonly #onRow: RowListener | undefined;
  #rows = new ResultDigest();

  constructor(
    statement: CapturedStatement,
    settle: (outcome: StatementOutcome[] | Error) => void,
    onRow: RowListener | undefined,
  ) {
    this.#statement = statement;
    this.#settle = settle;
    this.#onRow = onRow;
  }

  submit(connection: unknown): void {
    const wire = connection as Wire;
    const { text, protocol, parameters, parameterTypes } = this.#statement;
    if (protocol === 'simple') {
      wire.query(text);
      return;
    }
    wire.parse({ text, name: '', types: parameterTypes });
    wire.bind({ portal: '', statement: '', values: parameters.map(boundValue), binary: false });
    wire.describe({ type: 'P', name: '' });
    wire.execute({ portal: '', rows: 0 });
    wire.sync();
  }

  handleRowDescription(): void {}

  handleDataRow(message: { fields: (string | null)[] }): void {
    this.#rows.add(message.fields);
    this.#onRow?.(message.fields);
  }

  handleCommandComplete(message: { text: string }): void {
    this.#outcomes.push({
      rows: rowsOfTag(message.text),
      resultDigest: this.#rows.digest(),
      sqlState: null,
    });
    this.#rows = new ResultDigest();
  }

  handleEmptyQuery(): void {
    this.#outcomes.push({ rows: null, resultDigest: null, sqlState: null });
  }

  handleCopyInResponse(connection: unknown): void {
    (connection as Wire).sendCopyFail('rushhour does not replay COPY data');
  }

  handlePortalSuspended(): void {}

  handleError(error: Error & { code?: string }): void {
    // SQLSTATE has five characters; without one it is the connection that failed.
    if (error.code?.length !== 5) this.#settle(error);
    else this.#settle([...this.#outcomes, { rows: null, resultDigest: null, sqlState: error.code }]);
  }

  handleReadyForQuery(): void {
    this.#settle(this.#outcomes);
  }
}

function boundValue(parameter: CapturedStatement['parameters'][number]): string | Buffer | null {
  return parameter === null || typeof parameter === 'string' ? parameter : Buffer.from(parameter.binary);
}

/** The count in a command tag: `INSERT 0 5` is 5, `SELECT 3` is 3, `BEGIN` has none. */
function rowsOfTag(tag: string): number | null {
  const count = /(\d+)$/.exec(tag)?.[1];
  return count === undefined ? null : Number(count);
}

/**
 * Sends a captured message and waits for its end. A simple message with several statements gives one outcome for each
 * that was executed.
 *
 * @throws Error when the connection fails; an error of the statement is an outcome
 */
export function sendMessage(
  client: pg.Client,
  statement: CapturedStatement,
  onRow?: RowListener,
): Promise<StatementOutcome[]> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: StatementOutcome[] | Error) =>
      outcome instanceof Error
        ? reject(new Error(`the session broke: ${messageOf(outcome)}`, { cause: outcome }))
        : resolve(outcome);
    client.query(new MessageQuery(statement, settle, onRow));
  });
}

import pg from 'pg';
import { CopyError } from '../../seed/copy-error.ts';
import { HarnessError, messageOf } from '../errors.ts';

export interface FailedTable {
  /** As the config calls it. */
  readonly key: string;
  /** Where it stands in the config; of a column when one is named. */
  place(key: string, column?: string): string;
  /** What a row, counted from 1, was made from. */
  entityOfRow(row: number): string | null;
}

/**
 * The error of a load that PostgreSQL refused or broke off, in words of the config: table, row, column, and what the server said.
 * @param table being filled; `null` when it was not in a COPY
 */
export function loadFailure(error: unknown, table: FailedTable | null): HarnessError {
  const cause = error instanceof CopyError ? error.cause : error;
  if (!(cause instanceof pg.DatabaseError) || !table) {
    const what = table ? `${table.place(table.key)}: ` : '';
    const hint =
      error instanceof CopyError ? error.hint : 'Look into the log of PostgreSQL, then start again.';
    const said = cause instanceof pg.DatabaseError ? serverWords(cause) : messageOf(error);
    return new HarnessError('COPY_FAILED', `${what}${said}${nothingLoaded(said)}`, { cause: error, hint });
  }
  const row = Number(/\bline (\d+)/.exec(cause.where ?? '')?.[1] ?? 0);
  const column = cause.column ?? /\bcolumn ([^:]+):/.exec(cause.where ?? '')?.[1] ?? '';
  const entity = row > 0 ? table.entityOfRow(row) : null;
  const which = row > 0 ? ` row ${row}${entity === null ? '' : ` (made from ${entity})`}` : ' the rows';
  return new HarnessError(
    'COPY_FAILED',
    `${table.place(table.key, column)}: PostgreSQL refused${which}: ${serverWords(cause)} Nothing was loaded.`,
    { cause: error, hint: 'Mend the mapping in `dataset.rows`, or the schema, and start again.' },
  );
}

/** "message (SQLSTATE 23503). Detail." */
export function serverWords({ message, code, detail }: pg.DatabaseError): string {
  const plain = message.replace(/\.$/, '');
  return `${plain} (SQLSTATE ${code}).${detail ? ` ${detail}` : ''}`;
}

function nothingLoaded(said: string): string {
  return said.endsWith('Nothing was loaded.') ? '' : ' Nothing was loaded.';
}

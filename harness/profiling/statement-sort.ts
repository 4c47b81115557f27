import { isQuery, tablesWritten } from '../experiment/statement-text.ts';

/** What a statement is for, as far as its loops are judged differently. */
export type StatementSort = 'read' | 'write' | 'transaction' | 'savepoint' | 'other';

const SAVEPOINT = /^(?:SAVEPOINT|RELEASE|ROLLBACK\s+(?:WORK\s+|TRANSACTION\s+)?TO)\b/i;
const TRANSACTION = /^(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SET\s+TRANSACTION)\b/i;
const COPY_IN = /^COPY\b[\s\S]*\bFROM\b/i;

export function sortOf(statement: string): StatementSort {
  if (SAVEPOINT.test(statement)) return 'savepoint';
  if (TRANSACTION.test(statement)) return 'transaction';
  if (COPY_IN.test(statement) || tablesWritten(statement).size > 0) return 'write';
  return isQuery(statement) ? 'read' : 'other';
}

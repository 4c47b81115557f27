import { tablesWritten } from '../experiment/statement-text.ts';
import { groupBy } from '../group-by.ts';
import { statementIdentity } from './statement-identity.ts';
import type { CapturedStatement } from './transcript.ts';

/**
 * Transactions that wrote and ended well: the COMMIT of an explicit one in which something was written, or a writing statement
 * outside of one, together with all that was sent along in its batch, which is one transaction (manual: "Pipelining",
 * "Multiple Statements in a Simple Query"). What a function writes that a SELECT calls is not seen.
 */
export function commitsOf(statements: readonly CapturedStatement[]): number {
  const failedExchanges = new Set(
    statements.filter(({ command }) => command === null).map(({ exchange }) => exchange),
  );
  const committedExchanges = new Set<number>(); // outside of an explicit transaction
  let commits = 0;
  for (const ofSession of groupBy(statements, ({ session }) => session).values()) {
    let hasWritten = false; // in the explicit transaction
    for (const statement of ofSession) {
      const { command, exchange, transactionBefore, transactionAfter } = statement;
      if (transactionBefore === 'idle' && transactionAfter === 'idle') {
        if (wrote(statement) && !failedExchanges.has(exchange)) committedExchanges.add(exchange);
      } else if (wrote(statement)) hasWritten = true;
      else if (command === 'COMMIT' && hasWritten) commits++;
      if (transactionAfter === 'idle') hasWritten = false;
    }
  }
  return commits + committedExchanges.size;
}

function wrote({ text, command, rows }: CapturedStatement): boolean {
  if (command === null || rows === 0) return false;
  if (/^(?:INSERT|UPDATE|DELETE|MERGE)$/.test(command)) return true;
  const identity = statementIdentity(text);
  if (command === 'COPY') return /^COPY (?!\().*\bFROM\b/.test(identity);
  return (
    tablesWritten(identity).size > 0 ||
    /^(?:CREATE|ALTER|DROP|TRUNCATE|REFRESH|GRANT|REVOKE)\b/i.test(identity)
  );
}

import { statementIdentity } from '../capture/statement-identity.ts';
import { tablesWritten } from '../experiment/statement-text.ts';
import type { ProfiledDispatch } from '../profiling/profiled-dispatches.ts';

type Heard = Pick<ProfiledDispatch, 'assigned' | 'counted' | 'transcript'>;

/**
 * The tables that apply writes, of a service whose tables are not known: those that one dispatch wrote at least a row of for each
 * assignment, or all that it wrote where none is. The statement parser must have been loaded.
 */
export function appliedTables({ assigned, counted, transcript }: Heard): string[] {
  const calls = writesByTable(
    transcript.statements.map(({ text }) => ({ text: statementIdentity(text), times: 1 })),
  );
  // Statements that write many rows at once are told by the rows that the server has counted.
  const rows = writesByTable((counted ?? []).map((one) => ({ text: one.text, times: one.rows })));
  const all = [...new Set([...calls.keys(), ...rows.keys()])].sort();
  const perAssignment = all.filter(
    (table) => Math.max(calls.get(table) ?? 0, rows.get(table) ?? 0) >= Math.max(1, assigned),
  );
  return perAssignment.length > 0 ? perAssignment : all;
}

function writesByTable(
  statements: readonly { readonly text: string; readonly times: number }[],
): ReadonlyMap<string, number> {
  const writes = new Map<string, number>();
  for (const { text, times } of statements)
    for (const table of tablesWritten(text)) writes.set(table, (writes.get(table) ?? 0) + times);
  return writes;
}

import { formatCount, formatDuration, shorten } from '../../quantity.ts';
import type { PairedStatement, StatementPerDispatch } from '../statement-costs.ts';
import { type Cell, type Table, table } from './blocks.ts';

const MOST_STATEMENTS = 12;
const STATEMENT_LETTERS = 110;

/** A statement on one line of a table or a sentence. */
export function shortStatement(text: string): string {
  return shorten(text, STATEMENT_LETTERS);
}

/** Statements of the only variant; `null` when none was counted. */
export function singleStatementTable(statements: readonly StatementPerDispatch[]): Table | null {
  return table(
    'Statements of one dispatch, most often run first',
    ['Statement', 'Calls', 'Rows', 'Blocks', 'Database time'],
    statements
      .slice(0, MOST_STATEMENTS)
      .map(({ text, calls, rows, blocks, databaseMs }) => [
        statementCell(text),
        formatCount(calls),
        formatCount(rows),
        formatCount(blocks),
        formatDuration(databaseMs),
      ]),
    { note: cutNote(statements.length) },
  );
}

/** Statements of two variants side by side; `null` when none was counted. */
export function pairedStatementTable(
  rows: readonly PairedStatement[],
  { baseline, candidate }: { baseline: string; candidate: string },
): Table | null {
  return table(
    'Statements of one dispatch: how often each variant runs them',
    [
      'Statement',
      `Calls, ${baseline}`,
      `Calls, ${candidate}`,
      `Blocks, ${baseline}`,
      `Blocks, ${candidate}`,
      `Time, ${baseline}`,
      `Time, ${candidate}`,
    ],
    rows
      .slice(0, MOST_STATEMENTS)
      .map(({ text, before, after }) => [
        statementCell(text),
        formatCount(before.calls),
        formatCount(after.calls),
        formatCount(before.blocks),
        formatCount(after.blocks),
        before.calls === 0 ? '–' : formatDuration(before.databaseMs),
        after.calls === 0 ? '–' : formatDuration(after.databaseMs),
      ]),
    { note: cutNote(rows.length), folded: true },
  );
}

function statementCell(text: string): Cell {
  return { kind: 'code', text: shortStatement(text) };
}

function cutNote(statements: number): string | null {
  return statements > MOST_STATEMENTS
    ? `The ${MOST_STATEMENTS} most often run of ${formatCount(statements)} recorded statements.`
    : null;
}

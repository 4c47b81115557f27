import { formatChange } from '../../change.ts';
import { formatBytes, formatCount, formatDuration, shorten } from '../../quantity.ts';
import type { ChartSet } from '../chart-set.ts';
import {
  type DispatchSummary,
  dispatchSummary,
  type StatementPerDispatch,
  statementsPerDispatch,
} from '../dispatch-summary.ts';
import { mainVariants, type ReportInput, variantRuns } from '../report-input.ts';
import { type Block, blocks, type Cell, type Section, type Table, table } from './blocks.ts';

const MOST_STATEMENTS = 8;
const STATEMENT_LETTERS = 110;

/** The reason: what one dispatch asked of the database, and which statement grew or went. */
export function whySection(input: ReportInput, charts: ChartSet): Section {
  const sides = sidesOf(input);
  const heading = sides.before === null ? 'What a dispatch costs' : 'Why';
  if (sides.after === null) {
    return { id: 'why', heading, lead: null, blocks: [{ kind: 'missing', text: missingProbe(input) }] };
  }
  return {
    id: 'why',
    heading,
    lead: 'Counted while one dispatch ran alone and nothing else used the database.',
    blocks: blocks(
      { kind: 'bullets', items: reasons(sides.after, sides.before, sides) },
      charts.why.map((chart): Block => ({ kind: 'chart', chart })),
      statementTable(sides),
    ),
  };
}

interface Sides {
  before: DispatchSummary | null;
  after: DispatchSummary | null;
  statementsBefore: StatementPerDispatch[];
  statementsAfter: StatementPerDispatch[];
}

function sidesOf(input: ReportInput): Sides {
  const groups = variantRuns(input);
  const main = mainVariants(input);
  const beforeGroup = groups.find(({ variant }) => variant === main?.baseline);
  const afterGroup = groups.find(({ variant }) => variant === main?.candidate) ?? groups[0];
  return {
    before: beforeGroup === undefined ? null : dispatchSummary(beforeGroup),
    after: afterGroup === undefined ? null : dispatchSummary(afterGroup),
    statementsBefore: beforeGroup === undefined ? [] : statementsPerDispatch(beforeGroup),
    statementsAfter: afterGroup === undefined ? [] : statementsPerDispatch(afterGroup),
  };
}

function missingProbe(input: ReportInput): string {
  const runs = variantRuns(input).flatMap((group) => group.runs);
  return runs.length === 0
    ? 'Not measured: no run was completed.'
    : 'Not measured: no dispatch was run alone, so there are no exact counts.';
}

function perBooking({ queries, offered }: DispatchSummary): string {
  return offered === 0 ? 'no bookings' : `${Number((queries / offered).toPrecision(2))} a booking`;
}

function reasons(after: DispatchSummary, before: DispatchSummary | null, sides: Sides): string[] {
  return before === null ? singleReasons(after, sides) : comparedReasons(after, before, sides);
}

function singleReasons(after: DispatchSummary, { statementsAfter }: Sides): string[] {
  const most = statementsAfter.find(({ text }) => !isTransactionControl(text));
  return [
    `Queries: ${formatCount(after.queries)} for ${formatCount(after.offered)} bookings (${perBooking(after)}), of them ${formatCount(after.transactionStatements)} BEGIN, COMMIT and the like.`,
    `Rows ${formatCount(after.rows)}, blocks ${formatCount(blocksOf(after))}, WAL ${formatBytes(after.walBytes)}.`,
    `Time: load ${formatDuration(after.loadMs)}, decide ${formatDuration(after.decideMs)}, apply ${formatDuration(after.applyMs)}.`,
    ...(most === undefined
      ? []
      : [`Most often: ${formatCount(most.calls)} times “${shorten(most.text, STATEMENT_LETTERS)}”.`]),
  ];
}

function comparedReasons(after: DispatchSummary, before: DispatchSummary, sides: Sides): string[] {
  const queries =
    after.queries === before.queries
      ? `Queries: ${formatCount(after.queries)} in both (${perBooking(after)}).`
      : `Queries: ${formatCount(after.queries)} instead of ${formatCount(before.queries)} (${perBooking(after)} instead of ${perBooking(before)}).`;
  return [
    queries,
    ...statementReason(sides, before, after),
    `Transaction control: ${formatCount(after.transactionStatements)} of the queries are BEGIN, COMMIT and the like, in ${before.variant} ${formatCount(before.transactionStatements)}.`,
    `Rows ${changed(before.rows, after.rows, 'rows', formatCount)}; blocks ${changed(blocksOf(before), blocksOf(after), 'blocks', formatCount)}; WAL ${changed(before.walBytes, after.walBytes, 'bytes', formatBytes)}.`,
    `Time: load ${changed(before.loadMs, after.loadMs, 'ms', formatDuration)}; decide ${changed(before.decideMs, after.decideMs, 'ms', formatDuration)}; apply ${changed(before.applyMs, after.applyMs, 'ms', formatDuration)}.`,
  ];
}

function changed(before: number, after: number, unit: string, format: (value: number) => string): string {
  if (before === after) return `${format(after)} in both`;
  const change = before === 0 ? '' : ` (${formatChange(after / before, { unit, higherIsBetter: false })})`;
  return `${format(before)} → ${format(after)}${change}`;
}

export function blocksOf({ blocksHit, blocksRead }: DispatchSummary): number {
  return blocksHit + blocksRead;
}

function isTransactionControl(text: string): boolean {
  return /^(begin|commit|rollback|start transaction|savepoint|release)\b/i.test(text.trim());
}

/** The statement whose calls changed most, and how often it runs for one booking. */
function statementReason(sides: Sides, before: DispatchSummary, after: DispatchSummary): string[] {
  const rows = pairedStatements(sides).filter(({ text }) => !isTransactionControl(text));
  const largest = rows.toSorted((a, b) => Math.abs(b.before - b.after) - Math.abs(a.before - a.after))[0];
  if (largest === undefined || largest.before === largest.after) return [];
  const quoted = `“${shorten(largest.text, STATEMENT_LETTERS)}”`;
  const times = (calls: number) => (calls === 0 ? 'not at all' : `${formatCount(calls)} times`);
  const word =
    largest.after < largest.before ? 'The statement that shrank most' : 'The statement that grew most';
  return [
    `${word}: ${quoted}, a dispatch runs it ${times(largest.before)} in ${before.variant} and ${times(largest.after)} in ${after.variant}.`,
  ];
}

interface PairedStatement {
  text: string;
  before: number;
  after: number;
  beforeMs: number;
  afterMs: number;
}

function pairedStatements({ statementsBefore, statementsAfter }: Sides): PairedStatement[] {
  const texts = new Set([...statementsBefore, ...statementsAfter].map(({ text }) => text));
  return [...texts]
    .map((text) => {
      const before = statementsBefore.find((statement) => statement.text === text);
      const after = statementsAfter.find((statement) => statement.text === text);
      return {
        text,
        before: before?.calls ?? 0,
        after: after?.calls ?? 0,
        beforeMs: before?.databaseMs ?? 0,
        afterMs: after?.databaseMs ?? 0,
      };
    })
    .sort((a, b) => Math.max(b.before, b.after) - Math.max(a.before, a.after) || b.beforeMs - a.beforeMs);
}

function statementTable(sides: Sides): Table | null {
  const statementCell = (text: string): Cell => ({ kind: 'code', text: shorten(text, STATEMENT_LETTERS) });
  if (sides.before === null || sides.after === null) {
    return table(
      'Statements of one dispatch, most often run first',
      ['Statement', 'Calls', 'Rows', 'Blocks', 'Database time'],
      sides.statementsAfter
        .slice(0, MOST_STATEMENTS)
        .map(({ text, calls, rows, blocks: touched, databaseMs }) => [
          statementCell(text),
          formatCount(calls),
          formatCount(rows),
          formatCount(touched),
          formatDuration(databaseMs),
        ]),
      { note: cutNote(sides.statementsAfter.length) },
    );
  }
  const rows = pairedStatements(sides);
  const { before, after } = sides;
  return table(
    'Statements of one dispatch: how often each variant runs them',
    [
      'Statement',
      `Calls, ${before.variant}`,
      `Calls, ${after.variant}`,
      `Time, ${before.variant}`,
      `Time, ${after.variant}`,
    ],
    rows
      .slice(0, MOST_STATEMENTS)
      .map((row) => [
        statementCell(row.text),
        formatCount(row.before),
        formatCount(row.after),
        row.before === 0 ? '–' : formatDuration(row.beforeMs),
        row.after === 0 ? '–' : formatDuration(row.afterMs),
      ]),
    { note: cutNote(rows.length) },
  );
}

function cutNote(statements: number): string | null {
  return statements > MOST_STATEMENTS
    ? `The ${MOST_STATEMENTS} most often run of ${formatCount(statements)} recorded statements.`
    : null;
}

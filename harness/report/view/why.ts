import { formatChange } from '../../change.ts';
import { formatBytes, formatCount, formatDuration } from '../../quantity.ts';
import type { Chart } from '../charts/chart.ts';
import { type DispatchSummary, dispatchSummary, timesItself } from '../dispatch-summary.ts';
import { mainVariants, type ReportInput, variantRuns } from '../report-input.ts';
import {
  isTransactionControl,
  pairedStatements,
  type StatementPerDispatch,
  statementsPerDispatch,
} from '../statement-costs.ts';
import { type Block, blocks, type Section } from './blocks.ts';
import { shortStatement, singleStatementTable } from './statement-tables.ts';

/** The reason: what one dispatch asked of the database, and which statement grew or went. */
export function whySection(input: ReportInput, charts: readonly Chart[]): Section {
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
      charts.map((chart): Block => ({ kind: 'chart', chart })),
      sides.before === null ? singleStatementTable(sides.statementsAfter) : null,
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
    ...singleTimes(after),
    ...(most === undefined
      ? []
      : [`Most often: ${formatCount(most.calls)} times “${shortStatement(most.text)}”.`]),
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
    ...comparedTimes(before, after),
  ];
}

function singleTimes(summary: DispatchSummary): string[] {
  if (!timesItself(summary)) return [];
  const { loadMs, decideMs, applyMs } = summary;
  return [
    `Time: load ${formatDuration(loadMs)}, decide ${formatDuration(decideMs)}, apply ${formatDuration(applyMs)}.`,
  ];
}

function comparedTimes(before: DispatchSummary, after: DispatchSummary): string[] {
  if (!timesItself(before) || !timesItself(after)) return [];
  const words = (['load', 'decide', 'apply'] as const).map(
    (phase) => `${phase} ${changed(before[`${phase}Ms`], after[`${phase}Ms`], 'ms', formatDuration)}`,
  );
  return [`Time: ${words.join('; ')}.`];
}

function changed(before: number, after: number, unit: string, format: (value: number) => string): string {
  if (before === after) return `${format(after)} in both`;
  const change = before === 0 ? '' : ` (${formatChange(after / before, { unit, higherIsBetter: false })})`;
  return `${format(before)} → ${format(after)}${change}`;
}

export function blocksOf({ blocksHit, blocksRead }: DispatchSummary): number {
  return blocksHit + blocksRead;
}

/** The statement whose calls changed most, and how often it runs for one booking. */
function statementReason(sides: Sides, before: DispatchSummary, after: DispatchSummary): string[] {
  const rows = pairedStatements(sides.statementsBefore, sides.statementsAfter)
    .filter(({ text }) => !isTransactionControl(text))
    .map((row) => ({ text: row.text, from: row.before.calls, to: row.after.calls }));
  const largest = rows.toSorted((a, b) => Math.abs(b.from - b.to) - Math.abs(a.from - a.to))[0];
  if (largest === undefined || largest.from === largest.to) return [];
  const quoted = `“${shortStatement(largest.text)}”`;
  const times = (calls: number) => (calls === 0 ? 'not at all' : `${formatCount(calls)} times`);
  const word = largest.to < largest.from ? 'The statement that shrank most' : 'The statement that grew most';
  return [
    `${word}: ${quoted}, a dispatch runs it ${times(largest.from)} in ${before.variant} and ${times(largest.to)} in ${after.variant}.`,
  ];
}

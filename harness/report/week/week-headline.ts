import { formatDuration } from '../../quantity.ts';
import type { FinalMetric, WeekRecord, WeekRow } from '../../week-record.ts';
import { plainTable } from '../plain-table.ts';
import { capitalised } from '../verdict-sentence.ts';
import { beforeAfter, lowerFirst, metricTexts, tallyOf, tallyText, weekVerdict } from './final-verdict.ts';
import { outcomeLook } from './outcome-look.ts';
import { incompleteWeek } from './week-words.ts';

/**
 * What a week came to, for the terminal, without colour: the verdict first (of an incomplete week, that it is), then what
 * it is judged by, the rows that fell short or are open, and the time it took.
 */
export function weekLines(record: WeekRecord): string[] {
  const { finalMetrics, rows } = record;
  const incomplete = incompleteWeek(record);
  return [
    ...(incomplete === null ? [] : [incomplete]),
    capitalised(weekVerdict(record)),
    ...metricLines(finalMetrics),
    ...(finalMetrics.length === 0
      ? []
      : [rows.length === 0 ? 'No row was measured' : tallyText(tallyOf(rows))]),
    ...rows.filter(({ outcome }) => outcome !== 'pass').map(rowLine),
    ...record.warnings,
    timeLine(record),
  ];
}

/** A week in one line, for the list of all results. */
export function weekSummary(record: WeekRecord): string {
  const verdict = weekVerdict(record);
  const [first] = record.finalMetrics.filter(({ outcome, unit }) => outcome === 'pass' && unit === 'ms');
  const values = first === undefined ? null : beforeAfter(first);
  const all = record.finalMetrics.every(({ outcome }) => outcome === 'pass');
  const told = all && first !== undefined && values !== null ? `; ${lowerFirst(first.title)} ${values}` : '';
  return `${incompleteWeek(record) === null ? '' : 'Incomplete: '}${verdict}${told}`;
}

function metricLines(metrics: readonly FinalMetric[]): string[] {
  if (metrics.length === 0) return [];
  const head = ['metric', 'before', 'after', 'change', 'interval', 'goal', 'outcome'];
  return plainTable([head, ...metrics.map(metricCells)], [1, 2, 3]).map((line) => `  ${line}`);
}

function metricCells(metric: FinalMetric): string[] {
  const { before, after, change, interval } = metricTexts(metric);
  const { sign, word } = outcomeLook(metric.outcome);
  return [metric.title, before, after, change, interval, metric.goal, `${sign} ${word}`];
}

function rowLine({ day, title, outcome, measured, goal, reason }: WeekRow): string {
  const { sign } = outcomeLook(outcome);
  const said = outcome === 'open' ? 'open' : `${measured ?? 'not measured'}, goal ${goal}`;
  return `  ${sign} day ${day}, ${title}: ${said}${reason === null ? '' : ` (${reason})`}`;
}

function timeLine({ wallMs, plan, sittings }: WeekRecord): string {
  return `${formatDuration(wallMs)}, ${plan.mode} week${sittings > 1 ? `, in ${sittings} sittings` : ''}`;
}

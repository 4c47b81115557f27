import { formatChange, formatChangeInterval } from '../../change.ts';
import { formatCount, formatDuration } from '../../quantity.ts';
import type { BeforeAfter, FinalMetric, LadderStep, WeekRow, WeekTimeChange } from '../../week-record.ts';
import { levelText } from '../verdict-sentence.ts';
import { type Cell, type Table, table, variantCell } from '../view/blocks.ts';
import { metricTexts } from './final-verdict.ts';
import { outcomeLook } from './outcome-look.ts';
import { yesOrNo } from './week-words.ts';

const TIME = { unit: 'ms', higherIsBetter: false };

/** Goal, what was measured, outcome, how and evidence of each row. */
export function rowTable(caption: string, rows: readonly WeekRow[]): Table | null {
  return table(
    caption,
    ['What', 'Goal', 'Measured', 'Outcome', 'How', 'Evidence'],
    rows.map((row) => [
      row.title,
      row.goal,
      row.measured ?? 'not measured',
      outcomeCell(row),
      row.how,
      evidenceCell(row),
    ]),
    { numericFrom: 6 },
  );
}

/** The numbers the week is judged by. */
export function metricTable(metrics: readonly FinalMetric[]): Table | null {
  return table(
    'What the week is judged by',
    ['Metric', 'Goal', 'Before', 'After', 'Change', 'Interval', 'Outcome', 'Evidence'],
    metrics.map((metric) => {
      const { before, after, change, interval } = metricTexts(metric);
      const texts = [metric.title, metric.goal, before, after, change, interval];
      return [...texts, outcomeCell(metric), evidenceCell(metric)];
    }),
    { numericFrom: 2, textColumns: [5, 6, 7], note: levelNote(metrics) },
  );
}

function levelNote(metrics: readonly FinalMetric[]): string | null {
  const levels = [...new Set(metrics.flatMap(({ level }) => (level === null ? [] : [levelText(level)])))];
  return levels.length === 0
    ? null
    : `Intervals of times: exact signed-rank, at ${levels.join(' and ')}. The whole interval has to pass. Everything else is counted.`;
}

/** Steps between variants that differ in what the second one has switched on. */
export function stepTable(caption: string, steps: readonly LadderStep[]): Table | null {
  return table(
    caption,
    ['From', 'To', 'Dispatch', 'Change', 'Interval', 'Apply', 'Queries', 'Equal outcome'],
    steps.map(({ from, to, dispatch, apply, queries, refusals, equalOutcome }) => [
      variantCell(from),
      variantCell(to),
      timesText(dispatch),
      dispatch === null ? '–' : formatChange(dispatch.ratio, TIME),
      intervalText(dispatch),
      timesText(apply),
      countsText(queries),
      refusals.length === 0 ? yesOrNo(equalOutcome) : refusals.join('; '),
    ]),
    { numericFrom: 2, textColumns: [4, 7] },
  );
}

export function timesText(change: WeekTimeChange | null): string {
  return change === null ? '–' : `${formatDuration(change.beforeMs)} → ${formatDuration(change.afterMs)}`;
}

export function intervalText(change: WeekTimeChange | null): string {
  if (change === null) return '–';
  const { low, high } = change;
  return low === null || high === null ? 'too few pairs' : formatChangeInterval(low, high, TIME);
}

export function countsText(counts: BeforeAfter | null): string {
  return counts === null ? '–' : `${formatCount(counts.before)} → ${formatCount(counts.after)}`;
}

export function outcomeCell({ outcome, reason }: Pick<WeekRow, 'outcome' | 'reason'>): Cell {
  return { kind: 'verdict', look: outcomeLook(outcome), note: reason };
}

/** What is kept of it; a fact that has no file of its own stands in the record. */
export function evidenceCell({ evidence, measured }: Pick<WeekRow, 'evidence' | 'measured'>): Cell {
  const files = evidence.length > 0 || measured === null ? evidence : [RECORD];
  return { kind: 'links', links: files.map(({ text, file }) => ({ text, file: `../${file}` })) };
}

const RECORD = { text: 'week.json', file: 'week.json' };

import { formatPercentTick } from '../../change.ts';
import { countOf, formatCount, formatDuration } from '../../quantity.ts';
import type { FinalMetric, WeekRecord, WeekRow } from '../../week-record.ts';
import { capitalised } from '../verdict-sentence.ts';

/** Of rows or metrics, how many have each outcome. */
export type Tally = Record<WeekRow['outcome'], number>;

export function tallyOf(rows: readonly Pick<WeekRow, 'outcome'>[]): Tally {
  const count = (outcome: WeekRow['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  return { pass: count('pass'), fail: count('fail'), open: count('open') };
}

/** "5 of 5 rows pass", "3 of 5 rows pass, 1 fails, 1 is open" */
export function tallyText({ pass, fail, open }: Tally): string {
  return [
    `${formatCount(pass)} of ${countOf(pass + fail + open, 'row')} pass`,
    ...(fail === 0 ? [] : [`${formatCount(fail)} ${fail === 1 ? 'fails' : 'fail'}`]),
    ...(open === 0 ? [] : [`${formatCount(open)} ${open === 1 ? 'is' : 'are'} open`]),
  ].join(', ');
}

/** Whether the week reached what it is judged by, in one sentence without its end. What fell short comes first. */
export function finalVerdict(metrics: readonly FinalMetric[]): string {
  if (metrics.length === 0) return 'no final metric was measured';
  const { pass, fail, open } = tallyOf(metrics);
  const all = countOf(metrics.length, 'final metric');
  if (pass === metrics.length) return `${formatCount(pass)} of ${all} pass`;
  const short = metrics.filter(({ outcome }) => outcome === 'fail').map(shortfall);
  const left = metrics.filter(({ outcome }) => outcome === 'open').map(({ title }) => lowerFirst(title));
  return [
    ...(fail === 0
      ? []
      : [`${formatCount(fail)} of ${all} ${fail === 1 ? 'fails' : 'fail'}: ${short.join('; ')}`]),
    ...(open === 0
      ? []
      : [`${formatCount(open)} of ${all} ${open === 1 ? 'is' : 'are'} open: ${left.join(', ')}`]),
  ].join('. ');
}

/** What a week came to: by its final metrics, or where only some days were done by their rows. */
export function weekVerdict({
  finalMetrics,
  rows,
  plan,
}: Pick<WeekRecord, 'finalMetrics' | 'rows' | 'plan'>): string {
  if (finalMetrics.length > 0 || plan.days.includes(5)) return finalVerdict(finalMetrics);
  const days = plan.days.join(', ');
  return `${plan.days.length === 1 ? 'day' : 'days'} ${days} alone: ${tallyText(tallyOf(rows))}`;
}

/** "apply time −86 %, goal −90 %": by how much a metric missed its goal. */
export function shortfall(metric: FinalMetric): string {
  const { goalRatio, ratio, high } = metric;
  const title = lowerFirst(metric.title);
  if (goalRatio !== null && ratio !== null && ratio > goalRatio) {
    return `${title} ${formatPercentTick(ratio)}, goal ${metric.goal}`;
  }
  if (goalRatio !== null && ratio !== null && high !== null && high > goalRatio) {
    return `${title} ${formatPercentTick(ratio)}, but its interval reaches ${formatPercentTick(high)}, goal ${metric.goal}`;
  }
  return `${title} ${beforeAfter(metric) ?? metric.measured ?? 'not measured'}, goal ${metric.goal}`;
}

/** What is said of a metric that does not pass: by how much it fell short, or why it is open. */
export function metricRemark(metric: FinalMetric): string {
  const title = capitalised(metric.title);
  if (metric.outcome === 'open') return `${title}: open, ${metric.reason ?? 'not measured'}`;
  const values = metric.ratio === null ? null : beforeAfter(metric);
  return `${capitalised(shortfall(metric))}${values === null ? '' : ` (${values})`}`;
}

/** "117 ms → 8 ms"; null where one of both was not measured. */
export function beforeAfter({ before, after, unit }: FinalMetric): string | null {
  return before === null || after === null
    ? null
    : `${metricValue(before, unit)} → ${metricValue(after, unit)}`;
}

function metricValue(value: number, unit: FinalMetric['unit']): string {
  return unit === 'ms' ? formatDuration(value) : formatCount(value);
}

/** "−98.7 %" for a metric that has a ratio, "+10" for one that began at nothing. */
function metricChange({ before, after, ratio }: FinalMetric): string | null {
  if (ratio !== null) return formatPercentTick(ratio);
  if (before === null || after === null) return null;
  return `${after < before ? '−' : '+'}${formatCount(Math.abs(after - before))}`;
}

/** Both ends as changes: "−98.8 % to −98.6 %". */
function metricInterval({ low, high }: FinalMetric): string | null {
  return low === null || high === null ? null : `${formatPercentTick(low)} to ${formatPercentTick(high)}`;
}

/** Before, after, change and interval of a metric in words; a dash where there is nothing to say. */
export function metricTexts(metric: FinalMetric) {
  const { before, after, ratio, unit } = metric;
  const exact = unit === 'ms' ? 'too few pairs' : 'counted, exact';
  return {
    before: before === null ? '–' : metricValue(before, unit),
    after: after === null ? 'not measured' : metricValue(after, unit),
    change: metricChange(metric) ?? '–',
    interval: ratio === null && after === null ? '–' : (metricInterval(metric) ?? exact),
  };
}

export function lowerFirst(text: string): string {
  const [first = '', second = ''] = text;
  return second === second.toUpperCase() ? text : `${first.toLowerCase()}${text.slice(1)}`;
}

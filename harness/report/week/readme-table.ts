import { HarnessError } from '../../errors.ts';
import type { WeekRecord } from '../../week-record.ts';
import { escapeMarkdown } from '../escape.ts';
import { tableText } from '../markdown.ts';
import { capitalised } from '../verdict-sentence.ts';
import { finalVerdict, metricTexts } from './final-verdict.ts';
import { orderSentence } from './order-words.ts';
import { outcomeLook } from './outcome-look.ts';
import { weekCharts } from './week-charts.ts';
import { FINAL_FILES } from './week-page.ts';
import { basisText } from './week-words.ts';

const BEGIN = '<!-- week:begin -->';
const END = '<!-- week:end -->';

/**
 * The README with its part between `<!-- week:begin -->` and `<!-- week:end -->` drawn from a week.
 *
 * @param exampleFolder of the week, from the README
 * @throws HarnessError INTERNAL when the README has no such part
 */
export function readmeWithWeek(readme: string, record: WeekRecord, exampleFolder: string): string {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) {
    throw new HarnessError('INTERNAL', `the README has no part between ${BEGIN} and ${END}`, {
      hint: 'Put both lines where the table of the week is to stand.',
    });
  }
  return `${readme.slice(0, from)}${BEGIN}\n${weekBlock(record, exampleFolder)}\n${readme.slice(to)}`;
}

/** Verdict, table of the final metrics, chart and link of a week, as Markdown. */
export function weekBlock(record: WeekRecord, exampleFolder: string): string {
  const report = `${exampleFolder}/report`;
  const charts = weekCharts(record);
  const chart = charts.contributions ?? charts.finalMetrics;
  return [
    `${escapeMarkdown(capitalised(finalVerdict(record.finalMetrics)))}. Measured on: ${escapeMarkdown(basisText(record))}.`,
    metricText(record),
    ...(record.contributions === null ? [] : [escapeMarkdown(orderSentence(record.contributions))]),
    ...(chart === null ? [] : [`![${escapeMarkdown(chart.finding)}](${report}/charts/${chart.name}.png)`]),
    `[The whole report](${report}/${FINAL_FILES.markdown}): every row of the five days, its evidence, and what fell short.`,
  ].join('\n\n');
}

function metricText({ finalMetrics }: WeekRecord): string {
  return tableText(
    ['Metric', 'Goal', 'Before', 'After', 'Change', 'Interval', ''],
    [false, false, true, true, true, false, false],
    finalMetrics.map((metric) => {
      const { before, after, change, interval } = metricTexts(metric);
      const { sign, word } = outcomeLook(metric.outcome);
      return [metric.title, metric.goal, before, after, change, interval, `${sign} ${word}`].map(
        escapeMarkdown,
      );
    }),
  );
}

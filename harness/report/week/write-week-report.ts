import { join } from 'node:path';
import { writeDurably } from '../../store/durable-file.ts';
import { ALL_DAYS } from '../../week/plan-week.ts';
import type { WeekRecord } from '../../week-record.ts';
import { CHART_FOLDER, type DrawnChart, writeChartFigure } from '../chart-figure.ts';
import { createReportFolder, type WrittenChart } from '../write-chart.ts';
import type { WriteReportOptions } from '../write-report.ts';
import { dayPage } from './day-page.ts';
import { finalPage } from './final-page.ts';
import { everyWeekChart, type WeekCharts, weekCharts } from './week-charts.ts';
import { weekHtml } from './week-html.ts';
import { weekMarkdown } from './week-markdown.ts';
import type { WeekPage } from './week-page.ts';

export interface WrittenWeek {
  /** `PERFORMANCE_REPORT.md` */
  readonly markdownPath: string;
  /** `index.html` */
  readonly htmlPath: string;
  readonly charts: WrittenChart[];
}

/**
 * Draws a week from its record alone, complete or not: the final report and one of each day, in Markdown and HTML, and
 * `charts/<name>.{vl.json,svg,png,csv,txt}`. Links to evidence lead to the folder above.
 *
 * @throws HarnessError RESULT_WRITE_FAILED when a file cannot be written
 */
export async function writeWeekReport(
  record: WeekRecord,
  folder: string,
  { onProgress = () => {} }: WriteReportOptions = {},
): Promise<WrittenWeek> {
  const set = weekCharts(record);
  const { drawings, written } = await drawCharts(set, folder, onProgress);
  onProgress('pages');
  const pages = weekPages(record, set);
  for (const page of pages) {
    await writeDurably(join(folder, page.files.markdown), weekMarkdown(page));
    await writeDurably(join(folder, page.files.html), weekHtml(page, drawings));
  }
  const { markdown, html } = (pages[0] as WeekPage).files;
  return { markdownPath: join(folder, markdown), htmlPath: join(folder, html), charts: written };
}

/** Every page of a week, the final report first. */
export function weekPages(record: WeekRecord, charts: WeekCharts = weekCharts(record)): WeekPage[] {
  return [finalPage(record, charts), ...ALL_DAYS.map((day) => dayPage(record, day, charts))];
}

async function drawCharts(set: WeekCharts, folder: string, onProgress: (note: string) => void) {
  const charts = everyWeekChart(set);
  const drawings = new Map<string, DrawnChart>();
  const written: WrittenChart[] = [];
  await createReportFolder(join(folder, CHART_FOLDER));
  for (const [index, chart] of charts.entries()) {
    onProgress(`chart ${index + 1} of ${charts.length}: ${chart.name}`);
    const figure = await writeChartFigure(chart, join(folder, CHART_FOLDER));
    written.push(figure.written);
    drawings.set(chart.name, figure.drawn);
  }
  return { drawings, written };
}

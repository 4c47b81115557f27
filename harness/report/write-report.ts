import { join } from 'node:path';
import { writeDurably } from '../store/durable-file.ts';
import { CHART_FOLDER, type DrawnChart, writeChartFigure } from './chart-figure.ts';
import { reportPage } from './html.ts';
import { reportMarkdown } from './markdown.ts';
import type { ReportInput } from './report-input.ts';
import { chartsOf, reportView } from './view-model.ts';
import { createReportFolder, type WrittenChart } from './write-chart.ts';

export { headlineLines } from './headline.ts';
export type { ReportInput } from './report-input.ts';

export interface WrittenReport {
  htmlPath: string;
  markdownPath: string;
  charts: WrittenChart[];
}

export interface WriteReportOptions {
  /** Told what is drawn next, for a progress line. */
  onProgress?(note: string): void;
}

/**
 * Draws a result: `index.html`, `report.md` and `charts/<name>.{vl.json,svg,png,csv,txt}`. The folder is created when it is
 * missing; files of an earlier report are replaced one by one.
 *
 * @throws HarnessError RESULT_WRITE_FAILED when a file cannot be written
 */
export async function writeReport(
  input: ReportInput,
  folder: string,
  { onProgress = () => {} }: WriteReportOptions = {},
): Promise<WrittenReport> {
  const view = reportView(input);
  const charts = chartsOf(view);
  await createReportFolder(join(folder, CHART_FOLDER));
  const drawings = new Map<string, DrawnChart>();
  const written: WrittenChart[] = [];
  for (const [index, chart] of charts.entries()) {
    onProgress(`chart ${index + 1} of ${charts.length}: ${chart.name}`);
    const figure = await writeChartFigure(chart, join(folder, CHART_FOLDER));
    written.push(figure.written);
    drawings.set(chart.name, figure.drawn);
  }
  onProgress('page');
  const htmlPath = join(folder, 'index.html');
  const markdownPath = join(folder, 'report.md');
  await writeDurably(markdownPath, reportMarkdown(view));
  await writeDurably(htmlPath, reportPage(view, drawings));
  return { htmlPath, markdownPath, charts: written };
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { writeDurably } from '../store/durable-file.ts';
import type { Chart } from './charts/chart.ts';
import { drawForPage } from './draw-for-page.ts';
import { reportPage } from './html.ts';
import type { DrawnChart } from './html-blocks.ts';
import { reportMarkdown } from './markdown.ts';
import { renderPng, renderSvg, titledSpec } from './render-chart.ts';
import type { ReportInput } from './report-input.ts';
import { chartsOf, reportView } from './view-model.ts';

export { headlineLines } from './headline.ts';
export type { ReportInput } from './report-input.ts';
export { type IndexEntry, writeIndex } from './results-index.ts';
export { storedRatios } from './stored-ratio.ts';

export interface WrittenChart {
  name: string;
  specPath: string;
  svgPath: string;
  pngPath: string;
}

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
 * Draws a result: `index.html`, `report.md` and `charts/<name>.{vl.json,svg,png}`. The folder is created when it is
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
  await createFolder(join(folder, 'charts'));
  const drawings = new Map<string, DrawnChart>();
  const written: WrittenChart[] = [];
  for (const [index, chart] of charts.entries()) {
    onProgress(`chart ${index + 1} of ${charts.length}: ${chart.name}`);
    written.push(await writeChart(chart, join(folder, 'charts')));
    drawings.set(chart.name, await drawForPage(chart));
  }
  onProgress('page');
  const htmlPath = join(folder, 'index.html');
  const markdownPath = join(folder, 'report.md');
  await writeDurably(markdownPath, reportMarkdown(view));
  await writeDurably(htmlPath, reportPage(view, drawings));
  return { htmlPath, markdownPath, charts: written };
}

async function writeChart(chart: Chart, folder: string): Promise<WrittenChart> {
  const spec = titledSpec(chart);
  const svg = await renderSvg(spec);
  const place = (extension: string) => join(folder, `${chart.name}.${extension}`);
  const written = {
    name: chart.name,
    specPath: place('vl.json'),
    svgPath: place('svg'),
    pngPath: place('png'),
  };
  await writeDurably(written.specPath, `${JSON.stringify(spec, null, 2)}\n`);
  await writeDurably(written.svgPath, svg);
  await writeDurably(written.pngPath, renderPng(svg));
  return written;
}

async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new HarnessError('RESULT_WRITE_FAILED', `${folder} could not be created: ${messageOf(error)}`, {
      hint: 'Check that the folder above it exists and may be written to.',
      cause: error,
    });
  }
}

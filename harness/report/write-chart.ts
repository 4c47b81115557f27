import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { writeDurably } from '../store/durable-file.ts';
import { type ChartWords, wordsText } from './chart-words.ts';
import type { Chart } from './charts/chart.ts';
import { type CsvRows, csvText } from './csv.ts';

export interface WrittenChart {
  name: string;
  specPath: string;
  svgPath: string;
  pngPath: string;
  csvPath: string;
  textPath: string;
}

/**
 * Writes a chart into an existing folder: `<name>.vl.json`, `.svg`, `.png`, its data as `.csv`, and `.txt`, what it says in words.
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function writeChart(
  chart: Chart,
  folder: string,
  { rows, words }: { rows: CsvRows; words: ChartWords },
): Promise<WrittenChart> {
  // Vega is loaded when the first chart is drawn, not when a verb starts that may draw one in the end.
  const { renderPng, renderSvg, titledSpec } = await import('./render-chart.ts');
  const spec = titledSpec(chart);
  const svg = await renderSvg(spec);
  const place = (extension: string) => join(folder, `${chart.name}.${extension}`);
  const written = {
    name: chart.name,
    specPath: place('vl.json'),
    svgPath: place('svg'),
    pngPath: place('png'),
    csvPath: place('csv'),
    textPath: place('txt'),
  };
  await writeDurably(written.specPath, `${JSON.stringify(spec, null, 2)}\n`);
  await writeDurably(written.svgPath, svg);
  await writeDurably(written.pngPath, renderPng(svg));
  await writeDurably(written.csvPath, csvText(rows));
  await writeDurably(written.textPath, wordsText(words));
  return written;
}

/** Makes a folder of a report, with those above it. @throws HarnessError RESULT_WRITE_FAILED */
export async function createReportFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new HarnessError('RESULT_WRITE_FAILED', `${folder} could not be created: ${messageOf(error)}`, {
      hint: 'Check that the folder above it exists and may be written to.',
      cause: error,
    });
  }
}

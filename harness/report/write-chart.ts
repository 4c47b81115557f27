import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { writeDurably } from '../store/durable-file.ts';
import type { Chart } from './charts/chart.ts';

export interface WrittenChart {
  name: string;
  specPath: string;
  svgPath: string;
  pngPath: string;
}

/** Writes a chart's `<name>.vl.json`, `.svg` and `.png` into an existing folder. @throws HarnessError RESULT_WRITE_FAILED */
export async function writeChart(chart: Chart, folder: string): Promise<WrittenChart> {
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
  };
  await writeDurably(written.specPath, `${JSON.stringify(spec, null, 2)}\n`);
  await writeDurably(written.svgPath, svg);
  await writeDurably(written.pngPath, renderPng(svg));
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

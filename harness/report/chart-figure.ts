import { chartRows } from './chart-rows.ts';
import { type ChartWords, chartWords } from './chart-words.ts';
import { type Chart, PHONE_PX, WIDE_PX } from './charts/chart.ts';
import type { CsvRows } from './csv.ts';
import { type WrittenChart, writeChart } from './write-chart.ts';

/** What a page shows of a chart: drawn without its title, for a desk and for a phone, told in words, and where its files are. */
export interface DrawnChart {
  readonly wideSvg: string;
  readonly narrowSvg: string;
  readonly words: ChartWords;
  /** Folder of the chart's files from the page's: `charts/`. */
  readonly folder: string;
}

/** Folder of the charts beside a page. */
export const CHART_FOLDER = 'charts';

/**
 * Writes the files of a chart into an existing folder `charts/` and draws it for a page beside that folder.
 * @param rows the table to download; default: what the chart is drawn from
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function writeChartFigure(
  chart: Chart,
  folder: string,
  rows: CsvRows = chartRows(chart.draw(WIDE_PX)),
): Promise<{ written: WrittenChart; drawn: DrawnChart }> {
  const words = chartWords(chart, rows);
  const written = await writeChart(chart, folder, { rows, words });
  return { written, drawn: await drawChart(chart, words) };
}

async function drawChart(chart: Chart, words: ChartWords): Promise<DrawnChart> {
  const { renderSvg } = await import('./render-chart.ts');
  return {
    wideSvg: await renderSvg(chart.draw(WIDE_PX)),
    narrowSvg: await renderSvg(chart.draw(PHONE_PX)),
    words,
    folder: `${CHART_FOLDER}/`,
  };
}

import path from 'node:path';
import type { Chart } from '../report/charts/chart.ts';
import { drawForPage } from '../report/draw-for-page.ts';
import { escapeHtml, relativeHref } from '../report/escape.ts';
import { chartHtml } from '../report/html-blocks.ts';
import { writeChart } from '../report/write-chart.ts';
import { writeDurably } from '../store/durable-file.ts';

/** A table that is written as CSV (RFC 4180); the first row names its columns. */
export type CsvRows = readonly (readonly (string | number | null)[])[];

/**
 * Writes a chart as `<name>.vl.json`, `.svg`, `.png`, `.csv` and `.txt` into an existing folder, and gives its figure for a page beside it.
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function writeChartFigure(
  chart: Chart,
  folder: string,
  { rows, here }: { rows: CsvRows; here: string },
): Promise<string> {
  await writeChart(chart, folder);
  await writeDurably(path.join(folder, `${chart.name}.csv`), csvText(rows));
  await writeDurably(path.join(folder, `${chart.name}.txt`), chartText(chart));
  const links = [
    ['SVG', 'svg'],
    ['PNG', 'png'],
    ['data, CSV', 'csv'],
    ['Vega-Lite', 'vl.json'],
    ['text', 'txt'],
  ].map(([word, extension]) => {
    const file = relativeHref(`${here}${chart.name}.${extension}`);
    return `<a href="${escapeHtml(file)}" download aria-label="${escapeHtml(`${chart.name}: ${word}`)}">${word}</a>`;
  });
  const figure = chartHtml(chart, await drawForPage(chart));
  return figure.replace('</figure>', `<p class="note downloads">Download: ${links.join(' ')}</p></figure>`);
}

/** What the chart says without a picture. */
export function chartText({ finding, context, reading }: Chart): string {
  return `${finding}\n${context}\n\n${reading}\n`;
}

export function csvText(rows: CsvRows): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula is kept a text. */
function cellText(cell: string | number | null): string {
  if (cell === null || typeof cell === 'number') return String(cell ?? '');
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

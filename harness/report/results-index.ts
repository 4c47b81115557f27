import { join } from 'node:path';
import { countOf, formatInstant } from '../quantity.ts';
import type { ResultState } from '../result.ts';
import { writeDurably } from '../store/durable-file.ts';
import type { Chart } from './charts/chart.ts';
import { ratioOverTimeChart } from './charts/ratio-over-time.ts';
import { drawForPage } from './draw-for-page.ts';
import { escapeHtml, relativeHref } from './escape.ts';
import { chartHtml, type DrawnChart } from './html-blocks.ts';
import { page } from './page.ts';
import { ratioSeries } from './ratio-series.ts';
import type { StoredRatio } from './stored-ratio.ts';

/** One result in the list of all. */
export interface IndexEntry {
  id: string;
  kind: 'run' | 'experiment' | 'profile' | 'advice' | 'week';
  state: ResultState;
  /** ISO 8601, UTC. */
  startedAt: string;
  scenario: string;
  variants: readonly string[];
  headline: string;
  /** Of an experiment: see {@link storedRatios}; empty for anything else. */
  ratios: readonly StoredRatio[];
  /** The report, relative to the folder of the index. */
  href: string;
}

/**
 * Writes `index.html`, a list of all results, newest first, and how repeated comparisons moved, into an existing folder.
 *
 * @returns the path of the page
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function writeIndex(entries: readonly IndexEntry[], folder: string): Promise<string> {
  const charts = ratioCharts(entries);
  const drawings = new Map<string, DrawnChart>();
  for (const chart of charts) drawings.set(chart.name, await drawForPage(chart));
  const file = join(folder, 'index.html');
  await writeDurably(file, indexPage(entries, charts, drawings));
  return file;
}

const MOST_CHARTS = 8;

/** A chart for each comparison that was made more than once. */
export function ratioCharts(entries: readonly IndexEntry[]): Chart[] {
  return ratioSeries(entries)
    .slice(0, MOST_CHARTS)
    .map((series, index) => ratioOverTimeChart(series, `ratio-over-time-${index + 1}`));
}

/** The page of `writeIndex` as HTML. */
export function indexPage(
  entries: readonly IndexEntry[],
  charts: readonly Chart[] = [],
  drawings: ReadonlyMap<string, DrawnChart> = new Map(),
): string {
  const newest = entries.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  return page({
    title: 'Results',
    header: `<h1>Results</h1><p class="subtitle">${escapeHtml(countOf(entries.length, 'result'))}, newest first</p>`,
    main:
      newest.length === 0
        ? '<p class="missing">No results yet. Measure one with <code>rushhour experiment</code>.</p>'
        : [ratioSection(charts, drawings), '<h2>All results</h2>', ...newest.map(entryHtml)].join('\n'),
  });
}

function ratioSection(charts: readonly Chart[], drawings: ReadonlyMap<string, DrawnChart>): string {
  if (charts.length === 0) return '';
  const figures = charts.map((chart) => chartHtml(chart, drawings.get(chart.name)));
  return `<section id="over-time"><h2>Over time</h2>\n${figures.join('\n')}\n</section>`;
}

function entryHtml(entry: IndexEntry): string {
  const what = [
    entry.kind,
    entry.scenario,
    entry.variants.join(', '),
    formatInstant(entry.startedAt),
    ...(entry.state === 'complete' ? [] : [entry.state]),
  ];
  return `<section class="card">
<h3><a href="${escapeHtml(relativeHref(entry.href))}">${escapeHtml(entry.headline === '' ? entry.id : entry.headline)}</a></h3>
<p class="note">${escapeHtml(what.join(' · '))}</p>
<p class="note">${escapeHtml(entry.id)}</p>
</section>`;
}

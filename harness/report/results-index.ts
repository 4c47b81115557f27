import { join } from 'node:path';
import { countOf, formatInstant } from '../quantity.ts';
import type { ResultState } from '../result.ts';
import { writeDurably } from '../store/durable-file.ts';
import { escapeHtml } from './escape.ts';
import { page } from './html.ts';

/** One result in the list of all. */
export interface IndexEntry {
  id: string;
  kind: 'run' | 'experiment';
  state: ResultState;
  /** ISO 8601, UTC. */
  startedAt: string;
  scenario: string;
  variants: readonly string[];
  headline: string;
  /** The report, relative to the folder of the index. */
  href: string;
}

/**
 * Writes `index.html`, a list of all results, newest first, into an existing folder.
 *
 * @returns the path of the page
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function writeIndex(entries: readonly IndexEntry[], folder: string): Promise<string> {
  const file = join(folder, 'index.html');
  await writeDurably(file, indexPage(entries));
  return file;
}

/** The page of `writeIndex` as HTML. */
export function indexPage(entries: readonly IndexEntry[]): string {
  const newest = entries.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  return page({
    title: 'Results',
    header: `<h1>Results</h1><p class="subtitle">${escapeHtml(countOf(entries.length, 'result'))}, newest first</p>`,
    main:
      newest.length === 0
        ? '<p class="missing">No results yet. Measure one with <code>rushhour experiment</code>.</p>'
        : newest.map(entryHtml).join('\n'),
  });
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

/** A path below the folder, whatever its letters: never an address or a script. */
function relativeHref(path: string): string {
  return `./${path.split('/').map(encodeURIComponent).join('/')}`;
}

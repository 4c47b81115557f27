import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readHistory } from '../history/history-file.ts';
import { toolVersion } from '../machine/environment.ts';
import { isThere } from '../store/is-there.ts';
import { readResult, type StoredResult } from '../store/read-results.ts';
import { makeFolder } from '../store/writing.ts';
import { COMPARE_STYLE, writeComparePage } from './compare-page.ts';
import { writeComparisonData } from './comparison-data.ts';
import { listPage } from './list-page.ts';
import { listResults, type SiteResult } from './list-results.ts';
import { LIST_STYLE } from './list-style.ts';
import { DATA_FOLDER } from './page-shell.ts';
import { RESULTS_DATA, resultsData } from './results-data.ts';
import { TREND_STYLE, type TrendSources, writeTrendPages } from './trend-pages.ts';
import { writeChanged } from './write-changed.ts';
import { writeFrame } from './write-frame.ts';

export interface BuildSiteOptions {
  /** An existing folder: it becomes the site. */
  readonly resultsRoot: string;
  /** NDJSON of the nights; missing is none. */
  readonly historyFile: string;
  /** As in {@link listResults}. */
  readonly about?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuiltSite {
  /** Path of the page to open first. */
  readonly index: string;
  /** How many are listed. */
  readonly results: number;
  /** How many others are new or have changed and were not read. */
  readonly unread: number;
  /** Those of them that cannot be read, with the reason. */
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[];
  /** Newest first. */
  readonly listed: readonly SiteResult[];
}

/**
 * Makes the results folder a site of plain files: the list of all results, what the compare page needs of each, and the trends of the
 * nights. Works from disk and from any static host. Only what has changed since the last time is read and written.
 *
 * @throws HarnessError RESULT_WRITE_FAILED; the reason of `signal`
 */
export async function buildSite({
  resultsRoot,
  historyFile,
  about,
  signal,
}: BuildSiteOptions): Promise<BuiltSite> {
  await makeFolder(path.join(resultsRoot, DATA_FOLDER));
  const onRead = (result: StoredResult) => keepForComparison(resultsRoot, result);
  const { listed, unread } = await listResults(resultsRoot, { signal, onRead, about });
  await keepMissing(resultsRoot, listed, signal);
  await writeFrame(resultsRoot, [LIST_STYLE, COMPARE_STYLE, TREND_STYLE]);
  await writeChanged(path.join(resultsRoot, DATA_FOLDER, `${RESULTS_DATA}.js`), resultsData(listed));
  await writeComparePage(resultsRoot);
  const { nights, problems } = await readHistory(historyFile);
  await drawTrends({
    ...{ resultsRoot, nights, signal, results: listed },
    problems: problems.map(({ text }) => text),
  });
  const index = path.join(resultsRoot, 'index.html');
  await writeChanged(index, listPage(listed, unread));
  return {
    index,
    results: listed.length,
    unread,
    leftOut: listed
      .filter(({ state }) => state === 'unreadable')
      .map(({ id, headline }) => ({ id, reason: headline })),
    listed,
  };
}

async function keepForComparison(resultsRoot: string, result: StoredResult): Promise<void> {
  if (result.kind === 'run' || result.kind === 'experiment') await writeComparisonData(resultsRoot, result);
}

/** Of results that are known from another time: somebody may have removed what was kept of them. */
async function keepMissing(
  resultsRoot: string,
  listed: readonly SiteResult[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { id, kind, state } of listed) {
    if ((kind !== 'run' && kind !== 'experiment') || state === 'unreadable') continue;
    if (await isThere(path.join(resultsRoot, DATA_FOLDER, `${id}.js`))) continue;
    signal?.throwIfAborted();
    await keepForComparison(resultsRoot, await readResult(resultsRoot, id));
  }
}

/** Charts take seconds, and nights come once a day: they are drawn again when what they show is another. */
async function drawTrends(sources: TrendSources): Promise<void> {
  const shown = [
    toolVersion(),
    sources.nights,
    sources.problems,
    sources.results.map(({ id, ratios }) => [id, ratios]),
  ];
  const key = createHash('sha256').update(JSON.stringify(shown)).digest('hex');
  const file = path.join(sources.resultsRoot, DATA_FOLDER, 'trends.key');
  if ((await readFile(file, 'utf8').catch(() => '')) === key) return;
  await writeTrendPages(sources);
  await writeChanged(file, key);
}

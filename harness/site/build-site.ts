import path from 'node:path';
import { makeFolder } from '../store/writing.ts';
import { listPage } from './list-page.ts';
import { listResults, type SiteResult } from './list-results.ts';
import { LIST_STYLE } from './list-style.ts';
import { DATA_FOLDER } from './page-shell.ts';
import { RESULTS_DATA, resultsData } from './results-data.ts';
import { writeChanged } from './write-changed.ts';
import { writeFrame } from './write-frame.ts';

export interface BuildSiteOptions {
  /** An existing folder: it becomes the site. */
  readonly resultsRoot: string;
  /** NDJSON of the nights; missing is none. */
  readonly historyFile: string;
  readonly signal?: AbortSignal | undefined;
}

export interface BuiltSite {
  /** Path of the page to open first. */
  readonly index: string;
  /** How many are listed. */
  readonly results: number;
  /** Those of them that cannot be read, with the reason. */
  readonly leftOut: readonly { readonly id: string; readonly reason: string }[];
  /** Newest first. */
  readonly listed: readonly SiteResult[];
}

/**
 * Makes the results folder a site of plain files: the list of all results, and what its pages share. Works from disk and from any static
 * host. Only what has changed since the last time is read and written.
 *
 * @throws HarnessError RESULT_WRITE_FAILED; the reason of `signal`
 */
export async function buildSite({ resultsRoot, signal }: BuildSiteOptions): Promise<BuiltSite> {
  await makeFolder(path.join(resultsRoot, DATA_FOLDER));
  const listed = await listResults(resultsRoot, { signal });
  await writeFrame(resultsRoot, [LIST_STYLE]);
  await writeChanged(path.join(resultsRoot, DATA_FOLDER, `${RESULTS_DATA}.js`), resultsData(listed));
  const index = path.join(resultsRoot, 'index.html');
  await writeChanged(index, listPage(listed));
  return {
    index,
    results: listed.length,
    leftOut: listed
      .filter(({ state }) => state === 'unreadable')
      .map(({ id, headline }) => ({ id, reason: headline })),
    listed,
  };
}

import path from 'node:path';
import { messageOf } from '../errors.ts';
import { toolVersion } from '../machine/environment.ts';
import { shorten } from '../quantity.ts';
import { PROFILING_RESULTS_FILE } from '../report/write-profile.ts';
import { ADVICE_PAGE } from '../store/advice-folder.ts';
import { isThere } from '../store/is-there.ts';
import { listResultIds, readResult, type StoredResult } from '../store/read-results.ts';
import { type KnownResult, type KnownResults, keepKnown, readKnown, stampOf } from './known-results.ts';
import { type ListedKind, type ListedResult, listedResult, unreadableResult } from './listed-result.ts';

/** A result in the list, with where its page is. */
export interface SiteResult extends ListedResult {
  /** From the results folder; `null` while no page was drawn. */
  readonly href: string | null;
}

export interface ListResultsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Gets each result that was read because it is new or has changed, before the next one is. */
  readonly onRead?: ((result: StoredResult) => Promise<void>) | undefined;
}

/** Letters of the reason why a result cannot be read: some name every member that is wrong. */
const MOST_LETTERS = 300;

/**
 * Everything in the results folder, newest first. What an earlier call has read is not read again; what cannot be read is listed with
 * the reason.
 *
 * @throws HarnessError BAD_OPTION when there is no such folder, RESULT_WRITE_FAILED; the reason of `signal`
 */
export async function listResults(
  resultsRoot: string,
  { signal, onRead = async () => {} }: ListResultsOptions = {},
): Promise<SiteResult[]> {
  const version = toolVersion();
  const before = await readKnown(resultsRoot, version);
  const now: Record<string, KnownResult> = {};
  const listed: SiteResult[] = [];
  for (const id of (await listResultIds(resultsRoot)).reverse()) {
    signal?.throwIfAborted();
    const { result, stamp } = await listOne(resultsRoot, id, before, onRead);
    if (result.state !== 'unreadable') now[id] = { stamp, listed: result };
    listed.push({ ...result, href: await pageOf(resultsRoot, result) });
  }
  await keepKnown(resultsRoot, version, now);
  return listed;
}

async function listOne(
  resultsRoot: string,
  id: string,
  known: KnownResults,
  onRead: (result: StoredResult) => Promise<void>,
): Promise<{ result: ListedResult; stamp: string }> {
  let stored: StoredResult;
  let stamp = '';
  try {
    // The stamp comes first: what changes while it is read is read again the next time.
    stamp = await stampOf(path.join(resultsRoot, id));
    const earlier = Object.hasOwn(known, id) ? known[id] : undefined;
    if (earlier?.stamp === stamp) return { result: earlier.listed, stamp };
    stored = await readResult(resultsRoot, id);
  } catch (error) {
    return { result: unreadableResult(id, reasonOf(error, resultsRoot)), stamp };
  }
  await onRead(stored);
  return { result: listedResult(stored), stamp };
}

/** In the words of the error, without the place of the results on this machine. */
function reasonOf(error: unknown, resultsRoot: string): string {
  return shorten(messageOf(error).replaceAll(`${resultsRoot}${path.sep}`, ''), MOST_LETTERS);
}

/** Where the page of a result is, in its folder: the first of these that is there. Older results have Markdown alone. */
const PAGES: Readonly<Record<ListedKind, readonly string[]>> = {
  run: ['report/index.html', 'report/report.md'],
  experiment: ['report/index.html', 'report/report.md'],
  week: ['report/index.html', 'report/PERFORMANCE_REPORT.md'],
  profile: ['report/index.html', `report/${PROFILING_RESULTS_FILE}`],
  advice: ['report/index.html', ADVICE_PAGE],
  unknown: [],
};

async function pageOf(resultsRoot: string, { id, kind }: ListedResult): Promise<string | null> {
  for (const page of PAGES[kind]) {
    if (await isThere(path.join(resultsRoot, id, page))) return `${id}/${page}`;
  }
  return null;
}

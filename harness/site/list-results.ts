import path from 'node:path';
import { messageOf } from '../errors.ts';
import { toolVersion } from '../machine/environment.ts';
import { shorten } from '../quantity.ts';
import { PROFILING_RESULTS_FILE } from '../report/write-profile.ts';
import { ADVICE_PAGE } from '../store/advice-folder.ts';
import { isThere } from '../store/is-there.ts';
import { listResultIds, readResult, type StoredResult } from '../store/read-results.ts';
import { type KnownResult, keepKnown, readKnown, stampOf } from './known-results.ts';
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
  /** Id of the one result that the list is made for. Where many others would have to be read they are not. Without it all are. */
  readonly about?: string | undefined;
}

export interface ListedResults {
  /** Newest first. */
  readonly listed: readonly SiteResult[];
  /** How many others are new or have changed and were not read: they are listed as they were, or not yet. */
  readonly unread: number;
}

/** Results that are read beside the one that the list is made for: a second's worth (`npm run bench:site`). */
const MOST_READ_BESIDE = 20;

/** Letters of the reason why a result cannot be read: some name every member that is wrong. */
const MOST_LETTERS = 300;

/**
 * Everything in the results folder. What an earlier call has read is not read again; what cannot be read is listed with the reason.
 *
 * @throws HarnessError BAD_OPTION when there is no such folder, RESULT_WRITE_FAILED; the reason of `signal`
 */
export async function listResults(
  resultsRoot: string,
  { signal, onRead = async () => {}, about }: ListResultsOptions = {},
): Promise<ListedResults> {
  const looks = await lookAtAll(resultsRoot, signal);
  const others = looks.filter((look) => look.id !== about && !isUnchanged(look)).length;
  const leavesOthers = about !== undefined && others > MOST_READ_BESIDE;
  const now: Record<string, KnownResult> = {};
  const listed: SiteResult[] = [];
  for (const look of looks) {
    signal?.throwIfAborted();
    const known = leavesOthers && look.id !== about ? look.earlier : await knownOf(resultsRoot, look, onRead);
    if (known === undefined) continue;
    now[look.id] = known;
    listed.push({ ...known.listed, href: await pageOf(resultsRoot, known.listed) });
  }
  await keepKnown(resultsRoot, now);
  return { listed, unread: leavesOthers ? others : 0 };
}

/** A result, and what was known of it before it is read. */
interface Look {
  readonly id: string;
  /** Of now, with the version of the tool, which may say other words of the same record. */
  readonly stamp: string;
  readonly earlier: KnownResult | undefined;
}

/** Newest first. */
async function lookAtAll(resultsRoot: string, signal: AbortSignal | undefined): Promise<Look[]> {
  const version = toolVersion();
  const before = await readKnown(resultsRoot);
  const looks: Look[] = [];
  for (const id of (await listResultIds(resultsRoot)).reverse()) {
    signal?.throwIfAborted();
    // What closes the folder to us is said by who reads it.
    const stamp = `${version}: ${await stampOf(path.join(resultsRoot, id)).catch(() => 'closed')}`;
    looks.push({ id, stamp, earlier: Object.hasOwn(before, id) ? before[id] : undefined });
  }
  return looks;
}

function isUnchanged({ earlier, stamp }: Look): boolean {
  return earlier?.stamp === stamp;
}

/** The stamp is that of before it was read: what changes meanwhile is read again the next time. */
async function knownOf(
  resultsRoot: string,
  look: Look,
  onRead: (result: StoredResult) => Promise<void>,
): Promise<KnownResult> {
  const { id, stamp, earlier } = look;
  // Why a file cannot be read may have passed without a trace in it.
  if (earlier && isUnchanged(look) && earlier.listed.state !== 'unreadable') return earlier;
  let stored: StoredResult;
  try {
    stored = await readResult(resultsRoot, id);
  } catch (error) {
    return { stamp, listed: unreadableResult(id, reasonOf(error, resultsRoot)) };
  }
  await onRead(stored);
  return { stamp, listed: listedResult(stored) };
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

/** What changes in a results folder: results that are measured now, and results that have come or ended. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isProcessAlive } from '../process-alive.ts';
import { ADVICE_FILE } from '../store/advice-folder.ts';
import { SO_FAR_FILE } from '../store/experiment-folder.ts';
import { listResultIds } from '../store/read-results.ts';
import { EXPERIMENT_FILE, PROFILE_FILE, RUN_FILE } from '../store/result-folder.ts';
import { WEEK_FILE, WEEK_SO_FAR_FILE } from '../store/week-folder.ts';
import { type LiveState, readLiveState } from './live-feed.ts';
import { readingLines } from './reading-lines.ts';

/** One result that is measured now, as the page shows it. */
export interface RunningNow extends Omit<LiveState, 'reading'> {
  /** In words; the same that the terminal shows. */
  readonly lines: readonly string[];
  /** Its process has gone without ending it. */
  readonly brokeOff: boolean;
}

export interface ResultsState {
  readonly running: readonly RunningNow[];
  /** Changes whenever a result has come or ended. */
  readonly mark: string;
}

const ENDS = [RUN_FILE, EXPERIMENT_FILE, PROFILE_FILE, ADVICE_FILE, WEEK_FILE];
/** Of what broke off, and of what is measured: the report tells them apart. */
const SO_FAR = [SO_FAR_FILE, WEEK_SO_FAR_FILE];
const REPORT = 'report';

/** Wider than any line: the page breaks them itself. */
const WIDEST = 400;

/**
 * Looks at every result once and later only at those that have no end yet: a folder with a thousand results costs a listing a second.
 */
export function watchResults(resultsRoot: string): () => Promise<ResultsState> {
  const ended = new Set<string>();
  return async () => {
    const ids = await listResultIds(resultsRoot);
    const running: RunningNow[] = [];
    for (const id of ids) {
      if (ended.has(id)) continue;
      const folder = path.join(resultsRoot, id);
      const live = await readLiveState(folder);
      if (live) running.push(runningNow(live));
      else if (await hasEnd(folder)) ended.add(id);
    }
    for (const id of ended) if (!ids.includes(id)) ended.delete(id);
    return { running, mark: `${ended.size} ${[...ended].at(-1) ?? ''}` };
  };
}

function runningNow({ reading, ...live }: LiveState): RunningNow {
  return {
    ...live,
    lines: reading ? readingLines(reading, WIDEST) : [],
    brokeOff: !isProcessAlive(live.pid),
  };
}

/** Nothing tells of it any more, and so its report is drawn: the list links to it. Some have none: calibrations, and where none was wanted. */
async function hasEnd(folder: string): Promise<boolean> {
  const files = new Set(await readdir(folder).catch(() => []));
  return (
    ENDS.some((file) => files.has(file)) || (files.has(REPORT) && SO_FAR.some((file) => files.has(file)))
  );
}

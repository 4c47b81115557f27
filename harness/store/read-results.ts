import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AdviceRecord } from '../advice-record.ts';
import { HarnessError } from '../errors.ts';
import { withoutRuns } from '../experiment/without-runs.ts';
import { ExperimentRecord, type PlannedSlot } from '../experiment-record.ts';
import { ProfileRecord } from '../profile-record.ts';
import { RunRecord } from '../result.ts';
import { WeekRecord } from '../week-record.ts';
import { ADVICE_FILE } from './advice-folder.ts';
import { PLAN_FILE, SO_FAR_FILE } from './experiment-folder.ts';
import { parseRecord } from './parse-record.ts';
import { EVENTS_FILE, EXPERIMENT_FILE, PROFILE_FILE, RUN_FILE } from './result-folder.ts';
import { readThinned, type ThinnedSamples } from './thinned-samples.ts';
import { WEEK_FILE, WEEK_PLAN_FILE, WEEK_SO_FAR_FILE } from './week-folder.ts';

/** What holds runs: two of them can be compared. */
export type StoredRuns =
  | { readonly kind: 'run'; readonly id: string; readonly folder: string; readonly run: RunRecord }
  | {
      readonly kind: 'experiment';
      readonly id: string;
      readonly folder: string;
      readonly experiment: ExperimentRecord;
      readonly runs: readonly (PlannedSlot & { readonly run: RunRecord })[];
      /** What of its raw samples was removed; absent: nothing. */
      readonly thinned?: ThinnedSamples;
    };

export type StoredResult =
  | StoredRuns
  | {
      readonly kind: 'profile';
      readonly id: string;
      readonly folder: string;
      readonly profile: ProfileRecord;
    }
  | {
      readonly kind: 'advice';
      readonly id: string;
      readonly folder: string;
      readonly advice: AdviceRecord;
    }
  | {
      readonly kind: 'week';
      readonly id: string;
      readonly folder: string;
      readonly week: WeekRecord;
    };

/**
 * Reads a result by id, by the beginning of one, by `last`, or by the path of its folder.
 * @throws HarnessError RESULT_NOT_FOUND, or BAD_RESULT_FILE with what is wrong where.
 */
export async function readResult(resultsRoot: string, reference: string): Promise<StoredResult> {
  const folder = await findResultFolder(resultsRoot, reference);
  const files = await readdir(folder);
  const experimentFile = [EXPERIMENT_FILE, SO_FAR_FILE].find((file) => files.includes(file));
  if (experimentFile) return readExperiment(folder, experimentFile);
  if (files.includes(RUN_FILE)) {
    return {
      kind: 'run',
      id: path.basename(folder),
      folder,
      run: await parseRecord(path.join(folder, RUN_FILE), RunRecord),
    };
  }
  if (files.includes(PROFILE_FILE)) {
    const profile = await parseRecord(path.join(folder, PROFILE_FILE), ProfileRecord);
    return { kind: 'profile', id: path.basename(folder), folder, profile };
  }
  if (files.includes(ADVICE_FILE)) {
    const advice = await parseRecord(path.join(folder, ADVICE_FILE), AdviceRecord);
    return { kind: 'advice', id: path.basename(folder), folder, advice };
  }
  const weekFile = [WEEK_FILE, WEEK_SO_FAR_FILE].find((file) => files.includes(file));
  if (weekFile) {
    const week = await parseRecord(path.join(folder, weekFile), WeekRecord);
    return { kind: 'week', id: path.basename(folder), folder, week };
  }
  throw new HarnessError('RESULT_NOT_FOUND', `${folder} holds no end record: that result is incomplete.`, {
    hint:
      resumeHint(path.basename(folder), files) ??
      (files.includes(EVENTS_FILE)
        ? `What was measured before it broke off is in ${path.join(folder, EVENTS_FILE)} and, of an experiment, in its runs/ folder.`
        : `Expected ${RUN_FILE}, ${EXPERIMENT_FILE}, ${PROFILE_FILE}, ${ADVICE_FILE} or ${WEEK_FILE} in it.`),
  });
}

/** What has a plan can go on. */
function resumeHint(id: string, files: readonly string[]): string | null {
  const verb = files.includes(PLAN_FILE) ? 'experiment' : files.includes(WEEK_PLAN_FILE) ? 'week' : null;
  return verb === null ? null : `\`rushhour ${verb} --resume ${id}\` goes on with it.`;
}

async function readExperiment(folder: string, file: string): Promise<StoredResult> {
  const experiment = await parseRecord(path.join(folder, file), ExperimentRecord);
  checkDifferent(path.join(folder, file), experiment);
  const runs = await Promise.all(
    experiment.runs.map(async ({ part, pair, slot, variant, folder: runFolder }) => {
      const run = await parseRecord(path.join(folder, runFolder, RUN_FILE), RunRecord);
      return { part, pair, slot, variant, run };
    }),
  );
  const thinned = await readThinned(folder);
  return {
    ...{ kind: 'experiment', id: path.basename(folder), folder, experiment, runs },
    ...(thinned === null ? {} : { thinned }),
  };
}

/** @throws HarnessError BAD_RESULT_FILE when a run is listed twice: it would count twice. */
function checkDifferent(file: string, { runs }: ExperimentRecord): void {
  const twice = runs.findIndex((run, index) => runs.findIndex(({ folder }) => folder === run.folder) < index);
  const again = runs[twice];
  if (again)
    throw new HarnessError(
      'BAD_RESULT_FILE',
      `${file}: expected every run once, got runs[${twice}] (${again.folder}) a second time.`,
      { hint: 'Something has changed the file: records are never edited. Measure again.' },
    );
}

/**
 * As {@link readResult}, for a comparison.
 * @throws HarnessError NOT_COMPARABLE for what holds no runs.
 */
export async function readRuns(resultsRoot: string, reference: string): Promise<StoredRuns> {
  const result = await readResult(resultsRoot, reference);
  if (result.kind === 'run' || result.kind === 'experiment') return result;
  const { message, hint } = withoutRuns(result.id, result.kind);
  throw new HarnessError('NOT_COMPARABLE', message, { hint });
}

/**
 * The folder of a result by id, by the beginning of one, by `last`, or by its path, whether complete or not.
 * @throws HarnessError RESULT_NOT_FOUND
 */
export async function findResultFolder(resultsRoot: string, reference: string): Promise<string> {
  const ids = await listResultIds(resultsRoot);
  if (reference === 'last') {
    const newest = ids.at(-1);
    if (newest) return path.join(resultsRoot, newest);
    throw new HarnessError('RESULT_NOT_FOUND', `There is no result in ${resultsRoot} yet.`, {
      hint: '`rushhour run smoke` makes one; --results DIR looks elsewhere.',
    });
  }
  const matches = ids.includes(reference) ? [reference] : ids.filter((id) => id.startsWith(reference));
  if (matches.length === 1 && matches[0]) return path.join(resultsRoot, matches[0]);
  if (matches.length > 1) {
    throw new HarnessError(
      'RESULT_NOT_FOUND',
      `"${reference}" is the beginning of ${matches.length} results: ${matches.join(', ')}.`,
      {
        hint: 'Give more of the id.',
      },
    );
  }
  const asPath = path.resolve(reference);
  if (await isFolder(asPath)) return asPath;
  throw new HarnessError('RESULT_NOT_FOUND', `No result "${reference}" in ${resultsRoot}.`, {
    hint: ids.length
      ? `The newest are ${ids.slice(-3).reverse().join(', ')}.`
      : '`rushhour run smoke` makes a first one.',
  });
}

/** Ids of everything in the results folder, oldest first: an id begins with its time. */
export async function listResultIds(resultsRoot: string): Promise<string[]> {
  const entries = await readdir(resultsRoot, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTDIR') return [];
      throw new HarnessError('BAD_OPTION', `--results: expected a folder, got a file: ${resultsRoot}.`, {
        cause: error,
        hint: 'Give the folder that holds the results; without --results it is ./results.',
      });
    },
  );
  return entries
    .filter((entry) => entry.isDirectory() && /^\d{8}-\d{6}-/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

async function isFolder(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => true,
    () => false,
  );
}

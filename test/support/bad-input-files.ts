/** Results that something has happened to, made from the examples in results/. */
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';

/** Puts files into the folder that a row of the table is run in. */
export type Files = (folder: string) => Promise<void>;

/** Ids of the results that a row may name. */
export const RUN = '20261101-000000-run-load-aaaa';
export const OTHER_RUN = '20261101-000000-run-load-bbbb';
export const EXPERIMENT = '20261102-000000-experiment-load-aaaa';
export const PROFILE = '20261103-000000-profile-baseline-aaaa';
export const ADVICE = '20261104-000000-advise-baseline-aaaa';
export const WEEK = '20261105-000000-week-full-aaaa';

const EXAMPLES = path.join(PROJECT_ROOT, 'results', 'examples');
const EXAMPLE_EXPERIMENT = path.join(EXAMPLES, '20261124-184850-experiment-load-a005');
const SOURCES: Readonly<Record<string, string>> = {
  [RUN]: path.join(EXAMPLE_EXPERIMENT, 'runs', 'count-01', '1-baseline', 'run.json'),
  [OTHER_RUN]: path.join(EXAMPLE_EXPERIMENT, 'runs', 'count-01', '2-optimised', 'run.json'),
  [EXPERIMENT]: path.join(EXAMPLE_EXPERIMENT, 'experiment.json'),
  [PROFILE]: path.join(EXAMPLES, '20261126-015908-profile-baseline-23f3', 'profile.json'),
  [ADVICE]: path.join(EXAMPLES, '20261126-020028-advise-baseline-e542', 'advice.json'),
  [WEEK]: path.join(EXAMPLES, '20261126-055408-week-full-60a6', 'week.json'),
};

/** All of these. */
export function all(...files: readonly Files[]): Files {
  return async (folder) => {
    for (const put of files) await put(folder);
  };
}

/** A file of a result, with this content. */
export function file(id: string, name: string, content: string | Uint8Array): Files {
  return async (folder) => {
    const place = path.join(folder, 'results', id, name);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
  };
}

/** A folder where a file of a result is expected. */
export function folderAt(id: string, name: string): Files {
  return async (folder) => {
    await mkdir(path.join(folder, 'results', id, name), { recursive: true });
  };
}

export type Change = (text: string) => string | Uint8Array;

/** The record of a result with its text changed. */
export function record(id: string, change: Change = (text) => text): Files {
  return async (folder) => {
    const source = SOURCES[id] ?? '';
    await file(id, path.basename(source), change(await readFile(source, 'utf8')))(folder);
  };
}

/** The record of a result, which nobody but root may read. */
export function closedRecord(id: string): Files {
  return async (folder) => {
    await record(id)(folder);
    await chmod(path.join(folder, 'results', id, path.basename(SOURCES[id] ?? '')), 0);
  };
}

/** Changes fields of a record; `undefined` takes one out. */
export function fields(changes: Readonly<Record<string, unknown>>): Change {
  return (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...changes });
}

/** The first part of a text. */
export function cutAt(characters: number): Change {
  return (text) => text.slice(0, characters);
}

/** The experiment with its plan and runs, without one thing in its folder. */
export function experimentWithout(name: string): Files {
  return async (folder) => {
    const place = path.join(folder, 'results', EXPERIMENT);
    await mkdir(place, { recursive: true });
    for (const part of ['experiment.json', 'plan.json', 'runs'])
      await cp(path.join(EXAMPLE_EXPERIMENT, part), path.join(place, part), { recursive: true });
    await rm(path.join(place, name), { recursive: true });
  };
}

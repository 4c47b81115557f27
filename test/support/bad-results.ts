/** Results that are not there, are something else, or were broken. */
import { EXIT } from '../../harness/errors.ts';
import type { BadInput } from './bad-input.ts';
import {
  ADVICE,
  all,
  closedRecord,
  cutAt,
  EXPERIMENT,
  experimentWithout,
  fields,
  file,
  folderAt,
  OTHER_RUN,
  PROFILE,
  RUN,
  record,
  WEEK,
} from './bad-input-files.ts';
import { buildNight } from './night-builders.ts';

const asRoot = process.getuid?.() === 0 && 'root may read everything';

export const BAD_NAMES: readonly BadInput[] = [
  {
    what: 'a result where there is none',
    args: ['report', 'last'],
    message: 'There is no result in {folder}/results yet.',
    hint: '`rushhour run smoke` makes one; --results DIR looks elsewhere.',
  },
  {
    what: 'a result that is not there',
    args: ['report', 'nothing'],
    files: record(RUN),
    message: 'No result "nothing" in {folder}/results.',
    hint: 'The newest are 20261101-000000-run-load-aaaa.',
  },
  {
    what: 'the beginning of two results',
    args: ['report', '20261101'],
    files: all(record(RUN), record(OTHER_RUN)),
    message:
      '"20261101" is the beginning of 2 results: 20261101-000000-run-load-aaaa, 20261101-000000-run-load-bbbb.',
    hint: 'Give more of the id.',
  },
  {
    what: 'results that are a file',
    args: ['report', 'last', '--results', 'results'],
    files: file('..', 'results', 'x'),
    message: '--results: expected a folder, got a file: {folder}/results.',
    hint: 'Give the folder that holds the results; without --results it is ./results.',
  },
  {
    what: 'a profile to compare',
    args: ['compare', RUN, PROFILE],
    files: all(record(RUN), record(PROFILE)),
    exit: EXIT.notComparable,
    message:
      '20261103-000000-profile-baseline-aaaa cannot be compared: expected a run or an experiment, got a profile.',
    hint: '`rushhour experiment` compares two variants; `rushhour report` shows what a profile, an advice or a week found.',
  },
  {
    what: 'a variant of two runs',
    args: ['compare', RUN, OTHER_RUN, '--variant', 'indexes'],
    files: all(record(RUN), record(OTHER_RUN)),
    message: '--variant: expected an experiment, got two runs, which have one each.',
    hint: '`rushhour compare --help` lists what it takes.',
  },
  {
    what: 'a variant that an experiment does not have',
    args: ['compare', EXPERIMENT, EXPERIMENT, '--variant', 'indexes'],
    files: experimentWithout('plan.json'),
    message:
      'Expected the variant indexes that both experiments have: 20261102-000000-experiment-load-aaaa has baseline, optimised; 20261102-000000-experiment-load-aaaa has baseline, optimised.',
    hint: '`rushhour compare --help` lists what it takes.',
  },
  {
    what: 'an experiment to resume that is not there',
    args: ['experiment', '--resume', 'last'],
    message: 'There is no result in {folder}/results yet.',
    hint: '`rushhour run smoke` makes one; --results DIR looks elsewhere.',
  },
  {
    what: 'an experiment to resume that is complete',
    args: ['experiment', '--resume', EXPERIMENT],
    files: experimentWithout('runs/load-02'),
    message: '--resume: 20261102-000000-experiment-load-aaaa is complete.',
    hint: '`rushhour report 20261102-000000-experiment-load-aaaa` shows it.',
  },
  {
    what: 'an experiment to resume that is a run',
    args: ['experiment', '--resume', RUN],
    files: record(RUN),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa holds no plan: nothing had been measured in pairs yet.',
    hint: 'Start the experiment anew.',
  },
  {
    what: 'a week to resume that is complete',
    args: ['week', '--resume', WEEK],
    files: record(WEEK),
    message: '--resume: 20261105-000000-week-full-aaaa is complete.',
    hint: '`rushhour report 20261105-000000-week-full-aaaa` shows it.',
  },
  {
    what: 'a week to resume that is a run',
    args: ['week', '--resume', RUN],
    files: record(RUN),
    message: '--resume: 20261101-000000-run-load-aaaa is no week: expected week-plan.json in it.',
    hint: '`rushhour experiment --resume` goes on with an experiment; `rushhour report` lists all results.',
  },
];

export const BAD_HISTORIES: readonly BadInput[] = [
  {
    what: 'a history where there is none',
    args: ['history'],
    message: '--history: there is no file {folder}/nightly/history.ndjson.',
    hint: '`rushhour nightly` makes it with its first night; --history FILE names another one.',
  },
  {
    what: 'a history that is a folder',
    args: ['history', '--history', 'results'],
    files: folderAt(RUN, 'report'),
    message: 'results: expected a history, got EISDIR: illegal operation on a directory, read.',
    hint: 'Give the file that `rushhour nightly` appends to: its nights stand in it, a line each.',
  },
  {
    what: 'a branch that has no night',
    args: ['history', '--history', 'results/history.ndjson', '--branch', 'mian'],
    files: file('.', 'history.ndjson', JSON.stringify(buildNight(1))),
    message: '--branch: there is no night of "mian"; did you mean \'main\'?',
    hint: 'Without --branch the nights of all branches are listed.',
  },
];

export const BAD_RESULTS: readonly BadInput[] = [
  {
    what: 'a run that was cut',
    args: ['report', RUN],
    files: record(RUN, cutAt(2_000)),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json is not JSON: expected a record, got 2,000 bytes that break off inside one.',
    hint: 'The file was cut or edited. Results cannot be repaired; measure again.',
  },
  {
    what: 'an empty run',
    args: ['report', RUN],
    files: record(RUN, () => ''),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json is not JSON: expected a record, got an empty file.',
    hint: 'The file was cut or edited. Results cannot be repaired; measure again.',
  },
  {
    what: 'binary noise',
    args: ['report', RUN],
    files: record(RUN, () => Uint8Array.from({ length: 512 }, (_, n) => (n * 151) % 256)),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json is not JSON: expected a record, got 512 bytes of something else.',
    hint: 'The file was cut or edited. Results cannot be repaired; measure again.',
  },
  {
    what: 'a list for a record',
    args: ['report', RUN],
    files: record(RUN, () => '[1, 2]'),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json is no record of rushhour: expected the format "rushhour.run/2", got none.',
    hint: 'Was another file put in its place?',
  },
  {
    what: 'a run of a newer rushhour',
    args: ['report', RUN],
    files: record(RUN, fields({ schema: 'rushhour.run/3' })),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json comes from a newer rushhour: expected the format "rushhour.run/2", got "rushhour.run/3".',
    hint: 'Read it with that version, or bring this one up to date.',
  },
  {
    what: 'a run of an older rushhour',
    args: ['report', RUN],
    files: record(RUN, fields({ schema: 'rushhour.run/1' })),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json comes from an older rushhour: expected the format "rushhour.run/2", got "rushhour.run/1".',
    hint: 'Read it with the version that has measured, or measure again.',
  },
  {
    what: 'a run of no known format',
    args: ['report', RUN],
    files: record(RUN, fields({ schema: 'k6.summary/1' })),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json is no record of rushhour: expected the format "rushhour.run/2", got "k6.summary/1".',
    hint: 'Was another file put in its place?',
  },
  {
    what: 'a run that says no format',
    args: ['report', RUN],
    files: record(RUN, fields({ schema: undefined })),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json is no record of rushhour: expected the format "rushhour.run/2", got none.',
    hint: 'Was another file put in its place?',
  },
  {
    what: 'a run with a wrong type',
    args: ['report', RUN],
    files: record(RUN, fields({ loads: 'none', startedAt: 5 })),
    message: [
      '{folder}/results/20261101-000000-run-load-aaaa/run.json does not fit rushhour.run/2:',
      '  startedAt: expected string, got 5',
      '  loads: expected array, got "none"',
    ].join('\n'),
    hint: 'Something has changed the file: records are never edited. What was measured cannot be told from it any more; measure again.',
  },
  {
    what: 'a run in a state that is none',
    args: ['report', RUN],
    files: record(RUN, fields({ state: 'finished' })),
    message: [
      '{folder}/results/20261101-000000-run-load-aaaa/run.json does not fit rushhour.run/2:',
      '  state: expected one of "complete"|"interrupted"|"failed", got "finished"',
    ].join('\n'),
    hint: 'Something has changed the file: records are never edited. What was measured cannot be told from it any more; measure again.',
  },
  {
    what: 'a run with nothing in it',
    args: ['report', RUN],
    files: record(RUN, () => '{"schema":"rushhour.run/2"}'),
    message: [
      '{folder}/results/20261101-000000-run-load-aaaa/run.json does not fit rushhour.run/2:',
      '  id: expected string, got nothing',
      '  state: expected one of "complete"|"interrupted"|"failed", got nothing',
      '  failure: expected string, got nothing',
      '  startedAt: expected string, got nothing',
      '  endedAt: expected string, got nothing',
      '  and 12 more',
    ].join('\n'),
    hint: 'Something has changed the file: records are never edited. What was measured cannot be told from it any more; measure again.',
  },
  {
    what: 'a folder for a run',
    args: ['report', RUN],
    files: folderAt(RUN, 'run.json'),
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json: expected a record, but it is a folder.',
    hint: 'Move that folder away; the record cannot be told without the file.',
  },
  {
    what: 'a run that may not be read',
    args: ['report', RUN],
    files: closedRecord(RUN),
    skip: asRoot,
    message:
      '{folder}/results/20261101-000000-run-load-aaaa/run.json: expected a record, but this account may not read it.',
    hint: 'Read it with the account that has measured, or give this one the right.',
  },
  {
    what: 'a result without an end record',
    args: ['report', RUN],
    files: file(RUN, 'events.ndjson', '{"at":"2026-11-01T00:00:00.000Z","event":"star'),
    message: '{folder}/results/20261101-000000-run-load-aaaa holds no end record: that result is incomplete.',
    hint: 'What was measured before it broke off is in {folder}/results/20261101-000000-run-load-aaaa/events.ndjson and, of an experiment, in its runs/ folder.',
  },
  {
    what: 'a folder with nothing of ours',
    args: ['report', RUN],
    files: file(RUN, 'notes.txt', 'x'),
    message: '{folder}/results/20261101-000000-run-load-aaaa holds no end record: that result is incomplete.',
    hint: 'Expected run.json, experiment.json, profile.json, advice.json or week.json in it.',
  },
  {
    what: 'an experiment that has a plan and nothing else',
    args: ['report', EXPERIMENT],
    files: file(EXPERIMENT, 'plan.json', '{}'),
    message:
      '{folder}/results/20261102-000000-experiment-load-aaaa holds no end record: that result is incomplete.',
    hint: '`rushhour experiment --resume 20261102-000000-experiment-load-aaaa` goes on with it.',
  },
  {
    what: 'an experiment without the folder of a slot',
    args: ['report', EXPERIMENT],
    files: experimentWithout('runs/count-01/1-baseline'),
    message:
      '{folder}/results/20261102-000000-experiment-load-aaaa/runs/count-01/1-baseline/run.json: expected a record, but there is no such file.',
    hint: 'Part of this result was removed. Bring it back, or measure again.',
  },
  {
    what: 'an experiment with a plan that was cut',
    args: ['experiment', '--resume', EXPERIMENT],
    files: file(EXPERIMENT, 'plan.json', '{"schema":"rushhour.pl'),
    message:
      '{folder}/results/20261102-000000-experiment-load-aaaa/plan.json is not JSON: expected a record, got 22 bytes that break off inside one.',
    hint: 'The file was cut or edited. Results cannot be repaired; measure again.',
  },
  {
    what: 'an experiment that lists a run twice',
    args: ['report', EXPERIMENT],
    files: record(EXPERIMENT, twice('runs')),
    message:
      '{folder}/results/20261102-000000-experiment-load-aaaa/experiment.json: expected every run once, got runs[36] (runs/count-01/1-baseline) a second time.',
    hint: 'Something has changed the file: records are never edited. Measure again.',
  },
  {
    what: 'a profile in place of a week',
    args: ['report', WEEK],
    files: record(WEEK, fields({ schema: 'rushhour.profile/1' })),
    message:
      '{folder}/results/20261105-000000-week-full-aaaa/week.json is a record of another kind: expected the format "rushhour.week/1", got "rushhour.profile/1".',
    hint: 'The file was renamed or copied; put it back.',
  },
  {
    what: 'a week to resume whose plan is that of an experiment',
    args: ['week', '--resume', WEEK],
    files: file(WEEK, 'week-plan.json', '{"schema":"rushhour.plan/1"}'),
    message:
      '{folder}/results/20261105-000000-week-full-aaaa/week-plan.json is a record of another kind: expected the format "rushhour.week-plan/1", got "rushhour.plan/1".',
    hint: 'The file was renamed or copied; put it back.',
  },
  {
    what: 'a profile that was cut',
    args: ['compare', PROFILE, PROFILE],
    files: record(PROFILE, cutAt(100)),
    message:
      '{folder}/results/20261103-000000-profile-baseline-aaaa/profile.json is not JSON: expected a record, got 100 bytes that break off inside one.',
    hint: 'The file was cut or edited. Results cannot be repaired; measure again.',
  },
  {
    what: 'an advice of a newer rushhour',
    args: ['report', ADVICE],
    files: record(ADVICE, fields({ schema: 'rushhour.advice/2' })),
    message:
      '{folder}/results/20261104-000000-advise-baseline-aaaa/advice.json comes from a newer rushhour: expected the format "rushhour.advice/1", got "rushhour.advice/2".',
    hint: 'Read it with that version, or bring this one up to date.',
  },
  {
    what: 'calibrations of another shape',
    args: ['experiment', '--mode', 'count'],
    files: file('.', 'calibrations.ndjson', '{"half":\n{"at":1}\n'),
    message:
      '{folder}/results/calibrations.ndjson: line 2 is not a record of this version of rushhour: at: expected string, got 1.',
    hint: 'Move the file away to begin a new one; nothing else depends on it.',
  },
];

/** The record with the first of a list in it once more. */
function twice(name: string): (text: string) => string {
  return (text) => {
    const value = JSON.parse(text) as Record<string, unknown[]>;
    return JSON.stringify({ ...value, [name]: [...(value[name] ?? []), value[name]?.[0]] });
  };
}

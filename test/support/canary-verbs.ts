import path from 'node:path';
import { EXIT } from '../../harness/errors.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { PRODUCTION } from './canary.ts';
import { SMALLEST_OPTIONS } from './smallest-shape.ts';

/** One command line that is pointed at a canary's server. `--server` and `--results` are added where the verb takes them. */
export interface VerbCase {
  readonly args: readonly string[];
  readonly exits: readonly number[];
  /** It is interrupted once it has said this; without it, it runs to its end. */
  readonly until?: RegExp;
}

/** Names the canary: refused before anything is done. */
function refused(...args: string[]): VerbCase {
  return { args, exits: [EXIT.refused] };
}

/** Ends before any server is asked. */
function wrong(...args: string[]): VerbCase {
  return { args, exits: [EXIT.usage] };
}

/** Whether a command line gets as far as a server. */
export function asksServer({ exits }: VerbCase): boolean {
  return !exits.includes(EXIT.usage);
}

/** Uses the canary's server: works in databases of its own. A threshold may fail on so little data. */
function works(...args: string[]): VerbCase {
  return { args, exits: [EXIT.fine, EXIT.thresholdsFailed] };
}

/** Works until it is interrupted, at something it would do for long. */
function interrupted(until: RegExp, ...args: string[]): VerbCase {
  return { args, exits: [EXIT.fine, EXIT.thresholdsFailed, EXIT.interrupted], until };
}

const DATA = SMALLEST_OPTIONS;
/** Stands for the URL of the canary itself, where a verb takes one. */
export const CANARY_URL = '(url of the canary)';
/** Of a service that runs, whose database would be one that only looks like ours. */
const SERVED_CONFIG = path.join(PROJECT_ROOT, 'test', 'fixtures', 'configs', 'served', 'rushhour.config.mjs');
const NAMED = ['--database', PRODUCTION];

/**
 * Every verb with everything by which it could reach a database. A new verb is a new line here: `refused` for each way in
 * which it names a database, `works` for each in which it uses a server. `[]`: it starts no server and opens no database.
 */
export const VERBS: Readonly<Record<string, readonly VerbCase[]>> = {
  doctor: [works()],
  init: [works('--name', 'shop', '--schema', '--force', '--database', CANARY_URL)],
  check: [refused('--config', SERVED_CONFIG, ...DATA)],
  seed: [works(...DATA)],
  migrate: ['up', 'down', 'status'].map((action) => refused(action, ...NAMED)),
  serve: [interrupted(/Ctrl-C stops it/, '--variant', 'optimised', '--port', '0', ...DATA)],
  run: [works('smoke', '--generator', 'autocannon', '--probes', '1', '--duration-factor', '0.05', ...DATA)],
  experiment: [
    works(
      'smoke',
      '--mode',
      'count',
      '--probes',
      '1',
      '--no-report',
      '--drop-index',
      'booking_company_scheduled_idx',
      '--variants',
      'indexes,optimised',
      ...DATA,
    ),
  ],
  profile: [interrupted(/✔ Plans/, '--probes', '1', ...DATA)],
  advise: [
    interrupted(/✔ baseline · capture/, '--dispatches', '1', '--candidates', '1', '--pairs', '0', ...DATA),
  ],
  week: [
    interrupted(/✔ Day 1 .*1 of/, '--quick', '--only', 'day1', ...DATA),
    interrupted(/✔ Day 2 .*1 of/, '--quick', '--only', 'day2', ...DATA),
  ],
  // They need a config whose variant is of commits: what they do with one stands below.
  nightly: [wrong()],
  bisect: [wrong('--good', 'HEAD~1', '--bad', 'HEAD')],
  compare: [],
  report: [],
  history: [],
  open: [interrupted(/Results: http/, '--no-browser')],
  calibrate: [interrupted(/pair 1 of/, '--slice-sizes', '1', '--pairs', '8', '--dispatches', '1', ...DATA)],
  backup: [refused(...NAMED), refused(...NAMED, '--disconnect', '--dump')],
  restore: [
    works(),
    refused('last', ...NAMED, '--disconnect', '--drop-old', '--from', 'template'),
    refused('last', ...NAMED, '--disconnect', '--drop-old', '--from', 'dump'),
  ],
  clean: [refused('--yes', '--backups')],
};

/** Flags by which a verb reaches a database or does more to it: each that a verb has must be in one of its cases. */
export const REACHING_FLAGS = /^--(server|database|disconnect|dump|from|drop-old|drop-index|backups)$/;

/** Each verb that takes `--config`, at the least it does with one. */
export const CONFIG_VERBS: Readonly<Record<string, readonly string[]>> = {
  seed: [],
  check: [],
  serve: ['--port', '0'],
  run: ['dispatch', '--generator', 'autocannon', '--probes', '1'],
  experiment: ['dispatch', '--mode', 'count', '--probes', '1', '--no-report'],
  profile: ['--probes', '1'],
  advise: ['--dispatches', '1', '--candidates', '1', '--pairs', '0'],
  calibrate: ['--pairs', '8', '--dispatches', '1'],
  week: ['--quick', '--only', 'day3'],
  nightly: ['--no-report'],
  bisect: ['--good', 'HEAD~1', '--bad', 'HEAD'],
};

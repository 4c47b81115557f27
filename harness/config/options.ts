import path from 'node:path';
import type { Options } from 'yargs';
import { type DatasetShape, PROFILES, resolveShape } from '../../seed/profiles.ts';
import { HarnessError, messageOf } from '../errors.ts';

/** Options that more than one verb takes; name, default and help stand here once. */
export const OPTIONS = {
  results: {
    type: 'string',
    requiresArg: true,
    default: 'results',
    describe: 'Folder the results are written to and read from',
  },
  server: {
    type: 'string',
    requiresArg: true,
    describe: 'postgres:// URL of a server to use instead of the embedded one; needs CREATEDB',
  },
  'allow-server': {
    type: 'string',
    requiresArg: true,
    describe: 'Consents to --server by the name of its host, where that looks like a production',
  },
  config: {
    type: 'string',
    requiresArg: true,
    describe:
      'Config of a service that is not ours: file or folder. Default: rushhour.config.ts here, if there is one; --no-config for the reference service',
  },
  'copy-from': {
    type: 'string',
    requiresArg: true,
    describe:
      'Consents to the copy of the database of this name, where `dataset.copyOf` of the config names it',
  },
  json: {
    type: 'boolean',
    default: false,
    describe: 'Print one JSON document on stdout; progress stays on stderr',
  },
  profile: {
    type: 'string',
    requiresArg: true,
    choices: Object.keys(PROFILES),
    describe: 'Size of the dataset',
  },
  bookings: { type: 'number', requiresArg: true, describe: 'Open bookings of one company on one day' },
  drivers: { type: 'number', requiresArg: true, describe: 'Drivers of each company' },
  history: { type: 'number', requiresArg: true, describe: 'Past bookings, in total' },
  companies: { type: 'number', requiresArg: true, describe: 'Companies' },
  days: { type: 'number', requiresArg: true, describe: 'Open days of each company' },
  'random-seed': { type: 'number', requiresArg: true, describe: 'Equal seeds give equal rows' },
  'max-error-ratio': {
    type: 'number',
    requiresArg: true,
    describe:
      'Ends a load when more of its requests fail than this share, 0 to 1, of those of the last 10 s; 1 never does. Default: that of the scenario, 0.5; 0.9 without timeouts where it goes past the limit',
  },
} as const satisfies Record<string, Options>;

/** The options that choose a server of somebody else's. */
export const SERVER_OPTIONS = { server: OPTIONS.server, 'allow-server': OPTIONS['allow-server'] } as const;

/** The options of verbs that write to a server. */
export const WRITING_OPTIONS = {
  ...SERVER_OPTIONS,
  plan: {
    type: 'boolean',
    default: false,
    describe: 'Print what it would do (server, databases, SQL, rows, requests), and do nothing',
  },
} as const satisfies Record<string, Options>;

/** The options that choose what is measured. */
export const TARGET_OPTIONS = { config: OPTIONS.config, 'copy-from': OPTIONS['copy-from'] } as const;

/** The options that describe a dataset. */
export const DATASET_OPTIONS = {
  profile: OPTIONS.profile,
  bookings: OPTIONS.bookings,
  drivers: OPTIONS.drivers,
  history: OPTIONS.history,
  companies: OPTIONS.companies,
  days: OPTIONS.days,
  'random-seed': OPTIONS['random-seed'],
} as const;

export interface DatasetArguments {
  readonly profile?: string | undefined;
  readonly bookings?: number | undefined;
  readonly drivers?: number | undefined;
  readonly history?: number | undefined;
  readonly companies?: number | undefined;
  readonly days?: number | undefined;
  readonly randomSeed?: number | undefined;
}

/** The dataset a command line asks for. @throws HarnessError BAD_OPTION that lists every number that is off. */
export function datasetShape(args: DatasetArguments, defaultProfile: string): DatasetShape {
  const { profile, bookings, drivers, history, companies, days, randomSeed } = args;
  const given = Object.entries({ bookings, drivers, history, companies, days, randomSeed });
  const overrides = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  try {
    return resolveShape(profile ?? defaultProfile, overrides);
  } catch (error) {
    throw new HarnessError('BAD_OPTION', inFlags(messageOf(error)), { cause: error });
  }
}

/** `Expected randomSeed to be …` as `--random-seed: expected …`. */
function inFlags(message: string): string {
  return message.replaceAll(/^Expected (\w+) to be/gm, (_, name: string) => {
    const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return `--${flag}: expected`;
  });
}

/** For a message that follows the name of a flag. */
export function uncapitalised(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** @throws HarnessError BAD_OPTION unless it is a whole number from `least` to `most`. */
export function wholeNumber(flag: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new HarnessError(
    'BAD_OPTION',
    `${flag}: expected a whole number from ${least} to ${most}, got ${value}.`,
  );
}

/** @throws HarnessError BAD_OPTION unless it is a number above 0 and at most `most`. */
export function positiveNumber(flag: string, value: number, most: number): number {
  if (value > 0 && value <= most) return value;
  throw new HarnessError(
    'BAD_OPTION',
    `${flag}: expected a number above 0 and at most ${most}, got ${value}.`,
  );
}

/** @throws HarnessError BAD_OPTION unless it is left out or a ratio from 0 to 1 */
export function optionalRatio(flag: string, value: number | undefined): number | undefined {
  if (value === undefined || (value >= 0 && value <= 1)) return value;
  throw new HarnessError('BAD_OPTION', `${flag}: expected a ratio from 0 to 1, got ${value}.`);
}

/**
 * Reads `--inject-slowdown`, a percentage: "5%" and "5 %" are 0.05.
 * @throws HarnessError BAD_OPTION unless it is from 0.1 % to 1000 %, what the reference service takes.
 */
export function slowdownRatio(text: string): number {
  const digits = /^(\d+(?:\.\d+)?) ?%$/.exec(text.trim())?.[1];
  const ratio = Number((Number(digits ?? Number.NaN) / 100).toPrecision(12)); // 7 % is 0.07, not 0.07000000000000001
  if (ratio >= 0.001 && ratio <= 10) return ratio;
  throw new HarnessError(
    'BAD_OPTION',
    `--inject-slowdown: expected a percentage from 0.1% to 1000%, such as 5%, got '${text}'.`,
  );
}

export function resultsFolder(option: string): string {
  return path.resolve(option);
}

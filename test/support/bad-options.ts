/** Command lines that are wrong by themselves. */
import type { BadInput } from './bad-input.ts';

const VERBS_HELP = '`rushhour --help` lists the verbs, `rushhour <verb> --help` their options.';
const NOT_SET = 'A shell variable that is not set leaves one; leave the option out for its default.';
const helpOf = (verb: string) => `\`rushhour ${verb} --help\` lists what it takes.`;

export const BAD_VERBS: readonly BadInput[] = [
  {
    what: 'no verb',
    args: [],
    message: 'Expected a verb.',
    hint: VERBS_HELP,
  },
  {
    what: 'a verb that is none',
    args: ['frobnicate'],
    message: 'Unknown verb "frobnicate".',
    hint: VERBS_HELP,
  },
  {
    what: 'a verb that is nearly right',
    args: ['experment'],
    message: 'Unknown verb "experment". Did you mean experiment?',
    hint: VERBS_HELP,
  },
  {
    what: 'an option that no verb has',
    args: ['seed', '--rows', '5'],
    message: 'rushhour seed: unknown argument "--rows".',
    hint: helpOf('seed'),
  },
  {
    what: 'an option of another verb',
    args: ['doctor', '--variant', 'baseline'],
    message: 'rushhour doctor: unknown argument "--variant".',
    hint: helpOf('doctor'),
  },
  {
    what: 'two things too many',
    args: ['report', 'last', 'first', 'next'],
    message: 'rushhour report: unknown arguments "first", "next".',
    hint: helpOf('report'),
  },
  {
    what: 'an option that is nearly right',
    args: ['clean', '--yes', '--backup'],
    message: 'rushhour clean: unknown argument "--backup".',
    hint: helpOf('clean'),
  },
  {
    what: 'no scenario',
    args: ['run'],
    message: 'rushhour run: expected 1 argument, got 0.',
    hint: helpOf('run'),
  },
  {
    what: 'one result to compare',
    args: ['compare', 'last'],
    message: 'rushhour compare: expected 2 arguments, got 1.',
    hint: helpOf('compare'),
  },
  {
    what: 'no database to back up',
    args: ['backup'],
    message: 'rushhour backup: expected --database, which is missing.',
    hint: helpOf('backup'),
  },
  {
    what: 'no database to migrate',
    args: ['migrate', 'up'],
    message: 'rushhour migrate: expected --database, which is missing.',
    hint: helpOf('migrate'),
  },
];

export const BAD_CHOICES: readonly BadInput[] = [
  {
    what: 'a scenario that is none',
    args: ['run', 'chaos'],
    message: '<scenario>: expected one of smoke, load, stress, spike, soak, got "chaos".',
    hint: 'These are the scenarios of the target "reference".',
  },
  {
    what: 'an action that is none',
    args: ['migrate', 'sideways', '--database', 'x'],
    message: '<action>: expected one of up, down, status, got "sideways".',
    hint: helpOf('migrate'),
  },
  {
    what: 'a profile that is none',
    args: ['seed', '--profile', 'huge'],
    message: '--profile: expected one of smoke, load, stress, city, got "huge".',
    hint: helpOf('seed'),
  },
  {
    what: 'a mode that is none',
    args: ['experiment', '--mode', 'quick'],
    message: '--mode: expected one of count, pair, load, all, got "quick".',
    hint: helpOf('experiment'),
  },
  {
    what: 'a generator that is none',
    args: ['week', '--generator', 'curl'],
    message: '--generator: expected one of k6, autocannon, both, got "curl".',
    hint: helpOf('week'),
  },
  {
    what: 'a source that is none',
    args: ['restore', 'last', '--database', 'x', '--from', 'tape'],
    message: '--from: expected one of template, dump, got "tape".',
    hint: helpOf('restore'),
  },
  {
    what: 'a variant that is none',
    args: ['run', 'smoke', '--variant', 'fast'],
    message:
      "--variant: expected a variant, one of baseline, indexes, bulk-apply, eager-loading, optimised, or different switches of indexes, bulk-apply, eager-loading joined by '+'; got 'fast'.",
    hint: helpOf('run'),
  },
  {
    what: 'a variant that is none, of a service',
    args: ['serve', '--variant', 'indexes+fast'],
    message:
      "--variant: expected a variant, one of baseline, indexes, bulk-apply, eager-loading, optimised, or different switches of indexes, bulk-apply, eager-loading joined by '+'; got 'indexes+fast'.",
    hint: helpOf('serve'),
  },
  {
    what: 'a config to check where there is none',
    args: ['check', '--no-config'],
    message: 'check tries a config, and --no-config says that there is none.',
    hint: 'Name one with --config, or let `rushhour init` write one. `rushhour doctor` checks the machine.',
  },
  {
    what: 'a variant that is none, of two',
    args: ['experiment', '--variants', 'baseline,fast'],
    message:
      "--variants: expected a variant, one of baseline, indexes, bulk-apply, eager-loading, optimised, or different switches of indexes, bulk-apply, eager-loading joined by '+'; got 'fast'.",
    hint: helpOf('experiment'),
  },
  {
    what: 'one variant to compare',
    args: ['experiment', '--variants', 'optimised'],
    message: '--variants: expected two or more, joined by commas, got "optimised".',
    hint: 'For example --variants baseline,optimised.',
  },
  {
    what: 'three variants of which two are the same',
    args: ['experiment', '--variants', 'baseline,optimised,baseline'],
    message:
      '--variants: expected different variants, got baseline more than once; only two equal ones make an A/A experiment.',
    hint: helpOf('experiment'),
  },
  {
    what: 'a gate of no metric',
    args: ['experiment', '--mode', 'load', '--gate', 'dispatch time'],
    message: '--gate: expected 1 to 4 metrics of --mode load, got "dispatch time".',
    hint: 'They are: "GET /api/v1/bookings p50", "dispatch under load, median", "GET /api/v1/bookings capacity".',
  },
  {
    what: 'a day that a week does not have',
    args: ['week', '--only', 'day9'],
    message: "--only: expected day1 to day5, got 'day9'.",
    hint: helpOf('week'),
  },
];

export const BAD_VALUES: readonly BadInput[] = [
  {
    what: 'an option without its value',
    args: ['seed', '--profile'],
    message: '--profile: expected a value, got none.',
    hint: helpOf('seed'),
  },
  {
    what: 'a number that is none',
    args: ['seed', '--bookings', 'many'],
    message: '--bookings: expected a number, got "many".',
    hint: helpOf('seed'),
  },
  {
    what: 'numbers out of range, all at once',
    args: ['seed', '--bookings', '0', '--days', '-1', '--random-seed', '0.5'],
    message: [
      '--bookings: expected a whole number from 1 to 1000000, got 0.',
      '--days: expected a whole number from 1 to 3650, got -1.',
      '--random-seed: expected a whole number from 0 to 9007199254740991, got 0.5.',
    ].join('\n'),
    hint: helpOf('seed'),
  },
  {
    what: 'numbers that are too many together',
    args: ['seed', '--bookings', '1000000', '--companies', '10000'],
    message: 'Expected bookings × companies × days to be at most 1000000000, got 200000000000.',
    hint: helpOf('seed'),
  },
  {
    what: 'a number given twice',
    args: ['seed', '--bookings', '5', '--bookings', '6'],
    message: '--bookings: expected one value, got 2: 5, 6.',
    hint: helpOf('seed'),
  },
  {
    what: 'a text given twice',
    args: ['profile', '--variant', 'baseline', '--variant', 'optimised'],
    message: '--variant: expected one value, got 2: baseline, optimised.',
    hint: helpOf('profile'),
  },
  {
    what: 'a text taken back',
    args: ['report', '--no-results', 'last'],
    message: '--results: expected a value, got --no-results.',
    hint: helpOf('report'),
  },
  {
    what: 'an empty server, as of a variable that is not set',
    args: ['seed', '--server', ''],
    message: '--server: expected a value, got an empty text.',
    hint: NOT_SET,
  },
  {
    what: 'an empty results folder',
    args: ['run', 'smoke', '--results='],
    message: '--results: expected a value, got an empty text.',
    hint: NOT_SET,
  },
  {
    what: 'an empty number',
    args: ['serve', '--port', ''],
    message: '--port: expected a value, got an empty text.',
    hint: NOT_SET,
  },
  {
    what: 'an empty id',
    args: ['report', ''],
    message: '<id>: expected a value, got an empty text.',
    hint: NOT_SET,
  },
  {
    what: 'an empty database',
    args: ['backup', '--database', ' '],
    message: '--database: expected a value, got an empty text.',
    hint: NOT_SET,
  },
  {
    what: 'no pair',
    args: ['experiment', '--pairs', '0'],
    message: '--pairs: expected a whole number from 1 to 200, got 0.',
    hint: helpOf('experiment'),
  },
  {
    what: 'half a dispatch',
    args: ['run', 'smoke', '--probes', '1.5'],
    message: '--probes: expected a whole number from 1 to 100, got 1.5.',
    hint: helpOf('run'),
  },
  {
    what: 'more dispatches than company-days',
    args: ['run', 'smoke', '--probes', '10'],
    message: '--probes: 10 dispatches and one before need 11 offers, the dataset has 10.',
    hint: 'Lower --probes, or raise --companies or --days: an offer is a company and a day.',
  },
  {
    what: 'no duration',
    args: ['run', 'smoke', '--duration-factor', '0'],
    message: '--duration-factor: expected a number above 0 and at most 1000, got 0.',
    hint: helpOf('run'),
  },
  {
    what: 'a brake as percent',
    args: ['run', 'load', '--max-error-ratio', '50'],
    message: '--max-error-ratio: expected a ratio from 0 to 1, got 50.',
    hint: helpOf('run'),
  },
  {
    what: 'a rate below nothing',
    args: ['experiment', '--rate-factor', '-1'],
    message: '--rate-factor: expected a number above 0 and at most 1000, got -1.',
    hint: helpOf('experiment'),
  },
  {
    what: 'a slowdown that is no percentage',
    args: ['serve', '--inject-slowdown', '5'],
    message: "--inject-slowdown: expected a percentage from 0.1% to 1000%, such as 5%, got '5'.",
    hint: helpOf('serve'),
  },
  {
    what: 'a port that does not exist',
    args: ['serve', '--port', '70000'],
    message: '--port: expected a whole number from 0 to 65535, got 70000.',
    hint: helpOf('serve'),
  },
  {
    what: 'a port that does not exist, for the results',
    args: ['open', '--port', '70000'],
    message: '--port: expected a whole number from 0 to 65535, got 70000.',
    hint: helpOf('open'),
  },
  {
    what: 'a threshold of nothing',
    args: ['profile', '--slow-ms', '0'],
    message: '--slow-ms: expected a number above 0 and at most 600000, got 0.',
    hint: helpOf('profile'),
  },
  {
    what: 'no candidate',
    args: ['advise', '--candidates', '0'],
    message: '--candidates: expected a whole number from 1 to 100, got 0.',
    hint: helpOf('advise'),
  },
  {
    what: 'slice sizes that are none',
    args: ['calibrate', '--slice-sizes', '1,x'],
    message: '--slice-sizes: expected whole numbers from 1 to 1000 joined by commas, got "1,x".',
    hint: helpOf('calibrate'),
  },
  {
    what: 'an order that is none',
    args: ['week', '--order-seed', 'random'],
    message: '--order-seed: expected a number, got "random".',
    hint: helpOf('week'),
  },
  {
    what: 'days for a week that is resumed',
    args: ['week', '--resume', 'last', '--only', 'day2'],
    message: '--resume and --only: expected one of them, got both.',
    hint: helpOf('week'),
  },
  {
    what: 'nights for the report of one result',
    args: ['report', 'last', '--history', 'nights.ndjson'],
    message: '<id> and --history: expected one of them, got both.',
    hint: 'Trends of nights belong to the site of all results: leave the id out.',
  },
  {
    what: 'a night without a config',
    args: ['nightly'],
    message: 'Expected a config whose variant names a git repository, got none.',
    hint: '`rushhour init` writes one; its `nightly` says what a night measures, and `source` of a variant where its code is.',
  },
  {
    what: 'a bisection by a metric that is none',
    args: ['bisect', '--good', 'a', '--bad', 'b', '--metric', 'dispatch tme'],
    message: "--metric: expected the name of a metric, got 'dispatch tme'; did you mean 'dispatch time'?",
    hint: helpOf('bisect'),
  },
  {
    what: 'a backup to restore nowhere',
    args: ['restore', 'last'],
    message: '--database is missing: a restore replaces the database it names.',
    hint: 'Name the database that was backed up, or a new one such as rushhour_copy.',
  },
  {
    what: 'a database to restore from nothing',
    args: ['restore', '--database', 'x'],
    message: 'Expected the backup to restore, got only --database.',
    hint: '`rushhour restore` lists the backups; `last` is the newest.',
  },
];

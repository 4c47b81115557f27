/** What each member of a config may be, by itself. What members say of each other is checked beside: `check-*.ts`. */
import { z } from 'zod';
import type { EntityName } from '../../seed/entities.ts';
import { command, commands, environment, sqlText, steps } from './command-schema.ts';
import {
  answerPath,
  extract,
  headers,
  identifier,
  REQUEST_MEMBERS,
  request,
  requests,
  values,
} from './request-schema.ts';
import {
  above0,
  between,
  chosen,
  isObject,
  list,
  matching,
  members,
  named,
  procedure,
  text,
  trueOrFalse,
  whole,
} from './schema-words.ts';

/** A letter first: names of digits alone would be put in another order, and the first variant is the baseline. */
const name = matching(
  /^[A-Za-z]([A-Za-z0-9 ._-]{0,58}[A-Za-z0-9])?$/,
  "a name that begins with a letter, of at most 60 letters, digits, spaces, '-', '_' and '.'",
);

const ENTITIES: readonly EntityName[] = [
  'companies',
  'users',
  'clients',
  'drivers',
  'bookings',
  'dispatchRuns',
  'assignments',
];

const service = members({
  health: REQUEST_MEMBERS.path,
  startTimeoutSeconds: between(1, 3600, 'seconds').optional(),
  requestTimeoutSeconds: above0(3600, 'seconds').optional(),
  warmUp: requests.optional(),
  requestsPerSecond: above0(1_000_000, 'a number').optional(),
  timeZone: z
    .string("the IANA name of a time zone, such as 'Europe/Oslo'")
    .refine(isTimeZone, "the IANA name of a time zone, such as 'Europe/Oslo'")
    .optional(),
});

const database = members({
  extensions: z
    .array(matching(/^[a-z][a-z0-9_-]*$/i, 'the name of an extension'), 'a list of extensions')
    .optional(),
  settings: named(
    z.string('a text'),
    matching(/^[a-z_][a-z0-9_.]*$/i, 'the name of a setting'),
    'an object of texts by setting',
  ).optional(),
});

/** Rows of a list, or the query that yields them. */
function rowsOf(what: string) {
  const query = members({ sql: sqlText });
  return chosen((given) =>
    isObject(given) ? query : list(values, `a list of ${what} or { sql } that yields them`),
  );
}

const ACCOUNTS = {
  accounts: rowsOf('accounts'),
  accountOf: identifier.optional(),
  loginsPerMinute: above0(100_000, 'a number').optional(),
};

const login = byMember('kind', {
  token: members({
    kind: z.string(),
    request,
    token: answerPath,
    header: matching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'the name of a header').optional(),
    scheme: matching(/^[\x20-\x7e]*$/, 'what stands before the token').optional(),
    ...ACCOUNTS,
  }),
  cookie: members({ kind: z.string(), request, ...ACCOUNTS }),
  header: members({ kind: z.string(), headers }),
  steps: members({
    kind: z.string(),
    logIn: procedure('a function that logs one account in'),
    ...ACCOUNTS,
  }),
});

const mapping = members({
  from: z.enum(ENTITIES, `one of ${ENTITIES.join(', ')}`),
  row: procedure('a function from an entity to its row'),
});

const SCHEMA = { schema: steps.optional() };
const DATASETS: Readonly<Record<string, z.ZodType>> = {
  rows: members({
    ...SCHEMA,
    rows: named(mapping, text('the name of a table'), 'an object of mappings by table'),
  }),
  seed: members({ ...SCHEMA, seed: steps, scales: trueOrFalse.optional() }),
  copyOf: members({ ...SCHEMA, copyOf: text('the name of a database') }),
};
const anyDataset = members({
  ...SCHEMA,
  rows: z.unknown().optional(),
  seed: z.unknown().optional(),
  copyOf: z.unknown().optional(),
  scales: z.unknown().optional(),
});

const dataset = chosen((given) => {
  if (!isObject(given)) return 'an object with one of rows, seed and copyOf';
  const kinds = Object.keys(DATASETS).filter((kind) => given[kind] !== undefined);
  return (kinds.length === 1 && DATASETS[kinds[0] ?? '']) || anyDataset; // how many there are is said by check-data
});

const scalar = z.union(
  [z.string(), z.number(), z.boolean(), z.null()],
  'a text, a number, true, false or null',
);
const everyMs = between(1, 60_000, 'milliseconds').optional();

const complete = byMember('by', {
  response: members({ by: z.string() }),
  poll: members({
    by: z.string(),
    request,
    state: answerPath,
    done: list(scalar, 'a list of states'),
    failed: z.array(scalar, 'a list of states').optional(),
    everyMs,
  }),
  sql: members({ by: z.string(), sql: sqlText, everyMs }),
  rows: members({ by: z.string(), everyMs }),
});

const dispatch = members({
  offers: rowsOf('offers'),
  request,
  extract: extract.optional(),
  complete,
  timeoutSeconds: above0(86_400, 'seconds').optional(),
  rows: sqlText,
  drivers: sqlText.optional(),
  settleMs: between(0, 60_000, 'milliseconds').optional(),
  pauseMs: between(0, 600_000, 'milliseconds').optional(),
});

const outcome = members({
  sql: sqlText,
  answers: z.array(request, 'a list of requests').optional(),
  ignore: z.array(text('the name of a member'), 'a list of names of members').optional(),
});

const endpoint = members({
  ...REQUEST_MEMBERS,
  expect: list(whole(100, 599), 'a list of HTTP statuses').optional(),
  extract: extract.optional(),
  page: members({ size: identifier, items: answerPath }).optional(),
});

const mixed = members({
  mix: list(
    members({
      weight: whole(1, 10_000),
      visit: list(text('the name of an endpoint'), 'a list of names of endpoints'),
    }),
    'a list of visits with their weights',
  ),
  steps: list(
    members({
      name: text('a name').optional(),
      ratePerSecond: above0(100_000, 'a number'),
      seconds: above0(86_400, 'seconds'),
    }),
    'a list of steps, such as [{ ratePerSecond: 10, seconds: 30 }]',
  ),
  warmUpSeconds: between(0, 3600, 'seconds').optional(),
  dispatchEverySeconds: above0(86_400, 'seconds').optional(),
  thresholds: members({
    p95Ms: named(
      above0(3_600_000, 'milliseconds'),
      z.string(),
      'an object of milliseconds by endpoint',
    ).optional(),
    errorRatio: between(0, 1, 'a ratio').optional(),
  }).optional(),
  maxErrorRatio: between(0, 1, 'a ratio').optional(),
});

const scripted = members({
  k6: text('the file of a k6 script'),
  environment: environment.optional(),
  maxErrorRatio: between(0, 1, 'a ratio').optional(),
});

const scenario = chosen((given) => {
  if (!isObject(given)) return 'either { mix, steps } or { k6 }, the file of a script';
  if ('k6' in given && 'mix' in given) return z.unknown(); // said by check-traffic
  return 'k6' in given ? scripted : mixed;
});

/** git would take what begins with a dash for an option. */
const gitRef = matching(/^[^-\s]\S*$/, 'a commit, tag or branch');

const variant = members({
  title: text('a text').optional(),
  start: command.optional(),
  workers: z.array(command, 'a list of programs').optional(),
  url: z.string('an http:// or https:// URL').optional(),
  database: z.string('the name of a database').optional(),
  source: members({
    repository: text('the folder of a git repository').optional(),
    ref: gitRef,
    build: z.array(command, 'a list of programs').optional(),
  }).optional(),
  migration: members({ up: steps, down: steps.optional() }).optional(),
});

/** Of what was before: −0.5 is half of it. */
const reduction = between(-1, 0, 'a change');

const week = members({
  baseline: text('the name of a variant'),
  indexes: text('the name of a variant').optional(),
  bulkApply: text('the name of a variant').optional(),
  optimised: text('the name of a variant'),
  goals: members({
    dispatchTime: reduction.optional(),
    queries: reduction.optional(),
    slowStatements: reduction.optional(),
    indexes: whole(1, 1_000).optional(),
  }).optional(),
});

const nightlyScenario = members({
  pairs: whole(1, 200).optional(),
  mode: z.enum(['count', 'pair', 'load'], "one of 'count', 'pair', 'load'").optional(),
  gates: named(
    // Wider than twice the time is no band that anybody has no interest in.
    above0(1, 'a band of no interest, as a ratio,'),
    text('the name of a metric'),
    'an object of bands by metric',
  ).optional(),
});

const nightly = members({
  variant: text('the name of a variant').optional(),
  reference: gitRef,
  candidate: gitRef.optional(),
  scenarios: named(nightlyScenario, z.string(), 'an object of scenarios by name').optional(),
  history: text('a file').optional(),
  keepRawNights: whole(1, 10_000).optional(),
});

export const configSchema = members({
  name: matching(
    /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
    "at most 40 small letters, digits and '-', a letter first",
  ),
  service,
  database: database.optional(),
  login: login.optional(),
  dataset,
  dispatch,
  outcome,
  endpoints: named(endpoint, name, 'an object of endpoints by name').optional(),
  scenarios: named(scenario, name, 'an object of scenarios by name').optional(),
  variants: named(variant, name, 'an object of variants by name'),
  hooks: members({ beforeReset: commands.optional(), afterReset: commands.optional() }).optional(),
  week: week.optional(),
  nightly: nightly.optional(),
});

/** The kinds of an object, told apart by one member. */
function byMember(member: string, kinds: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const names = Object.keys(kinds)
    .map((kind) => `'${kind}'`)
    .join(', ');
  return chosen((given) => {
    if (!isObject(given)) return `an object with ${member}: ${names}`;
    const kind = Object.entries(kinds).find(([name]) => name === given[member])?.[1];
    return kind ?? z.looseObject({ [member]: z.literal(Object.keys(kinds), `one of ${names}`) });
  });
}

function isTimeZone(zone: string): boolean {
  try {
    // An offset such as +01:00 is taken too by newer versions of ICU, but does not know summer time.
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

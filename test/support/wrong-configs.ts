/** Wrong configs, each made from the right one by a change or two, and every line that is told of it. */

/** What is done to `fixtures/configs/orders.config.ts`, by place; `undefined` stands as it is, and `GONE` takes the member away. */
export type Changes = Readonly<Record<string, unknown>>;

export const GONE = Symbol('gone');
const CIRCLE: { hooks?: unknown } = {};
CIRCLE.hooks = CIRCLE;
const PROGRAM = { command: ['node', 'app.js'] };

export interface WrongConfig {
  readonly wrong: string;
  readonly changes: Changes;
  /** `FOLDER` stands for the folder of the config, which holds `.git/` and `schema.sql`. */
  readonly told: readonly string[];
}

export const WRONG_CONFIGS: readonly WrongConfig[] = [
  {
    wrong: 'a config that comes back to itself',
    changes: { hooks: CIRCLE },
    told: ["hooks.hooks: expected data that ends, got the object of 'hooks' again"],
  },
  {
    wrong: 'parts left out',
    changes: { service: GONE, dispatch: GONE, outcome: GONE, dataset: GONE, variants: GONE, week: GONE },
    told: [
      'dataset: expected an object with one of rows, seed and copyOf, got nothing',
      'dispatch: expected an object, got nothing',
      'outcome: expected an object, got nothing',
      'service: expected an object, got nothing',
      'variants: expected an object of variants by name, got nothing',
    ],
  },
  {
    wrong: 'an environment variable that is not set',
    changes: { 'variants.running.url': undefined },
    told: [
      'variants.running: expected one of start and url, got neither: url is undefined (an environment variable that is not set?)',
    ],
  },
  {
    wrong: 'an undefined text among others',
    changes: { 'variants.before.start.environment.KEY': undefined },
    told: [
      'variants.before.start.environment.KEY: expected a text, got undefined (an environment variable that is not set?)',
    ],
  },
  {
    wrong: 'a misspelt member',
    changes: { 'service.helth': '/health', 'dispatch.complete.sate': 'x' },
    told: [
      "dispatch.complete.sate: unknown member; did you mean 'state'?",
      "service.helth: unknown member; did you mean 'health'?",
    ],
  },
  {
    wrong: 'an unknown member that resembles none',
    changes: { 'database.cluster': 'x' },
    told: ["database.cluster: unknown member; there are 'extensions', 'settings'"],
  },
  {
    wrong: 'another name',
    changes: { name: 'Orders Service' },
    told: ["name: expected at most 40 small letters, digits and '-', a letter first, got 'Orders Service'"],
  },
  {
    wrong: 'a health path without a slash',
    changes: { 'service.health': 'health' },
    told: [
      "service.health: expected a path from the service's origin on, beginning with one '/' and without spaces, got 'health'",
    ],
  },
  {
    wrong: 'a path that would leave the service',
    changes: { 'dispatch.request.path': '//example.org/plan' },
    told: [
      "dispatch.request.path: expected a path from the service's origin on, beginning with one '/' and without spaces, got '//example.org/plan'",
    ],
  },
  {
    wrong: 'seconds as a text',
    changes: { 'service.startTimeoutSeconds': '30' },
    told: ["service.startTimeoutSeconds: expected seconds from 1 to 3600, got '30'"],
  },
  {
    wrong: 'a timeout of nothing',
    changes: { 'dispatch.timeoutSeconds': 0 },
    told: ['dispatch.timeoutSeconds: expected seconds above 0 and at most 86400, got 0'],
  },
  {
    wrong: 'an unknown time zone',
    changes: { 'service.timeZone': 'Norway/Oslo' },
    told: [
      "service.timeZone: expected the IANA name of a time zone, such as 'Europe/Oslo', got 'Norway/Oslo'",
    ],
  },
  {
    wrong: 'an offset as a time zone',
    changes: { 'service.timeZone': '+01:00' },
    told: ["service.timeZone: expected the IANA name of a time zone, such as 'Europe/Oslo', got '+01:00'"],
  },
  {
    wrong: 'an extension with a quote',
    changes: { 'database.extensions.0': 'postgis"; DROP' },
    told: ["database.extensions.0: expected the name of an extension, got 'postgis\"; DROP'"],
  },
  {
    wrong: 'an unknown kind of login',
    changes: { 'login.kind': 'oauth' },
    told: ["login.kind: expected one of 'token', 'cookie', 'header', 'steps', got 'oauth'"],
  },
  {
    wrong: 'a login without accounts',
    changes: { 'login.accounts': GONE, 'login.accountOf': GONE },
    told: ['login.accounts: expected a list of accounts or { sql } that yields them, got nothing'],
  },
  {
    wrong: 'accounts that are an empty list',
    changes: { 'login.accounts': [] },
    told: ['login.accounts: expected a list of accounts or { sql } that yields them, got an empty list'],
  },
  {
    wrong: 'a path of another language',
    changes: { 'login.token': '$.access.token' },
    told: [
      "login.token: expected a dotted path into the answer, such as 'run.id' or 'items.0.id', got '$.access.token'",
    ],
  },
  {
    wrong: 'a column that accounts do not share',
    changes: { 'login.accountOf': 'day' },
    told: ["login.accountOf: expected a column of the accounts (email, password, depot), got 'day'"],
  },
  {
    wrong: 'a value that is an object',
    changes: { 'dispatch.offers.0.day': { date: '2026-03-02' } },
    told: ['dispatch.offers.0.day: expected a text, a finite number, true, false or null, got an object'],
  },
  {
    wrong: 'offers with other columns',
    changes: { 'dispatch.offers.1': { depot: 2 } },
    told: ['dispatch.offers.1: expected the columns of the first, depot, day, got depot'],
  },
  {
    wrong: 'the same offer twice',
    changes: { 'dispatch.offers.1': { depot: 1, day: '2026-03-02' } },
    told: ['dispatch.offers.1: expected another offer, for each is dispatched once, got that of 0 again'],
  },
  {
    wrong: 'a dataset of nothing',
    changes: { 'dataset.rows': GONE },
    told: ['dataset: expected one of rows, seed and copyOf, got none of them'],
  },
  {
    wrong: 'a dataset of two kinds',
    changes: { 'dataset.copyOf': 'orders_dev' },
    told: ['dataset: expected one of rows, seed and copyOf, got rows and copyOf'],
  },
  {
    wrong: 'rows without a schema',
    changes: { 'dataset.schema': GONE },
    told: ['dataset.schema: expected the steps that make the tables that rows fills, got nothing'],
  },
  {
    wrong: 'an unknown entity',
    changes: { 'dataset.rows.firm.from': 'company' },
    told: [
      "dataset.rows.firm.from: expected one of companies, users, clients, drivers, bookings, dispatchRuns, assignments, got 'company'",
    ],
  },
  {
    wrong: 'a row that is no function',
    changes: { 'dataset.rows.firm.row': { id: 1 } },
    told: ['dataset.rows.firm.row: expected a function from an entity to its row, got an object'],
  },
  {
    wrong: 'sizes of a copy',
    changes: { dataset: { copyOf: 'orders_dev', scales: true } },
    told: ["dataset.scales: unknown member; there are 'schema', 'copyOf'"],
  },
  {
    wrong: 'a file name instead of SQL',
    changes: { 'dataset.schema.0': 'schema.sql' },
    told: [
      "dataset.schema.0: expected SQL, or the file it is in, such as { file: 'schema.sql' }, got 'schema.sql'",
    ],
  },
  {
    wrong: 'a file that is not there',
    changes: { 'dispatch.rows': { file: 'rows.sql' } },
    told: [
      "dispatch.rows.file: expected a file that exists, got 'rows.sql' in FOLDER, where there is nothing",
    ],
  },
  {
    wrong: 'a folder instead of a file',
    changes: { 'dispatch.rows': { file: '.git' } },
    told: ["dispatch.rows.file: expected a file that exists, got '.git' in FOLDER, where there is a folder"],
  },
  {
    wrong: 'a program as one text',
    changes: { 'variants.after.start.command': 'python3 app.py' },
    told: [
      "variants.after.start.command: expected a program and its arguments, each a text of its own, such as ['python', 'app.py'], got 'python3 app.py'",
    ],
  },
  {
    wrong: 'a folder that is not there',
    changes: { 'variants.after.start.folder': 'service' },
    told: [
      "variants.after.start.folder: expected a folder that exists, got 'service' in FOLDER, where there is nothing",
    ],
  },
  {
    wrong: 'an unknown way to complete',
    changes: { 'dispatch.complete': { by: 'waiting' } },
    told: ["dispatch.complete.by: expected one of 'response', 'poll', 'sql', 'rows', got 'waiting'"],
  },
  {
    wrong: 'a state that is done and failed',
    changes: { 'dispatch.complete.failed': ['ready'] },
    told: ["dispatch.complete.failed.0: expected a state that is not done, got 'ready'"],
  },
  {
    wrong: 'a body that JSON cannot hold',
    changes: { 'dispatch.request.body.day': new Date(0) },
    told: ['dispatch.request.body.day: expected what JSON can hold, got a Date'],
  },
  {
    wrong: 'a body and a form',
    changes: { 'dispatch.request.form': { day: '{day}' } },
    told: ['dispatch.request: expected one of body and form, got both'],
  },
  {
    wrong: 'a GET with a body',
    changes: { 'dispatch.request.method': 'GET' },
    told: ["dispatch.request.method: expected a method that can have a body, got 'GET'"],
  },
  {
    wrong: 'a method in small letters',
    changes: { 'dispatch.request.method': 'post' },
    told: ["dispatch.request.method: expected 'GET', 'POST', 'PUT', 'PATCH' or 'DELETE', got 'post'"],
  },
  {
    wrong: 'a header that breaks its line',
    changes: { 'dispatch.request.headers': { 'x-day': 'a\r\nb: c' } },
    told: ['dispatch.request.headers.x-day: expected the value of a header, on one line, got another text'],
  },
  {
    wrong: 'a placeholder that nothing gives',
    changes: { 'dispatch.request.path': '/depots/{depto}/plan' },
    told: [
      "dispatch.request.path: expected a placeholder that offers, accounts or an extract give, got {depto}; did you mean 'depot'?",
    ],
  },
  {
    wrong: 'a placeholder in a login that only offers have',
    changes: { 'login.request.form.user': '{day}' },
    told: [
      "login.request.form.user: expected a placeholder that offers, accounts or an extract give, got {day}; there are 'email', 'password', 'depot'",
    ],
  },
  {
    wrong: 'a placeholder that is extracted later in the visit',
    changes: { 'scenarios.load.mix.0.visit': ['order', 'orders'] },
    told: [
      "endpoints.order.path: expected a placeholder that offers, accounts or an extract give, got {order}; there are 'depot', 'day', 'email', 'password'",
    ],
  },
  {
    wrong: 'a placeholder that only a dispatch extracts',
    changes: { 'outcome.answers.0.path': '/plans/{planId}' },
    told: [
      "outcome.answers.0.path: expected a placeholder that offers, accounts or an extract give, got {planId}; there are 'depot', 'day', 'email', 'password'",
    ],
  },
  {
    wrong: 'a page whose size is in no request',
    changes: { 'endpoints.orders.path': '/orders' },
    told: [
      "endpoints.orders.page.size: expected a placeholder of this request, got 'limit', which it does not hold",
    ],
  },
  {
    wrong: 'an endpoint that is not there',
    changes: { 'scenarios.load.mix.0.visit': ['oders'] },
    told: [
      "scenarios.load.mix.0.visit.0: expected the name of an endpoint, got 'oders'; did you mean 'orders'?",
      "scenarios.load.thresholds.p95Ms.order: expected an endpoint that this scenario visits, got 'order', which it does not",
    ],
  },
  {
    wrong: 'no endpoints at all',
    changes: { endpoints: GONE, 'scenarios.load.thresholds': GONE },
    told: [
      "scenarios.load.mix.0.visit.0: expected the name of an endpoint, got 'orders'; there are no endpoints",
      "scenarios.load.mix.0.visit.1: expected the name of an endpoint, got 'order'; there are no endpoints",
    ],
  },
  {
    wrong: 'a threshold of an endpoint that is not visited',
    changes: { 'scenarios.load.mix.0.visit': ['orders'] },
    told: [
      "scenarios.load.thresholds.p95Ms.order: expected an endpoint that this scenario visits, got 'order', which it does not",
    ],
  },
  {
    wrong: 'a weight that is not whole',
    changes: { 'scenarios.load.mix.0.weight': 0.5 },
    told: ['scenarios.load.mix.0.weight: expected a whole number from 1 to 10000, got 0.5'],
  },
  {
    wrong: 'an error ratio as percent',
    changes: { 'scenarios.load.thresholds.errorRatio': 5 },
    told: ['scenarios.load.thresholds.errorRatio: expected a ratio from 0 to 1, got 5'],
  },
  {
    wrong: 'a brake as percent',
    changes: { 'scenarios.load.maxErrorRatio': 50 },
    told: ['scenarios.load.maxErrorRatio: expected a ratio from 0 to 1, got 50'],
  },
  {
    wrong: 'a scenario of both kinds',
    changes: { 'scenarios.load.k6': 'load.js' },
    told: [
      'scenarios.load: expected one of mix and k6, got both',
      "scenarios.load.k6: expected a file that exists, got 'load.js' in FOLDER, where there is nothing",
    ],
  },
  {
    wrong: 'a k6 script that is not there',
    changes: { 'scenarios.own': { k6: 'k6/load.js' } },
    told: [
      "scenarios.own.k6: expected a file that exists, got 'k6/load.js' in FOLDER, where there is nothing",
    ],
  },
  {
    wrong: 'no variants',
    changes: { variants: {}, week: GONE },
    told: ['variants: expected at least one variant, got an empty object'],
  },
  {
    wrong: 'a variant that does not come up',
    changes: { 'variants.after.start': GONE },
    told: ['variants.after: expected one of start and url, got neither'],
  },
  {
    wrong: 'a variant that comes up twice',
    changes: { 'variants.after.url': 'http://127.0.0.1:8001' },
    told: ['variants.after: expected one of start and url, got both'],
  },
  {
    wrong: 'a running service without its database',
    changes: { 'variants.running.database': GONE },
    told: [
      "variants.running.database: expected the name of the database that the running service is connected to, 'rushhour_…', got nothing",
    ],
  },
  {
    wrong: "a running service in a database of somebody's",
    changes: { 'variants.running.database': 'orders' },
    told: [
      "variants.running.database: expected a name that begins with 'rushhour_', of small letters, digits and '_', at most 63 (it is replaced before each measurement), got 'orders'",
    ],
  },
  {
    wrong: 'a database of a service that is started',
    changes: { 'variants.after.database': 'rushhour_orders' },
    told: [
      'variants.after.database: belongs to a running service (`url`); one that is started is told its own',
    ],
  },
  {
    wrong: 'two running services in one database',
    changes: { 'variants.also': { url: 'http://127.0.0.1:8001', database: 'rushhour_orders' } },
    told: ["variants.also.database: expected a database of its own, got that of variant 'running'"],
  },
  {
    wrong: 'one running service as two variants',
    changes: { 'variants.also': { url: 'http://127.0.0.1:8000/', database: 'rushhour_also' } },
    told: ["variants.also.url: expected a url of its own, got that of variant 'running'"],
  },
  {
    wrong: 'workers and a source of a running service',
    changes: { 'variants.running.workers': [PROGRAM], 'variants.running.source': { ref: 'main' } },
    told: [
      'variants.running.source: belongs to a service that is started, not to a running one (`url`)',
      'variants.running.workers: belongs to a service that is started; those of a running one run beside it',
    ],
  },
  {
    wrong: 'a url with a path',
    changes: { 'variants.running.url': 'http://127.0.0.1:8000/api' },
    told: [
      "variants.running.url: expected the origin of a service, such as 'http://127.0.0.1:8000', with paths in the requests, got 'http://127.0.0.1:8000/api'",
    ],
  },
  {
    wrong: 'a url that is none',
    changes: { 'variants.running.url': '127.0.0.1:8000' },
    told: [
      "variants.running.url: expected the origin of a service, such as 'http://127.0.0.1:8000', got '127.0.0.1:8000'",
    ],
  },
  {
    wrong: 'a variant named by a number',
    changes: { 'variants.2': { start: PROGRAM } },
    told: [
      "variants.2: expected a name that begins with a letter, of at most 60 letters, digits, spaces, '-', '_' and '.', got the name '2'",
    ],
  },
  {
    wrong: 'a variant named like a list',
    changes: { 'variants.one,two': { start: PROGRAM } },
    told: [
      "variants.\"one,two\": expected a name that begins with a letter, of at most 60 letters, digits, spaces, '-', '_' and '.', got the name 'one,two'",
    ],
  },
  {
    wrong: 'an option of git instead of a commit',
    changes: { 'variants.after.source': { ref: '--upload-pack=x' } },
    told: ["variants.after.source.ref: expected a commit, tag or branch, got '--upload-pack=x'"],
  },
  {
    wrong: 'a repository that is not there',
    changes: { 'variants.after.source': { repository: '../nowhere', ref: 'main' } },
    told: [
      "variants.after.source.repository: expected the folder of a git repository, got '../nowhere' in FOLDER, where there is nothing",
    ],
  },
  {
    wrong: 'a week of unknown variants',
    changes: { 'week.optimised': 'aftr', 'week.indexes': 'fast' },
    told: [
      "week.indexes: expected the name of a variant, got 'fast'; there are 'before', 'after', 'running'",
      "week.optimised: expected the name of a variant, got 'aftr'; did you mean 'after'?",
    ],
  },
  {
    wrong: 'a night without a variant that is of commits',
    changes: { nightly: { reference: 'v1' } },
    told: [
      'nightly.variant: expected the name of the variant that is measured at both commits, got nothing, and no variant has a `source`',
    ],
  },
  {
    wrong: 'a night that does not say which of two variants of commits it measures',
    changes: {
      nightly: { reference: 'v1' },
      'variants.before.source': { ref: 'v1' },
      'variants.after.source': { ref: 'v2' },
    },
    told: [
      "nightly.variant: expected the name of the variant that is measured at both commits, got nothing, and 'before', 'after' have a `source`",
    ],
  },
  {
    wrong: 'a night of an unknown variant, scenario and metric',
    changes: {
      nightly: {
        variant: 'aftr',
        reference: '--all',
        scenarios: {
          laod: {},
          load: { gates: { 'dispatch tme': 0.05, 'CPU time per dispatch': 0.05 } },
          dispatch: { mode: 'count', gates: { 'dispatch time': 0.05 } },
        },
      },
    },
    told: [
      "nightly.reference: expected a commit, tag or branch, got '--all'",
      "nightly.scenarios.dispatch.gates: expected times to decide by mode 'pair' or 'load', got mode 'count', which times nothing",
      "nightly.scenarios.laod: expected the name of a scenario, got 'laod'; did you mean 'load'?",
      "nightly.scenarios.load.gates.\"dispatch tme\": expected the name of a metric, got 'dispatch tme'; did you mean 'dispatch time'?",
      "nightly.variant: expected the name of a variant, got 'aftr'; did you mean 'after'?",
    ],
  },
  {
    wrong: 'a night of a variant that is of no commit, with bands and sizes that are none',
    changes: {
      nightly: {
        variant: 'after',
        reference: 'v1',
        scenarios: { load: { pairs: 0, mode: 'soak', gates: { 'dispatch time': 0 } } },
        keepRawNights: 0,
        histroy: 'nights.ndjson',
      },
    },
    told: [
      "nightly.histroy: unknown member; did you mean 'history'?",
      'nightly.keepRawNights: expected a whole number from 1 to 10000, got 0',
      'nightly.scenarios.load.gates."dispatch time": expected a band of no interest, as a ratio, above 0 and at most 1, got 0',
      "nightly.scenarios.load.mode: expected one of 'count', 'pair', 'load', got 'soak'",
      'nightly.scenarios.load.pairs: expected a whole number from 1 to 200, got 0',
      "nightly.variant: expected a variant with a `source`, which names its repository, got 'after' without one",
    ],
  },
  {
    wrong: 'a week that ends where it began',
    changes: { 'week.optimised': 'before' },
    told: ["week.optimised: expected a variant of its own, got that of week.baseline, 'before'"],
  },
  {
    wrong: 'goals of a week that are no changes',
    changes: { 'week.goals': { dispatchTime: 0.56, indexes: 0, commits: -0.5 } },
    told: [
      "week.goals.commits: unknown member; there are 'dispatchTime', 'queries', 'slowStatements', 'indexes'",
      'week.goals.dispatchTime: expected a change from -1 to 0, got 0.56',
      'week.goals.indexes: expected a whole number from 1 to 1000, got 0',
    ],
  },
  {
    wrong: 'secrets in arguments',
    changes: {
      'variants.after.start.command': ['app', '--db={databaseUrl}', '{databasePassword}', '{secret}'],
    },
    told: [
      'variants.after.start.command.1: refused: {databaseUrl} is a secret, and every user of a machine can read the arguments of its programs; give it in environment',
      'variants.after.start.command.2: refused: {databasePassword} is a secret, and every user of a machine can read the arguments of its programs; give it in environment',
      'variants.after.start.command.3: refused: {secret} is a secret, and every user of a machine can read the arguments of its programs; give it in environment',
    ],
  },
  {
    wrong: 'an unknown placeholder of a command',
    changes: { 'variants.after.start.command': ['app', '{prot}'] },
    told: [
      "variants.after.start.command.1: expected a placeholder that this program gets, got {prot}; did you mean 'port'?",
    ],
  },
  {
    wrong: 'a placeholder of hooks elsewhere',
    changes: { 'variants.after.start.environment': { PHASE: '{phase}' } },
    told: [
      "variants.after.start.environment.PHASE: expected a placeholder that this program gets, got {phase}; there are 'databaseUrl', 'databaseUser', 'databasePassword', 'databaseHost', 'databasePort', 'databaseName', 'host', 'port', 'baseUrl', 'variant', 'secret'",
    ],
  },
  {
    wrong: 'consent',
    changes: {
      force: true,
      'variants.running.allowProduction': true,
      'dataset.copyFrom': 'live',
      'database.yes': true,
    },
    told: [
      'database.yes: refused: consent is a flag of each run that names the database, never a line of a config',
      'dataset.copyFrom: refused: consent is a flag of each run that names the database, never a line of a config',
      'force: refused: consent is a flag of each run that names the database, never a line of a config',
      'variants.running.allowProduction: refused: consent is a flag of each run that names the database, never a line of a config',
    ],
  },
  {
    wrong: 'a server',
    changes: { server: 'x', 'database.url': 'postgres://localhost/orders' },
    told: [
      "database.url: unknown member; there are 'extensions', 'settings'",
      'database.url: refused: a literal address of a PostgreSQL server; write `{databaseUrl}` or its parts, the server is given by `--server` on each run',
      'server: refused: the server is given by `--server` on each run, never by a config; commands get `{databaseUrl}`',
    ],
  },
  {
    wrong: 'a literal address of a server',
    changes: {
      'variants.after.start.environment': { URL: 'postgresql://10.0.0.1/live' },
      'dispatch.rows': "SELECT dblink('postgres://{databaseHost}/x?host=db')",
    },
    told: [
      'dispatch.rows: refused: a literal address of a PostgreSQL server; write `{databaseUrl}` or its parts, the server is given by `--server` on each run',
      'variants.after.start.environment.URL: refused: a literal address of a PostgreSQL server; write `{databaseUrl}` or its parts, the server is given by `--server` on each run',
    ],
  },
  {
    wrong: 'a variable that leads to another server',
    changes: {
      'variants.after.start.environment': { PGHOST: 'db.example.org', PGDATABASE: '{databaseName}' },
    },
    told: [
      'variants.after.start.environment.PGHOST: refused: PGHOST leads to a database; expected a placeholder such as `{databaseHost}`',
    ],
  },
  {
    wrong: 'many problems at once, by place',
    changes: {
      'dispatch.offers.1.depot': [],
      'dispatch.offers.0.depot': [],
      name: 7,
      'hooks.beforeReset': [],
    },
    told: [
      'dispatch.offers.0.depot: expected a text, a finite number, true, false or null, got an empty list',
      'dispatch.offers.1.depot: expected a text, a finite number, true, false or null, got an empty list',
      'hooks.beforeReset: expected a list of programs, got an empty list',
      "name: expected at most 40 small letters, digits and '-', a letter first, got 7",
    ],
  },
  {
    wrong: 'a warm-up about an offer, before there is one',
    changes: { 'service.warmUp.0.path': '/depots/{depot}' },
    told: [
      "service.warmUp.0.path: expected a placeholder that a warm-up gets, got {depot}; there are 'variant'",
    ],
  },
  {
    wrong: 'a build that asks for the database',
    changes: {
      'variants.after.source': {
        ref: 'main',
        build: [{ command: ['make'], environment: { URL: '{databaseUrl}' } }],
      },
    },
    told: [
      "variants.after.source.build.0.environment.URL: expected a placeholder that this program gets, got {databaseUrl}; there are 'variant'",
    ],
  },
];

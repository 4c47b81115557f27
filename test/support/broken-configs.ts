/** Configs of the trip service of which one part is broken, and what `check` says of it. */
import type { RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { TRIP_CONFIG, tripVariant, tripWorker } from './trip-config.ts';

export interface BrokenConfig {
  readonly title: string;
  readonly change: Partial<RushhourConfig>;
  /** Name of the part that fails; several where it depends on the moment. */
  readonly part: string;
  readonly told: RegExp;
  readonly remedy: RegExp;
  /** Whether it takes a dispatch to see it. */
  readonly dispatches?: true;
}

const { dispatch, outcome, login, service, endpoints } = TRIP_CONFIG;
const schema = [{ file: 'schema.sql' }];
const fails = { command: [process.execPath, '-e', 'console.error("the disk is full"); process.exit(4)'] };
const accounts = (sql: string) => ({ login: { ...login, accounts: { sql } } }) as Partial<RushhourConfig>;
const only = (...variant: Parameters<typeof tripVariant>) => ({
  variants: { only: tripVariant(...variant) },
});
const UP = 'CREATE INDEX trip_depot ON trip (depot_id)';

export const BROKEN_CONFIGS: readonly BrokenConfig[] = [
  {
    title: 'an extension that the server does not have',
    change: { database: { extensions: ['no_such_extension'] } },
    ...{ part: 'database', told: /database\.extensions: no_such_extension/, remedy: /use --server/ },
  },
  {
    title: 'a setting that PostgreSQL does not know',
    change: { database: { settings: { serch_path: 'app' } } },
    ...{ part: 'database', told: /database\.settings\.serch_path/, remedy: /Only settings that a database/ },
  },
  {
    title: 'a schema with a misspelt word',
    change: { dataset: { schema: ['CREATE TABEL trip ()'], seed: ['SELECT 1'] } },
    ...{
      part: 'schema',
      told: /dataset\.schema\[0\], line 1: .*TABEL/,
      remedy: /by hand in an empty database/,
    },
  },
  {
    title: 'a seed that fails',
    change: { dataset: { schema, seed: [fails] } },
    ...{ part: 'data', told: /dataset\.seed\[0\].*the disk is full/s, remedy: /Run it by hand/ },
  },
  {
    title: 'a mapping with two problems',
    change: {
      dataset: {
        schema: ['CREATE TABLE firm (id int PRIMARY KEY, name text NOT NULL)'],
        rows: { firm: { from: 'companies', row: ({ id }) => ({ id: `number ${id}` }) } },
      },
    },
    ...{ part: 'data', told: /2 problems.*\n.*firm.*\n.*firm/, remedy: /Mend the mappings/ },
  },
  {
    title: 'offers that PostgreSQL refuses',
    change: { dispatch: { ...dispatch, offers: { sql: 'SELECT depot FROM trip' } } },
    ...{ part: 'offers', told: /dispatch\.offers: .*"depot" does not exist/, remedy: /one row for each/ },
  },
  {
    title: 'a query of offers that finds none',
    change: { dispatch: { ...dispatch, offers: { sql: 'SELECT depot_id FROM trip WHERE false' } } },
    ...{ part: 'offers', told: /expected one offer or more, got none/, remedy: /consumes one offer/ },
  },
  {
    title: 'no account',
    change: accounts('SELECT login, password, depot_id FROM staff WHERE false'),
    ...{ part: 'accounts', told: /there is none/, remedy: /Seed users that may log in/ },
  },
  {
    title: 'offers whose account is missing',
    change: accounts('SELECT login, password, depot_id FROM staff WHERE depot_id = 2'),
    ...{
      part: 'accounts',
      told: /4 of 8 offers have none by depot_id, such as 1\//,
      remedy: /Every offer needs/,
    },
  },
  {
    title: 'a column that accounts do not have',
    change: accounts('SELECT login, password FROM staff'),
    ...{ part: 'accounts', told: /the accounts have no such column/, remedy: /offers and accounts share/ },
  },
  {
    title: 'a placeholder that nothing gives',
    change: { dispatch: { ...dispatch, request: { path: '/plans', body: { depot_id: '{depo_id}' } } } },
    ...{
      part: 'placeholders',
      told: /dispatch\.request\.body\.depot_id: .*\{depo_id\}/,
      remedy: /as columns/,
    },
  },
  {
    title: 'dispatch.rows that see nothing open',
    change: { dispatch: { ...dispatch, rows: dispatch.rows.toString().replace("'waiting'", "'new'") } },
    ...{ part: 'rows', told: /nothing is open for any offer, such as 1\//, remedy: /look at the same/ },
  },
  {
    title: 'dispatch.rows that PostgreSQL refuses',
    change: { dispatch: { ...dispatch, rows: 'SELECT open FROM trips' } },
    ...{ part: 'rows', told: /dispatch\.rows: PostgreSQL refuses it/, remedy: /subquery/ },
  },
  {
    title: 'a hook that fails',
    change: { hooks: { afterReset: [fails] } },
    ...{ part: 'hooks', told: /hooks\.afterReset\[0\].*the disk is full/s, remedy: /Run it by hand/ },
  },
  {
    title: 'a commit that is not there',
    change: only('', { source: { repository: PROJECT_ROOT, ref: 'no-such-branch' } }),
    ...{ part: 'source', told: /variants\.only\.source/, remedy: /\w/ },
  },
  {
    title: 'a migration with a misspelt word',
    change: only('', { migration: { up: ['CREATE INDX trip_depot ON trip (depot_id)'] } }),
    ...{ part: 'migration-up', told: /variants\.only\.migration\.up\[0\], line 1/, remedy: /by hand/ },
  },
  {
    title: 'a way back that leaves an index',
    change: only('', { migration: { up: [UP], down: ['SELECT 1'] } }),
    ...{ part: 'migration-down', told: /not as it was before: \+ index trip_depot/, remedy: /take back all/ },
  },
  {
    title: 'a service that ends at once',
    change: { variants: { only: { start: fails } } },
    ...{
      part: 'service',
      told: /ended with exit code 4 .*the disk is full/s,
      remedy: /Its messages say why/,
    },
  },
  {
    title: 'a health path that asks for a login',
    change: { service: { ...service, health: '/trips', startTimeoutSeconds: 15 } },
    ...{ part: 'service', told: /\/trips gave 401 within 15 s/, remedy: /needs no login/ },
  },
  {
    title: 'a worker that is not there',
    change: only('', { workers: [{ command: ['no-such-worker'] }] }),
    ...{ part: 'workers', told: /expected a program "no-such-worker" on PATH/, remedy: /Give its path/ },
  },
  {
    title: 'a worker that ends',
    change: {
      ...only('', { workers: [tripWorker('worker-ends')] }),
      service: { ...service, warmUp: [{ path: '/warm-after-worker' }] },
    },
    ...{
      part: 'workers|stop',
      told: /variants\.only\.workers\[0\] ended with exit code 3/,
      remedy: /Its messages/,
    },
  },
  {
    title: 'a warm-up that is an error',
    change: { service: { ...service, warmUp: [{ method: 'POST', path: '/login' }] } },
    ...{ part: 'warm-up', told: /POST \/login gives 500/, remedy: /service\.warmUp/ },
  },
  {
    title: 'accounts with another password',
    change: accounts("SELECT login, 'planted-other' AS password, depot_id FROM staff"),
    ...{
      part: 'login',
      told: /POST \/login was answered 401/,
      remedy: /in the seeded data with these passwords/,
    },
  },
  {
    title: 'a token that is elsewhere in the answer',
    change: {
      login: { ...login, token: 'access.token' } as RushhourConfig['login'],
    } as Partial<RushhourConfig>,
    ...{
      part: 'login',
      told: /login\.token: The answer has no "access\.token"/,
      remedy: /path of the token/,
    },
  },
  {
    title: 'a dispatch that is an error and does nothing',
    change: only('fails'),
    ...{ part: 'dispatch', told: /failed: POST \/plans was answered 500/, remedy: /The log of the service/ },
    dispatches: true,
  },
  {
    title: 'a dispatch that ends the service',
    change: only('dies'),
    ...{
      part: 'dispatch',
      told: /variants\.only\.start ended with exit code 9/,
      remedy: /Its messages say why/,
    },
    dispatches: true,
  },
  {
    title: 'a dispatch after which nothing happens',
    change: {
      ...only('never-works'),
      dispatch: { ...dispatch, complete: { by: 'rows' }, timeoutSeconds: 1 },
    },
    ...{ part: 'dispatch', told: /was not complete within 1 s/, remedy: /Is its worker running\?/ },
    dispatches: true,
  },
  {
    title: 'dispatches that are merged',
    change: only('merges'),
    ...{ part: 'second-dispatch', told: /the service merges or debounces/, remedy: /dispatch\.pauseMs/ },
    dispatches: true,
  },
  {
    title: 'an outcome that sees nothing',
    change: { outcome: { ...outcome, sql: 'SELECT trip_id FROM plan_trip WHERE false' } },
    ...{
      part: 'outcome',
      told: /no row, although 4 bookings were assigned/,
      remedy: /what a dispatch .* writes/,
    },
    dispatches: true,
  },
  {
    title: 'an answer that is not there',
    change: { outcome: { ...outcome, answers: [{ path: '/nowhere' }] } },
    ...{ part: 'answers', told: /\/nowhere .* was answered 404/, remedy: /outcome\.answers/ },
    dispatches: true,
  },
  {
    title: 'variants that decide otherwise',
    change: { variants: { one: tripVariant(), other: tripVariant('decides-otherwise') } },
    ...{
      part: 'equal-outcomes',
      told: /other writes 8 of 8 rows that one does not, .* in how they go together/,
      remedy: /generated ids/,
    },
    dispatches: true,
  },
  {
    title: 'answers with clock times',
    change: {
      outcome: { ...outcome, answers: [{ path: '/trips/1' }] },
      variants: { one: tripVariant(), other: tripVariant() },
    },
    ...{ part: 'equal-answers', told: /other answer otherwise than one/, remedy: /outcome\.ignore/ },
    dispatches: true,
  },
  {
    title: 'an endpoint that is not there',
    change: { endpoints: { ...endpoints, nowhere: { path: '/nowhere' } } },
    ...{ part: 'endpoint nowhere', told: /GET \/nowhere .* answered 404/, remedy: /Correct the endpoint/ },
  },
  {
    title: 'a list that is elsewhere in the answer',
    change: {
      endpoints: { trips: { path: '/trips?limit={limit}', page: { size: 'limit', items: 'items.0' } } },
    },
    ...{ part: 'endpoint trips', told: /expected a list at "items\.0"/, remedy: /An empty path/ },
  },
];

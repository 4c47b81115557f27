/** Whatever a config asks for, in which it names a production, or is led to one by mistake: not a bit of that production changes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { EXIT } from '../../harness/errors.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import {
  createProduction,
  type Portrait,
  PRODUCTION,
  portrait,
  type Staff,
  sendStaff,
  whatIsLeft,
} from '../support/canary.ts';
import { CONFIG_VERBS } from '../support/canary-verbs.ts';
import { rushhour as runTool } from '../support/command.ts';
import { errorOf, flagsByVerb } from '../support/command-line.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { emptyCommits } from '../support/fleet-repository.ts';
import { openTunnel, type TcpTunnel } from '../support/tcp-tunnel.ts';
import { PLAIN, TRIPS, tripsConfig, tripsProgram, writeConfig } from '../support/trips.ts';

/** Named as a database that a running service may be measured in. */
const LOOK_ALIKE = 'rushhour_shop';
const CANARIES = [PRODUCTION, LOOK_ALIKE];

describe('a config that leads to the canary', () => {
  let own: OwnServer;
  let tunnel: TcpTunnel;
  let staff: Staff;
  let asMade: Portrait;
  let files = 0;

  before(async () => {
    own = await startOwnServer();
    tunnel = await openTunnel(Number(new URL(own.server.adminUrl()).port));
    await createProduction(own.server);
    // The tables of the service too, so that one which is led there would find its work.
    await withAdmin(own.server, PRODUCTION, (client) =>
      client.query(readFileSync(path.join(TRIPS, 'schema.sql'), 'utf8')),
    );
    await withAdmin(own.server, undefined, (admin) =>
      admin.query(`CREATE DATABASE ${LOOK_ALIKE} TEMPLATE ${PRODUCTION}`),
    );
    staff = await sendStaff(own.server, PRODUCTION);
    asMade = await portrait(own.server, CANARIES);
  });
  after(async () => {
    await staff?.leave();
    await tunnel?.close();
    await own?.remove();
  });

  /** As its superuser, by a URL that names the canary itself. */
  const throughTunnel = () => {
    const url = new URL(own.server.adminUrl(PRODUCTION));
    url.port = String(tunnel.port);
    return url.toString();
  };
  const where = (verb: string) => [
    ...['--server', throughTunnel(), '--allow-server', '127.0.0.1'],
    ...(['seed', 'serve', 'check'].includes(verb) ? [] : ['--results', path.join(own.cache, 'results')]),
  ];
  const configFile = async (parts: Partial<RushhourConfig>) => {
    const folder = path.join(own.cache, `config-${files++}`);
    await mkdir(folder);
    if (parts.nightly) await emptyCommits(folder, 2);
    return writeConfig(folder, tripsConfig(parts));
  };
  const WEEK = { week: { baseline: 'before', optimised: 'after' } };
  /** A variant that is of the commits of a repository beside the config. */
  const OF_COMMITS = {
    variants: { now: { ...PLAIN, source: { ref: 'HEAD' } } },
    nightly: { reference: 'HEAD~1', scenarios: { dispatch: { mode: 'count' } } },
  } as const;
  const MORE: Readonly<Record<string, Partial<RushhourConfig>>> = {
    ...{ week: WEEK, nightly: OF_COMMITS, bisect: OF_COMMITS },
  };
  const commandLine = async (verb: string, parts: Partial<RushhourConfig>, more: readonly string[] = []) => [
    ...[verb, ...(CONFIG_VERBS[verb] ?? [])],
    ...['--config', await configFile({ ...MORE[verb], ...parts })],
    ...[...more, ...where(verb)],
  ];

  async function assertUntouched(): Promise<void> {
    await staff.check();
    assert.deepEqual(await portrait(own.server, CANARIES), asMade);
    assert.deepEqual(await whatIsLeft(own.server, CANARIES), []);
  }

  /** That a verb refuses it, for this reason and with a remedy, and that nothing was touched. */
  async function refuses(args: readonly string[], why: RegExp, exitCode: number = EXIT.refused) {
    const error = await errorOf(args);
    assert.match(error.message, why);
    assert.equal(error.exitCode, exitCode, error.message);
    assert.ok(error.hint, error.message);
    await assertUntouched();
  }

  test('is given to every verb that takes one', async () => {
    const taking = [...(await flagsByVerb())].filter(([, flags]) => flags.includes('--config'));
    assert.deepEqual(taking.map(([verb]) => verb).sort(), Object.keys(CONFIG_VERBS).sort());
  });

  for (const verb of Object.keys(CONFIG_VERBS))
    test(`${verb} copies it only if the command line names it too, and nobody works in it`, async () => {
      const copied = { dataset: { copyOf: PRODUCTION } };
      await refuses(
        await commandLine(verb, copied),
        /a config cannot consent to its being copied\. Expected --copy-from dispatch_production, got no such consent\.$/,
      );
      await refuses(
        await commandLine(verb, copied, ['--copy-from', LOOK_ALIKE]),
        /got --copy-from rushhour_shop\.$/,
      );
      await refuses(
        await commandLine(verb, copied, ['--copy-from', PRODUCTION]),
        /"dispatch_production" was not copied: it is in use: 2 sessions of /,
      );
    });

  test('copied with consent, it is only read', async (t) => {
    await staff.leave();
    t.after(async () => {
      staff = await sendStaff(own.server, PRODUCTION);
      asMade = await portrait(own.server, CANARIES);
    });
    const before = await portrait(own.server, CANARIES);
    const args = await commandLine('experiment', { dataset: { copyOf: PRODUCTION } }, [
      '--copy-from',
      PRODUCTION,
    ]);
    const { exitCode, all } = await runTool(args, { env: { RUSHHOUR_CACHE: own.cache }, all: true });
    assert.equal(exitCode, EXIT.fine, `${all}`);
    assert.deepEqual(await portrait(own.server, CANARIES), before);
    assert.deepEqual(await whatIsLeft(own.server, CANARIES), []);
  });

  test('a running service does not get a database of its name that is not ours', async () => {
    const variants = { now: { url: 'http://127.0.0.1:9', database: LOOK_ALIKE } };
    for (const verb of ['serve', 'profile'])
      await refuses(
        await commandLine(verb, { variants }),
        /Database "rushhour_shop" on .* it is not replaced\. Expected a marker inside that names this very database, got none\.$/,
      );
    const named = { now: { url: 'http://127.0.0.1:9', database: PRODUCTION } };
    await refuses(
      await commandLine('seed', { variants: named }),
      /variants\.now\.database: expected a name that begins with 'rushhour_'.* got 'dispatch_production'/,
      EXIT.usage,
    );
  });

  test('a running service that is connected to it is not asked for anything that writes', async (t) => {
    const child = spawn(process.execPath, [path.join(TRIPS, 'trips-service.mjs')], {
      env: { ...process.env, DATABASE_URL: own.server.serviceUrl(PRODUCTION), PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    const [line] = await once(createInterface(child.stdout), 'line');
    const url = `http://127.0.0.1:${/at (\d+)/.exec(String(line))?.[1]}`;
    const variants = { now: { url, database: 'rushhour_parcels' } };
    const error = await errorOf(
      await commandLine('profile', {
        variants,
        service: { health: '/health', warmUp: [{ path: '/health' }] },
      }),
    );
    assert.match(error.message, /no session of it was seen in the database "rushhour_parcels"/);
    assert.equal(error.exitCode, EXIT.refused);
    // What a running service works in is kept; it is ours.
    await withAdmin(own.server, undefined, (admin) => admin.query('DROP DATABASE rushhour_parcels'));
    await assertUntouched();
  });

  const STEPS: Record<string, readonly [sql: string, why: RegExp, exitCode: number]> = {
    'of psql': [
      `\\connect ${PRODUCTION}\nDROP TABLE trip`,
      /PostgreSQL says: syntax error at or near "\\"/,
      EXIT.usage,
    ],
    'that names it': [
      `DROP TABLE ${PRODUCTION}.public.trip`,
      /cross-database references are not implemented/,
      EXIT.usage,
    ],
    'that drops it': [`DROP DATABASE ${PRODUCTION}`, /DROP DATABASE reaches beyond/, EXIT.refused],
    'that renames it': [
      `ALTER DATABASE ${PRODUCTION} RENAME TO old`,
      /RENAME on a database reaches beyond/,
      EXIT.refused,
    ],
    'that drops it in words put together': [
      `DO $$ BEGIN EXECUTE 'DROP ' || 'DATABASE ${PRODUCTION}'; END $$`,
      /DROP DATABASE cannot be executed from a function/,
      EXIT.usage,
    ],
    'by dblink': [
      `CREATE EXTENSION dblink; SELECT dblink_exec('dbname=${PRODUCTION}', 'DROP TABLE trip')`,
      /dblink_exec\(\) reaches beyond/,
      EXIT.refused,
    ],
    'that ends its sessions': [
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${PRODUCTION}'`,
      /pg_terminate_backend\(\) reaches beyond/,
      EXIT.refused,
    ],
    'that runs a program': [
      `COPY pg_class FROM PROGRAM 'psql ${PRODUCTION} -c "DROP TABLE trip"'`,
      /COPY with a PROGRAM reaches beyond/,
      EXIT.refused,
    ],
    'that becomes another role': [
      'SET ROLE rushhour_app; CREATE DATABASE shop',
      /CREATE DATABASE reaches beyond/,
      EXIT.refused,
    ],
    'that changes the server': ['ALTER SYSTEM SET fsync = off', /ALTER SYSTEM reaches beyond/, EXIT.refused],
    'of its tables': [
      'TRUNCATE booking, assignment; DROP TABLE booking CASCADE',
      /relation "booking" does not exist/,
      EXIT.usage,
    ],
  };
  for (const [what, [sql, why, exitCode]] of Object.entries(STEPS))
    test(`SQL ${what} does not reach it, as seed or as migration`, async () => {
      await refuses(await commandLine('seed', { dataset: { seed: [sql] } }), why, exitCode);
      const migrated = { now: { ...PLAIN, migration: { up: [sql] } } };
      await refuses(await commandLine('seed', { variants: migrated }), why, exitCode);
    });

  test('questions write nothing, neither here nor there', async () => {
    const { dispatch } = tripsConfig();
    const far = `SELECT dblink_exec('dbname=${PRODUCTION}', 'DELETE FROM trip')`;
    const offers = (sql: string) => ({ dispatch: { ...dispatch, offers: { sql } } });
    await refuses(
      await commandLine('seed', offers(`${far} AS depot_id`)),
      /dispatch\.offers: dblink_exec\(\) reaches/,
    );
    await refuses(
      await commandLine('seed', offers("SELECT 1 AS depot_id; COMMIT; UPDATE trip SET state = 'gone'")),
      /cannot insert multiple commands into a prepared statement/,
      EXIT.usage,
    );
    await refuses(
      await commandLine('seed', offers('DELETE FROM trip RETURNING depot_id')),
      /cannot execute DELETE in a read-only transaction/,
      EXIT.usage,
    );
    await refuses(
      await commandLine('experiment', { dispatch: { ...dispatch, rows: `${far} AS open, 0 AS assigned` } }),
      /dispatch\.rows: dblink_exec\(\) reaches/,
    );
    await refuses(
      await commandLine('experiment', { outcome: { sql: far } }),
      /outcome\.sql: dblink_exec\(\) reaches/,
    );
  });

  for (const way of ['directly', 'through the tunnel'])
    test(`a service with its address in a file of its own is refused: ${way}`, async (t) => {
      const folder = await folderWithEnv(
        t,
        way === 'directly' ? own.server.serviceUrl(PRODUCTION) : throughTunnel(),
      );
      const variants = { now: { start: tripsProgram('service', { folder }) } };
      for (const verb of ['profile', 'experiment'])
        await refuses(
          await commandLine(verb, { variants }),
          // The tool goes through the tunnel, so whose session one is that came directly is not to be told.
          /no session of it was seen in the database "rushhour_run_\w+" .* Nothing was dispatched\.$/,
        );
    });

  test('a forgotten export reaches no command', async () => {
    const url = new URL(throughTunnel());
    const env = {
      RUSHHOUR_CACHE: own.cache,
      ...{ DATABASE_URL: url.toString(), TRIPS_DB: url.toString() },
      ...{ PGHOST: url.hostname, PGPORT: url.port, PGDATABASE: PRODUCTION },
      ...{ PGUSER: url.username, PGPASSWORD: url.password },
    };
    const hook = {
      command: [process.execPath, path.join(TRIPS, 'empty-trips.mjs')],
      environment: { PGUSER: '{databaseUser}' },
    };
    const args = await commandLine('experiment', { hooks: { beforeReset: [hook] } });
    const { exitCode, all } = await runTool(args, { env, all: true });
    assert.equal(exitCode, EXIT.fine, `${all}`);
    await assertUntouched();
  });

  /** As a checkout has one that somebody works in. */
  async function folderWithEnv(t: TestContext, address: string): Promise<string> {
    const folder = path.join(own.cache, `checkout-${files++}`);
    await mkdir(folder);
    await writeFile(path.join(folder, '.env'), `TRIPS_DB=${address}\n`);
    t.diagnostic(folder);
    return folder;
  }
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { HarnessError } from '../../harness/errors.ts';
import { dropAbandoned } from '../../harness/postgres/abandoned-databases.ts';
import { digestContent } from '../../harness/postgres/content-digest.ts';
import { acquireEmbeddedServer } from '../../harness/postgres/embedded-server.ts';
import { dropOwnDatabase } from '../../harness/postgres/marker.ts';
import { connectAdmin, useServer, withAdmin } from '../../harness/postgres/server.ts';
import { withClone } from '../../harness/postgres/templates.ts';
import {
  type ConfiguredDatasetRequest,
  prepareConfiguredDataset,
} from '../../harness/targets/configured-dataset.ts';
import { applyDatabaseSettings } from '../../harness/targets/database-settings.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { VAN_ROWS, VAN_SCHEMA, VAN_SHAPE, vanConfig } from '../support/van-config.ts';

let own: OwnServer;

before(async () => {
  own = await startOwnServer();
});
after(() => own.remove());

function request(changes: Partial<ConfiguredDatasetRequest> = {}): ConfiguredDatasetRequest {
  const signal = new AbortController().signal;
  return { variant: 'before', shape: VAN_SHAPE, signal, onProgress: () => {}, ...changes };
}

async function failure(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => assert.fail('expected an error, but it went well'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof HarnessError, `expected a HarnessError, got ${(error as Error).stack}`);
  return error;
}

async function templates(): Promise<string[]> {
  const { rows } = await withAdmin(own.server, undefined, (admin) =>
    admin.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE datname LIKE 'rushhour\\_tpl\\_%' ORDER BY 1",
    ),
  );
  return rows.map(({ datname }) => datname);
}

/** What a query says in a fresh clone. */
async function inClone<Row extends object>(template: string, ...queries: string[]): Promise<Row[]> {
  return withClone(own.server, template, (clone) =>
    withAdmin(own.server, clone.name, async (client) => {
      let rows: Row[] = [];
      for (const query of queries) rows = (await client.query(query)).rows as Row[];
      return rows;
    }),
  );
}

const MAPPED = { schema: [VAN_SCHEMA], rows: VAN_ROWS };

describe('a schema that is not ours', () => {
  test('is filled from our entities, found again, and equal when it is made once more', async () => {
    const first = await prepareConfiguredDataset(vanConfig(MAPPED), own.server, request());
    assert.equal(first.built, true);
    assert.deepEqual(first.identity.rows, { depot: 2, 'ops.van': 20, stop: 440 });
    assert.equal(first.identity.openBookingsPerDay, 20);
    assert.deepEqual(
      first.offers.map(({ key }) => key),
      ['1/2026-03-02', '2/2026-03-02'],
    );
    const again = await prepareConfiguredDataset(vanConfig(MAPPED), own.server, request());
    assert.deepEqual({ ...again, built: true }, first);
    assert.equal(again.built, false);
    await dropOwnDatabase(own.server, first.template);
    const anew = await prepareConfiguredDataset(vanConfig(MAPPED), own.server, request());
    assert.deepEqual(anew, first);
  });

  test('keeps moments as the local time of the service, in summer and in winter', async () => {
    const { template } = await prepareConfiguredDataset(vanConfig(MAPPED), own.server, request());
    const [counts] = await inClone(
      template,
      `SELECT count(*) FILTER (WHERE planned_at <> moment AT TIME ZONE 'Europe/Berlin')::int AS wrong,
              count(DISTINCT planned_at - moment AT TIME ZONE 'UTC')::int AS offsets FROM stop`,
    );
    assert.deepEqual(counts, { wrong: 0, offsets: 2 });
  });

  test('has arrays, JSON, domains, defaults and generated columns as they should be', async () => {
    const { template } = await prepareConfiguredDataset(vanConfig(MAPPED), own.server, request());
    const rows = await inClone(
      template,
      `SELECT d.tags[2] AS tag, v.extras ? 'wheelchair' AS extra, v.state, v.contact <> '' AS contact,
              (SELECT bool_and(seats_twice = 2 * seats) FROM stop) AS twice
       FROM depot d JOIN ops.van v ON v.id = d.main_van WHERE d.id = 1`,
    );
    assert.deepEqual(rows, [
      { tag: 'a "quoted" one', extra: true, state: 'parked', contact: true, twice: true },
    ]);
  });

  test('goes on with its sequences behind the largest values, serial and identity', async () => {
    const { template } = await prepareConfiguredDataset(vanConfig(MAPPED), own.server, request());
    const [next] = await inClone<{ depot: string; stop: string }>(
      template,
      "SELECT nextval(pg_get_serial_sequence('depot', 'id')) AS depot, nextval(pg_get_serial_sequence('stop', 'id')) AS stop",
    );
    assert.deepEqual(next, { depot: '3', stop: '441' });
  });

  test('is open to the role of the service, in every schema of it', async () => {
    const { template } = await prepareConfiguredDataset(vanConfig(MAPPED), own.server, request());
    const role = own.server.serviceRole;
    const [may] = await inClone(
      template,
      `SELECT has_table_privilege('${role}', 'ops.van', 'UPDATE') AS van, has_schema_privilege('${role}', 'ops', 'USAGE') AS ops,
              has_sequence_privilege('${role}', 'stop_id_seq', 'USAGE') AS sequence`,
    );
    assert.deepEqual(may, { van: true, ops: true, sequence: true });
  });

  test('is told all that does not fit at once, and nothing is left', async () => {
    const before = await templates();
    const rows = {
      stop: {
        from: 'bookings',
        row: ({ id, status, scheduledTime }) => ({
          id,
          depot_id: 'one',
          state: status,
          planned_at: scheduledTime,
          planned_day: '2026-02-31',
          seats_twice: 2,
          notes: 'x',
        }),
      },
      van: {
        from: 'drivers',
        row: ({ id }) => ({ id, seats: 1.5, contact: 'far too long to be a phone number' }),
      },
      vans: { from: 'drivers', row: () => ({}) },
    } satisfies typeof VAN_ROWS;
    const config = vanConfig({ schema: [VAN_SCHEMA], rows });
    const error = await failure(prepareConfiguredDataset(config, own.server, request()));
    assert.equal(error.code, 'BAD_CONFIG');
    assert.deepEqual(
      error.message.split('\n').map((line) => line.trim()),
      [
        'The rows of the config do not fit the schema (13 problems; nothing was loaded):',
        'dataset.rows.stop.seats_twice: PostgreSQL computes this column itself: leave it out',
        'dataset.rows.stop.notes: no such column; did you mean note?',
        'dataset.rows.stop.depot_id: expected a whole number, got "one" (bookings 1)',
        'dataset.rows.stop.state: expected one of due, done, void, got "completed" (bookings 1)',
        'dataset.rows.stop.planned_day: expected a date (YYYY-MM-DD), got "2026-02-31" (bookings 1)',
        'dataset.rows.stop.moment: the column (timestamp with time zone) is NOT NULL and has no default: give a value',
        'dataset.rows.stop.seats: the column (integer) is NOT NULL and has no default: give a value',
        'dataset.rows.stop.depot_id: refers to depot, which nobody fills: map it too, or fill it in dataset.schema',
        'dataset.rows.van.id: expected a UUID, got 1 (drivers 1)',
        'dataset.rows.van.seats: expected a whole number, got 1.5 (drivers 1)',
        'dataset.rows.van.contact: expected at most 20 characters (phone_number), got 33: "far too long to be a phone number" (drivers 1)',
        'dataset.rows.van.depot_id: the column (bigint) is NOT NULL and has no default: give a value',
        'dataset.rows.vans: no such table; did you mean ops.van?',
      ],
    );
    assert.deepEqual(await templates(), before);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('whose check refuses a row names table, column or row, entity and the reason', async () => {
    const schema = `${VAN_SCHEMA}; ALTER TABLE ops.van ADD CHECK (seats < 8)`;
    const van = VAN_ROWS['ops.van'];
    assert.ok(van?.from === 'drivers');
    const seats: typeof van.row = (driver, tools) => ({
      ...(van.row(driver, tools) as Record<string, string>),
      seats: driver.id === 15 ? 8 : 4,
    });
    const rows = { ...VAN_ROWS, 'ops.van': { from: 'drivers', row: seats } } as const;
    const error = await failure(
      prepareConfiguredDataset(vanConfig({ schema: [schema], rows }), own.server, request()),
    );
    assert.equal(error.code, 'COPY_FAILED');
    assert.match(
      error.message,
      /^dataset\.rows\['ops\.van'\]: PostgreSQL refused row 15 \(made from drivers 15\): new row for relation "van" violates check constraint "van_seats_check" \(SQLSTATE 23514\)/,
    );
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('is left as it was when the load is interrupted half way', async () => {
    const before = await templates();
    const controller = new AbortController();
    const shape = { ...VAN_SHAPE, history: 30_000 };
    const onProgress = (detail: string) => {
      if (/^stop: [1-9]/.test(detail)) controller.abort(new Error('enough'));
    };
    const error = await failure(
      prepareConfiguredDataset(
        vanConfig(MAPPED),
        own.server,
        request({ shape, onProgress, signal: controller.signal }),
      ),
    );
    assert.equal(error.code, 'INTERRUPTED');
    assert.deepEqual(await templates(), before);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });
});

describe('a variant', () => {
  const migration = {
    up: [
      'CREATE TABLE plan (id bigserial PRIMARY KEY); CREATE INDEX CONCURRENTLY van_depot ON ops.van (depot_id)',
    ],
  };
  const config = vanConfig(MAPPED, {
    variants: { before: { url: 'http://127.0.0.1:1' }, after: { url: 'http://127.0.0.1:1', migration } },
  });

  test('with a migration works in a clone of the dataset, which stays as it was', async () => {
    const seeded = await prepareConfiguredDataset(config, own.server, request());
    const migrated = await prepareConfiguredDataset(config, own.server, request({ variant: 'after' }));
    assert.ok(migrated.template.startsWith(`${seeded.template}_`));
    assert.deepEqual([migrated.identity, migrated.offers], [seeded.identity, seeded.offers]);
    const indexed = "SELECT to_regclass('ops.van_depot') IS NOT NULL AS found";
    assert.deepEqual(await inClone(migrated.template, indexed), [{ found: true }]);
    assert.deepEqual(await inClone(seeded.template, indexed), [{ found: false }]);
  });

  test('can be without an index, in any schema, but not without a key', async () => {
    const dropped = await prepareConfiguredDataset(
      config,
      own.server,
      request({ variant: 'after', droppedIndexes: ['van_depot'] }),
    );
    const indexed = "SELECT to_regclass('ops.van_depot') IS NOT NULL AS found";
    assert.deepEqual(await inClone(dropped.template, indexed), [{ found: false }]);
    const error = await failure(
      prepareConfiguredDataset(config, own.server, request({ droppedIndexes: ['van_pkey'] })),
    );
    assert.equal(error.code, 'BAD_OPTION');
    assert.match(error.message, /no index "van_pkey" that can be dropped/);
  });

  test('that nobody knows is an error with those there are', async () => {
    const error = await failure(prepareConfiguredDataset(config, own.server, request({ variant: 'x' })));
    assert.match(error.message, /expected a variant "x", got before, after\.$/);
  });
});

describe('data of one’s own', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rushhour-seed-'));
  });
  after(() => rm(folder, { recursive: true }));

  const DEPOTS = { offers: { sql: 'SELECT id FROM depot ORDER BY id' } };
  const seeding = (seed: readonly (string | { command: string[] })[], more: object = {}) => {
    const base = vanConfig({ schema: [VAN_SCHEMA], seed, ...more }, {}, folder);
    const dispatch = { ...base.config.dispatch, ...DEPOTS };
    return { ...base, config: { ...base.config, dispatch } };
  };
  const insert = (count: number) =>
    `INSERT INTO depot (name, opened) SELECT 'depot ' || n, '2026-01-01' FROM generate_series(1, ${count}) n`;

  test('comes from SQL and from programs, which are told the database and the sizes', async () => {
    const pg = import.meta.resolve('pg');
    await writeFile(
      path.join(folder, 'seed.mjs'),
      `import pg from '${pg}';
       const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
       await client.connect();
       await client.query(\`${insert(3)}\`);
       await client.query('UPDATE depot SET name = $1', [process.argv[2]]);
       await client.end();`,
    );
    const config = seeding([insert(1), { command: [process.execPath, 'seed.mjs', '{drivers} vans'] }]);
    const prepared = await prepareConfiguredDataset(config, own.server, request());
    assert.deepEqual(
      prepared.offers.map(({ key }) => key),
      ['1', '2', '3', '4'],
    );
    assert.equal(prepared.identity.rows.depot, 4);
    assert.deepEqual(
      [prepared.identity.profile, prepared.identity.openBookingsPerDay, prepared.identity.companies],
      ['own', null, null],
    );
    assert.deepEqual(await inClone(prepared.template, 'SELECT DISTINCT name FROM depot'), [
      { name: '10 vans' },
    ]);
  });

  test('has the sizes that were asked for when its steps heed them', async () => {
    const { identity } = await prepareConfiguredDataset(
      seeding([insert(2)], { scales: true }),
      own.server,
      request(),
    );
    assert.deepEqual([identity.profile, identity.openBookingsPerDay], ['custom', 20]);
  });

  test('whose program fails is told with its last lines, without the password', async () => {
    await writeFile(path.join(folder, 'fail.mjs'), 'console.log(process.env.DATABASE_URL); process.exit(3);');
    const config = seeding([{ command: [process.execPath, 'fail.mjs'] }]);
    const error = await failure(prepareConfiguredDataset(config, own.server, request()));
    assert.equal(error.code, 'COMMAND_FAILED');
    assert.match(error.message, /^dataset\.seed\[0\]: .*exit code 3/);
    const { password } = new URL(own.server.adminUrl());
    assert.ok(password !== '' && !error.message.includes(password), error.message);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  const WRONG: readonly [string, readonly string[], RegExp][] = [
    ['a mistake', ['SELECT 1;\nSELEC 2'], /^dataset\.seed\[0\], line 2: PostgreSQL says: syntax error/],
    ['no end of its transaction', ['BEGIN; SELECT 1'], /^dataset\.seed\[0\]: it leaves a transaction open/],
    ['no offers', [], /^dispatch\.offers: expected one offer or more, got none/],
  ];
  for (const [what, seed, message] of WRONG) {
    test(`with ${what} is a wrong config`, async () => {
      const error = await failure(prepareConfiguredDataset(seeding(seed), own.server, request()));
      assert.equal(error.code, 'BAD_CONFIG');
      assert.match(error.message, message);
    });
  }

  test('may not reach beyond its own database', async () => {
    await withAdmin(own.server, undefined, (admin) => admin.query('CREATE DATABASE precious'));
    const error = await failure(
      prepareConfiguredDataset(seeding(['DROP DATABASE precious']), own.server, request()),
    );
    assert.equal(error.code, 'REFUSED');
    const { rows } = await withAdmin(own.server, undefined, (admin) =>
      admin.query("SELECT FROM pg_database WHERE datname = 'precious'"),
    );
    assert.equal(rows.length, 1);
  });

  test('finds the settings of the config, as the service will', async () => {
    const settings = { search_path: 'ops, public', work_mem: '9MB', synchronous_commit: 'off' };
    const config = seeding([insert(2), "UPDATE depot SET name = current_setting('search_path')"]);
    const set = { ...config, config: { ...config.config, database: { settings } } };
    const prepared = await prepareConfiguredDataset(set, own.server, request());
    assert.match(prepared.notes.join('\n'), /synchronous_commit is off: commits do not wait for the disk/);
    await withClone(own.server, prepared.template, async (clone) => {
      await withAdmin(own.server, undefined, (admin) => applyDatabaseSettings(admin, clone.name, settings));
      const { rows } = await withAdmin(own.server, clone.name, (client) =>
        client.query(
          "SELECT name, current_setting('work_mem') AS memory, to_regclass('van') IS NOT NULL AS van FROM depot LIMIT 1",
        ),
      );
      assert.deepEqual(rows, [{ name: 'ops, public', memory: '9MB', van: true }]);
    });
    const migration = { up: ["UPDATE depot SET name = 'then ' || current_setting('search_path')"] };
    const variants = { before: { url: 'http://127.0.0.1:1', migration } };
    const migrated = { ...set, config: { ...set.config, variants } };
    const { template } = await prepareConfiguredDataset(migrated, own.server, request());
    const names = await inClone<{ name: string }>(template, 'SELECT DISTINCT name FROM ops.depot');
    assert.deepEqual(names, [{ name: 'then ops, public' }]);
    const wrong: RushhourConfig = { ...set.config, database: { settings: { fsync: 'off' } } };
    const error = await failure(prepareConfiguredDataset({ ...set, config: wrong }, own.server, request()));
    assert.match(error.message, /^database\.settings\.fsync: PostgreSQL refuses "off": parameter "fsync"/);
  });
});

describe('a copy of one’s own database', () => {
  const SOURCE = 'dispatch_staging';
  const config = vanConfig({ copyOf: SOURCE });
  const consenting = request({ consentToCopy: SOURCE });

  const digest = () =>
    withAdmin(own.server, SOURCE, async (client) => {
      const { content, schema } = await digestContent(client);
      return { content, schema };
    });

  before(async () => {
    await withAdmin(own.server, undefined, (admin) => admin.query(`CREATE DATABASE ${SOURCE}`));
    await withAdmin(own.server, SOURCE, async (client) => {
      await client.query(VAN_SCHEMA);
      await client.query("INSERT INTO depot (name, opened) VALUES ('a', '2026-01-01')");
      await client.query(
        "INSERT INTO stop (depot_id, state, planned_at, planned_day, moment, seats) VALUES (1, 'due', '2026-03-02', '2026-03-02', now(), 1)",
      );
    });
  });

  test('is refused on the embedded server, and without a consent that names it', async () => {
    const embedded = await failure(prepareConfiguredDataset(config, own.server, consenting));
    assert.deepEqual([embedded.code, embedded.exitCode], ['REFUSED', 4]);
    assert.match(embedded.hint ?? '', /--server postgres:\/\/… --copy-from dispatch_staging/);
    const server = await useServer(own.server.adminUrl());
    for (const consentToCopy of [undefined, 'dispatch', 'DISPATCH_STAGING']) {
      const error = await failure(prepareConfiguredDataset(config, server, request({ consentToCopy })));
      assert.deepEqual([error.code, error.exitCode], ['REFUSED', 4]);
      assert.match(error.hint ?? '', /^Add --copy-from dispatch_staging\./);
    }
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('is refused while somebody is connected, who stays connected', async () => {
    const server = await useServer(own.server.adminUrl());
    const somebody = await connectAdmin(own.server, SOURCE);
    try {
      await somebody.query("SET application_name = 'billing'");
      const error = await failure(prepareConfiguredDataset(config, server, consenting));
      assert.equal(error.code, 'REFUSED');
      assert.match(error.message, /was not copied: it is in use: 1 session of \w+ \(billing\)\.$/);
      assert.equal((await somebody.query('SELECT 1 AS one')).rows[0].one, 1);
    } finally {
      await somebody.end();
    }
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('holds what the original holds, which is not changed', async () => {
    const server = await useServer(own.server.adminUrl());
    const before = await digest();
    const prepared = await prepareConfiguredDataset(config, server, consenting);
    assert.deepEqual(await digest(), before);
    assert.equal(prepared.identity.digest, before.content);
    assert.deepEqual(
      prepared.offers.map(({ key }) => key),
      ['1/2026-03-02'],
    );
    assert.equal(prepared.identity.historyBookings, null);
    const again = await prepareConfiguredDataset(config, server, request());
    assert.deepEqual([again.built, again.template], [false, prepared.template]);
  });

  test('of a database that is not there is a wrong config', async () => {
    const server = await useServer(own.server.adminUrl());
    const error = await failure(
      prepareConfiguredDataset(vanConfig({ copyOf: 'absent' }), server, consenting),
    );
    assert.match(error.message, /^dataset\.copyOf: there is no database "absent" on /);
  });
});

test('a PostgreSQL that is killed amid the load leaves no dataset, and the next start clears up', async () => {
  const mortal = await startOwnServer();
  try {
    const pid = mortal.server.postmasterPid ?? assert.fail('expected a postmaster');
    const onProgress = (detail: string) => {
      if (!/^stop: [1-9]/.test(detail)) return;
      try {
        process.kill(pid, 'SIGQUIT'); // an immediate shutdown: nothing is written any more
      } catch {} // it has gone
    };
    const shape = { ...VAN_SHAPE, history: 30_000 };
    const error = await failure(
      prepareConfiguredDataset(vanConfig(MAPPED), mortal.server, request({ shape, onProgress })),
    );
    assert.equal(error.code, 'COPY_FAILED');
    assert.match(error.message, /^dataset\.rows\.stop: /);
    await mortal.server.release().catch(() => {});
    const next = await acquireEmbeddedServer({ cacheFolder: mortal.cache });
    try {
      const { rows } = await withAdmin(next, undefined, (admin) =>
        admin.query("SELECT datname FROM pg_database WHERE datname LIKE 'rushhour\\_tpl%'"),
      );
      assert.deepEqual(rows, []);
      const prepared = await prepareConfiguredDataset(vanConfig(MAPPED), next, request({ shape }));
      assert.equal(prepared.identity.rows.stop, 30_040);
      await dropAbandoned(next);
    } finally {
      await next.release();
    }
  } finally {
    await mortal.remove();
  }
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type pg from 'pg';
import { acquireEmbeddedServer } from '../../harness/postgres/embedded-server.ts';
import { connectAdmin, type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import type { CopyChunk } from '../../seed/copy-buffer.ts';
import { CopyError } from '../../seed/copy-error.ts';
import { type CopyOptions, copyTable } from '../../seed/copy-table.ts';
import { LoadSession } from '../../seed/load-session.ts';
import { resolveShape } from '../../seed/profiles.ts';
import { type SeedOptions, seedDatabase } from '../../seed/seed-database.ts';
import {
  createTestDatabase,
  removeServerFiles,
  startTestServer,
  type TestDatabase,
} from '../support/database.ts';

/** Large enough to be under way when something is done to it: 11 MB of bookings. */
const SHAPE = resolveShape('smoke', { history: 50_000 });

let server: PostgresServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.release());

function chunk(lines: readonly string[]): CopyChunk {
  return { bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')), rows: lines.length };
}

/** Rows without end, in chunks of about 64 KiB; `beforeChunk` may wait for something to happen. */
async function* endlessRows(beforeChunk: (index: number) => Promise<void> | void): AsyncGenerator<CopyChunk> {
  const lines = Array.from({ length: 650 }, (_, row) => `${row}\t${'x'.repeat(96)}`);
  for (let index = 0; ; index++) {
    await beforeChunk(index);
    yield chunk(lines);
  }
}

async function copyError(work: Promise<unknown>): Promise<CopyError> {
  const error = await work.then(
    () => assert.fail('expected a CopyError, but the load succeeded'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof CopyError, `expected a CopyError, got ${error}`);
  return error;
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ relname: string }>(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  return rows.map((row) => row.relname);
}

async function backendPid(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

describe('a COPY that fails', () => {
  let database: TestDatabase;
  const copy = (chunks: Iterable<CopyChunk> | AsyncIterable<CopyChunk>, options?: CopyOptions) =>
    copyTable(database.client, { table: 'sample', columns: ['id', 'text'], chunks }, options);

  const withSampleTable = (name: string, body: () => Promise<void>) =>
    test(name, { timeout: 60_000 }, async () => {
      database = await createTestDatabase(server);
      try {
        await database.client.query('CREATE TABLE sample (id integer, text text)');
        await body();
      } finally {
        await database.drop();
      }
    });

  const loadedRows = async () =>
    withAdmin(server, database.name, async (admin) => {
      const { rows } = await admin.query<{ n: number }>('SELECT count(*)::int AS n FROM sample');
      return rows[0]?.n;
    });

  withSampleTable(
    'names table, line, SQLSTATE and cause of a bad row, and leaves the client usable',
    async () => {
      const rows = [chunk(['1\ta', '2\tb']), chunk(['three\tc', '4\td'])];
      const error = await copyError(copy(rows));
      assert.equal(error.table, 'sample');
      assert.equal(error.failure, 'rejected');
      assert.equal(error.line, 3); // two good rows in the first chunk
      assert.equal(error.sqlState, '22P02'); // invalid_text_representation
      assert.match(
        error.message,
        /^COPY sample failed at line 3: invalid input syntax for type integer: "three"/,
      );
      assert.equal(await loadedRows(), 0);
      assert.equal((await copy([chunk(['5\te'])])).rows, 1);
    },
  );

  withSampleTable('stops asking for rows once one of them was refused', async () => {
    let asked = 0;
    const rows = endlessRows((index) => {
      asked = index;
    });
    async function* withBadRow() {
      yield chunk(['one\ta']);
      yield* rows;
    }
    const error = await copyError(copy(withBadRow()));
    assert.equal(error.line, 1);
    assert.ok(asked < 10_000, `asked for ${asked} more chunks`);
    assert.equal((await copy([chunk(['1\ta'])])).rows, 1);
  });

  withSampleTable('ends also when the table does not exist', async () => {
    const job = { table: 'absent', columns: ['id'], chunks: endlessRows(() => {}) };
    const error = await copyError(copyTable(database.client, job));
    assert.equal(error.sqlState, '42P01'); // undefined_table
    assert.equal((await copy([chunk(['1\ta'])])).rows, 1);
  });

  withSampleTable('keeps the error of rows that could not be made', async () => {
    const broken = new Error('no more rows');
    const rows = endlessRows((index) => {
      if (index === 100) throw broken;
    });
    const error = await copyError(copy(rows));
    assert.equal(error.failure, 'source-failed');
    assert.equal(error.cause, broken);
    assert.equal(error.rowsSent, 100 * 650); // chunks 0 to 99 of 650 rows
    assert.equal(await loadedRows(), 0);
    assert.equal((await copy([chunk(['1\ta'])])).rows, 1);
  });

  withSampleTable('notices when rows were merged on the way', async () => {
    const error = await copyError(copy([{ bytes: Buffer.from('1\ta\n'), rows: 2 }]));
    assert.match(error.message, /sent 2 rows, but PostgreSQL counted 1\. What it counted is loaded unless/);
  });

  withSampleTable('ends when its session is terminated', async () => {
    const pid = await backendPid(database.client);
    const rows = endlessRows(async (index) => {
      if (index !== 50) return;
      await withAdmin(server, undefined, (admin) => admin.query('SELECT pg_terminate_backend($1)', [pid]));
    });
    const error = await copyError(copy(rows));
    assert.equal(error.failure, 'connection-lost');
    assert.equal(await loadedRows(), 0);
  });

  withSampleTable('ends when the connection is cut', async () => {
    const rows = endlessRows((index) => {
      if (index === 50) database.client.connection.stream.destroy();
    });
    const error = await copyError(copy(rows));
    assert.equal(error.failure, 'connection-lost');
    assert.equal(await loadedRows(), 0);
  });

  withSampleTable('gives up when PostgreSQL takes no more data', async () => {
    const pid = await backendPid(database.client);
    const rows = endlessRows((index) => {
      if (index === 50) process.kill(pid, 'SIGSTOP');
    });
    try {
      const error = await copyError(copy(rows, { stallTimeoutMs: 500 }));
      assert.equal(error.failure, 'stalled');
      assert.match(error.message, /has accepted no data for 0\.5 s/);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    assert.equal(await loadedRows(), 0);
  });

  withSampleTable('ends when the signal fires, and leaves the client usable', async () => {
    const controller = new AbortController();
    const rows = endlessRows((index) => {
      if (index === 50) controller.abort();
    });
    const error = await copyError(copy(rows, { signal: controller.signal }));
    assert.equal(error.failure, 'aborted');
    assert.equal(await loadedRows(), 0);
    assert.equal((await copy([chunk(['1\ta'])])).rows, 1);
  });

  withSampleTable('does not begin when the signal has fired before', async () => {
    const error = await copyError(copy([chunk(['1\ta'])], { signal: AbortSignal.abort() }));
    assert.equal(error.failure, 'aborted');
    assert.equal(await loadedRows(), 0);
  });
});

describe('seeding that fails', () => {
  const seedingTest = (name: string, body: (database: TestDatabase) => Promise<void>) =>
    test(name, { timeout: 60_000 }, async () => {
      const database = await createTestDatabase(server);
      try {
        await body(database);
      } finally {
        await database.drop();
      }
    });

  /** Calls `act` once, when the first megabyte of bookings is on its way. */
  const duringBookings = (act: () => void): NonNullable<SeedOptions['onProgress']> => {
    let done = false;
    return ({ table, bytes }) => {
      if (done || table !== 'booking' || bytes === 0) return;
      done = true;
      act();
    };
  };

  seedingTest(
    'leaves no tables and no open transaction when the signal fires, and can be repeated',
    async ({ client }) => {
      const controller = new AbortController();
      const onProgress = duringBookings(() => controller.abort());
      const error = await copyError(seedDatabase(client, SHAPE, { signal: controller.signal, onProgress }));
      assert.equal(error.failure, 'aborted');
      assert.equal(error.table, 'booking');
      assert.match(
        error.message,
        /^COPY booking failed after about \d+ rows: it was interrupted\. Nothing was loaded\.$/,
      );
      assert.deepEqual(await tablesOf(client), []);
      assert.equal((await seedDatabase(client, resolveShape('smoke'))).rows.booking, 2_200);
    },
  );

  seedingTest('leaves no tables when its session is terminated', async ({ client, name }) => {
    const pid = await backendPid(client);
    let terminated: Promise<unknown> = Promise.resolve();
    const onProgress = duringBookings(() => {
      terminated = withAdmin(server, undefined, (admin) =>
        admin.query('SELECT pg_terminate_backend($1)', [pid]),
      );
    });
    const error = await copyError(seedDatabase(client, SHAPE, { onProgress }));
    await terminated;
    assert.equal(error.failure, 'connection-lost');
    assert.match(error.hint, /seed again/);
    assert.deepEqual(await withAdmin(server, name, tablesOf), []);
  });

  seedingTest('refuses a database that has tables, and leaves them alone', async ({ client }) => {
    await client.query('CREATE TABLE booking AS SELECT 1 AS id');
    const error = await copyError(seedDatabase(client, resolveShape('smoke')));
    assert.equal(error.failure, 'not-empty');
    assert.match(error.message, /expected an empty database, found booking\./);
    assert.deepEqual((await client.query('SELECT * FROM booking')).rows, [{ id: 1 }]);
  });

  seedingTest(
    'takes committed rows back when it is interrupted before the statistics',
    async ({ client }) => {
      const controller = new AbortController();
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      client.query = ((...args: unknown[]) => {
        const answer = query(...args);
        if (args[0] === 'COMMIT') controller.abort();
        return answer;
      }) as typeof client.query;
      const error = await copyError(
        seedDatabase(client, resolveShape('smoke'), { signal: controller.signal }),
      );
      assert.equal(error.failure, 'aborted');
      assert.deepEqual(await tablesOf(client), []);
    },
  );

  seedingTest(
    'cancels a statement that takes long on the server when the signal fires',
    async ({ client }) => {
      const controller = new AbortController();
      const session = new LoadSession(client, controller.signal);
      await session.begin();
      const sleeping = session.run('SELECT pg_sleep(600)');
      setImmediate(() => controller.abort());
      await assert.rejects(sleeping, { code: '57014' }); // query_canceled
      await session.rollBack();
      await session.end();
      assert.deepEqual((await client.query('SELECT 1 AS one')).rows, [{ one: 1 }]);
    },
  );

  seedingTest("is not cut short by the client's statement_timeout, and gives it back", async ({ client }) => {
    await client.query('SET statement_timeout = 50'); // milliseconds, far less than the COPY of 10 MB takes
    await assert.rejects(client.query('SELECT pg_sleep(10)'), { code: '57014' });
    await seedDatabase(client, SHAPE);
    assert.deepEqual((await client.query('SHOW statement_timeout')).rows, [{ statement_timeout: '50ms' }]);
    await client.query('SET statement_timeout = 0');
  });

  test('leaves nothing when PostgreSQL is killed', { timeout: 120_000 }, async () => {
    const cacheFolder = await mkdtemp(path.join(tmpdir(), 'rushhour-killed-'));
    try {
      const killed = await acquireEmbeddedServer({ cacheFolder });
      const client = await connectAdmin(killed);
      // SIGQUIT is what pg_ctl stop -m immediate sends (PostgreSQL 18 manual, "Shutting Down the Server").
      const onProgress = duringBookings(() => process.kill(killed.postmasterPid ?? Number.NaN, 'SIGQUIT'));
      const error = await copyError(seedDatabase(client, SHAPE, { onProgress }));
      assert.equal(error.failure, 'connection-lost');
      await client.end();
      await killed.release().catch(() => {}); // it cannot be stopped again

      const recovered = await acquireEmbeddedServer({ cacheFolder });
      try {
        const ours = (await withAdmin(recovered, undefined, tablesOf)).filter(
          (name) => !name.startsWith('pg_'),
        );
        assert.deepEqual(ours, []);
      } finally {
        await recovered.release();
      }
    } finally {
      await removeServerFiles(cacheFolder);
      await rm(cacheFolder, { recursive: true, force: true });
    }
  });

  test('names the full disk', { timeout: 60_000 }, async (t) => {
    const disk = await smallDisk(t);
    if (disk) await seedOntoFullDisk(disk).finally(disk.remove);
    else await copyWithDiskFullError();
  });
});

interface SmallDisk {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

const run = promisify(execFile);

/** 20 MB that PostgreSQL may write to, or null where this process may not mount. */
async function smallDisk(t: TestContext): Promise<SmallDisk | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=20m,mode=0700', 'tmpfs', folder]);
  } catch (error) {
    t.diagnostic(`no small disk here, so PostgreSQL is made to report a full one instead: ${error}`);
    await rm(folder, { recursive: true });
    return null;
  }
  const { rows } = await withAdmin(server, undefined, (admin) =>
    admin.query("SELECT current_setting('data_directory') AS data"),
  );
  const owner = await stat(rows[0].data);
  await chown(folder, owner.uid, owner.gid);
  const remove = async () => {
    await run('umount', [folder]);
    await rm(folder, { recursive: true });
  };
  return { folder, remove };
}

async function seedOntoFullDisk({ folder }: SmallDisk): Promise<void> {
  const tablespace = `rushhour_small_${process.pid}`;
  await withAdmin(server, undefined, async (admin) => {
    await admin.query(`CREATE TABLESPACE ${tablespace} LOCATION ${admin.escapeLiteral(folder)}`);
    try {
      // A copy of template0 takes 8 of the 20 MB; bookings and assignments of SHAPE need more than the rest.
      await admin.query(`CREATE DATABASE ${tablespace} TEMPLATE template0 TABLESPACE ${tablespace}`);
      await withAdmin(server, tablespace, async (client) => {
        const error = await copyError(seedDatabase(client, SHAPE));
        assert.equal(error.failure, 'disk-full');
        assert.equal(error.sqlState, '53100'); // disk_full
        assert.match(error.message, /No space left on device/);
        assert.match(error.hint, /Free disk space/);
        assert.deepEqual(await tablesOf(client), []);
      });
    } finally {
      await admin.query(`DROP DATABASE IF EXISTS ${tablespace} WITH (FORCE)`);
      await admin.query(`DROP TABLESPACE ${tablespace}`);
    }
  });
}

/** The same answer from the server, for another reason. */
async function copyWithDiskFullError(): Promise<void> {
  const database = await createTestDatabase(server);
  try {
    await database.client.query(`
      CREATE TABLE sample (id integer, text text);
      CREATE FUNCTION fill_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF new.id = 600 THEN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'No space left on device'; END IF;
          RETURN new;
        END $$;
      CREATE TRIGGER fill_up BEFORE INSERT ON sample FOR EACH ROW EXECUTE FUNCTION fill_up()`);
    const chunks = endlessRows(() => {});
    const job = { table: 'sample', columns: ['id', 'text'], chunks };
    const error = await copyError(copyTable(database.client, job));
    assert.equal(error.failure, 'disk-full');
    assert.deepEqual((await database.client.query('SELECT count(*)::int AS n FROM sample')).rows, [{ n: 0 }]);
  } finally {
    await database.drop();
  }
}

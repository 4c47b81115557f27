import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { backUp } from '../../harness/backup/back-up.ts';
import { restore } from '../../harness/backup/restore.ts';
import { chooseBackup, findBackups } from '../../harness/backup/stored-backups.ts';
import { EXIT } from '../../harness/errors.ts';
import { prepareDataset } from '../../harness/experiment/dataset.ts';
import { dropAbandoned } from '../../harness/postgres/abandoned-databases.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import type { Progress } from '../../harness/progress.ts';
import { createProduction, PRODUCTION, portrait } from '../support/canary.ts';
import { errorOf } from '../support/command-line.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { databaseNames, makeOwnDatabase } from '../support/own-database.ts';
import { SILENT } from '../support/silent-progress.ts';
import { SMALLEST, SMALLEST_OPTIONS } from '../support/smallest-shape.ts';

/** Nobody has this pid: with it, a database of ours is cleared away as abandoned by the next verb. */
const ABANDON = 'UPDATE rushhour_meta.marker SET harness_pid = 4194304';

describe('what only looks like ours', () => {
  let own: OwnServer;
  let results: string;
  /** A database of ours with a backup, as `restore last` finds it. */
  let ours: string;
  const { signal } = new AbortController();

  before(async () => {
    own = await startOwnServer();
    results = path.join(own.cache, 'results');
    await createProduction(own.server);
    ours = await makeOwnDatabase(own.server);
    const how = { disconnect: false, dump: 'never', resultsRoot: results, signal, progress: SILENT } as const;
    await backUp(own.server, { database: ours, ...how });
  });
  after(() => own?.remove());

  const admin = (sql: string) => run('postgres', sql);
  const run = (database: string, sql: string) =>
    withAdmin(own.server, database, (client) => client.query(sql));
  const copyOf = (original: string, name: string) => admin(`CREATE DATABASE ${name} TEMPLATE ${original}`);
  const where = () => ['--server', own.server.adminUrl()];

  /** Every verb that names a database, with every flag that could do it harm. */
  const attempts = (database: string) => [
    ...['up', 'down', 'status'].map((action) => ['migrate', action, '--database', database]),
    ['backup', '--database', database, '--disconnect', '--results', results],
    ['restore', 'last', '--database', database, '--disconnect', '--drop-old', '--results', results],
  ];

  async function staysAsItIs(name: string, got: RegExp): Promise<void> {
    const asMade = await portrait(own.server, [name]);
    for (const args of attempts(name)) {
      const { exitCode, message, hint } = await errorOf([...args, ...where()]);
      assert.equal(exitCode, EXIT.refused, `${args.join(' ')}: ${message}`);
      assert.match(message, new RegExp(`^Database "${name}" on 127\\.0\\.0\\.1:\\d+ `));
      assert.match(message, got);
      assert.ok(hint);
    }
    await dropAbandoned(own.server);
    assert.deepEqual(await portrait(own.server, [name]), asMade);
  }

  const COPIED =
    /Expected a marker inside that names this very database, got a copy of one that was written in another database\.$/;

  test('a copy of a database of ours, made by CREATE DATABASE … TEMPLATE', async () => {
    await copyOf(ours, 'rushhour_run_00000000000a');
    await run('rushhour_run_00000000000a', ABANDON);
    await staysAsItIs('rushhour_run_00000000000a', COPIED);
  });

  test('a production into which the marker of a database of ours was copied row by row', async () => {
    const { rows } = await run(ours, 'SELECT to_jsonb(m) AS row FROM rushhour_meta.marker m');
    const name = 'rushhour_run_00000000000b';
    await copyOf(PRODUCTION, name);
    const columns =
      'purpose text, harness_pid integer, info jsonb, database_oid oid, system_identifier text, created_at timestamptz';
    await run(
      name,
      `CREATE SCHEMA rushhour_meta; CREATE TABLE rushhour_meta.marker (${columns});
       INSERT INTO rushhour_meta.marker
         SELECT * FROM jsonb_to_record('${JSON.stringify(rows[0]?.row)}') AS marker (${columns}); ${ABANDON}`,
    );
    await staysAsItIs(name, COPIED);
  });

  test('a production with a table of that name of its own, or an empty one', async () => {
    await copyOf(PRODUCTION, 'rushhour_run_00000000000c');
    await run(
      'rushhour_run_00000000000c',
      'CREATE SCHEMA rushhour_meta; CREATE TABLE rushhour_meta.marker (id integer)',
    );
    await staysAsItIs(
      'rushhour_run_00000000000c',
      /got a table of that name that is none \(column m\.purpose does not exist\)\.$/,
    );
    await copyOf('rushhour_run_00000000000a', 'rushhour_run_00000000000d');
    await run('rushhour_run_00000000000d', 'DELETE FROM rushhour_meta.marker');
    await staysAsItIs('rushhour_run_00000000000d', /got an empty one\.$/);
  });

  test('a production that lets nobody in: its door is not opened', async () => {
    await copyOf(PRODUCTION, 'rushhour_run_00000000000e');
    await admin('ALTER DATABASE rushhour_run_00000000000e ALLOW_CONNECTIONS false');
    await staysAsItIs(
      'rushhour_run_00000000000e',
      /lets nobody in: it is .*Expected a database that is worked in\.$/,
    );
  });

  test('a production that a role without the right to connect may not enter', async () => {
    await copyOf(PRODUCTION, 'rushhour_run_00000000000f');
    await admin("CREATE ROLE guest LOGIN CREATEDB PASSWORD 'guest'");
    await admin('REVOKE CONNECT ON DATABASE rushhour_run_00000000000f FROM PUBLIC');
    const url = new URL(own.server.adminUrl());
    url.username = url.password = 'guest';
    const args = ['backup', '--database', 'rushhour_run_00000000000f', '--disconnect', '--results', results];
    const { exitCode, message } = await errorOf([...args, '--server', url.toString()]);
    assert.equal(exitCode, EXIT.refused);
    assert.match(message, /got no way in \(permission denied for database "rushhour_run_00000000000f"\)\.$/);
  });

  test('a production that has got the name of a database of ours, which has a backup', async () => {
    await admin(`ALTER DATABASE ${ours} RENAME TO rushhour_elsewhere`);
    await copyOf(PRODUCTION, ours);
    await staysAsItIs(ours, /got none\.$/);
    await admin(`DROP DATABASE ${ours}`);
    await admin(`ALTER DATABASE rushhour_elsewhere RENAME TO ${ours}`);
  });

  test('a production that gets that name while a restore is under way', async () => {
    const swap = async () => {
      await admin(`ALTER DATABASE ${ours} RENAME TO rushhour_elsewhere`);
      await copyOf(PRODUCTION, ours);
    };
    const swapping: Progress = {
      note: () => {},
      step: async (title, work) => {
        const result = await work(() => {});
        if (title.startsWith('Digest')) await swap(); // everything was proven before it
        return result;
      },
    };
    const backup = chooseBackup(await findBackups(own.server, results), 'last');
    const flags = { disconnect: true, dropOld: true };
    await assert.rejects(
      restore(own.server, { backup, database: ours, ...flags, signal, progress: swapping }),
      /it is not replaced\. Expected .*, got another database than at the start of this restore/,
    );
    const { rows } = await run(ours, 'SELECT count(*)::int AS n FROM driver');
    assert.equal(rows[0]?.n, SMALLEST.companies * SMALLEST.drivers);
    assert.deepEqual(await databaseNames(own.server, `_before_restore_|^rushhour_build_`), []);
    await admin(`DROP DATABASE ${ours}`);
    await admin(`ALTER DATABASE rushhour_elsewhere RENAME TO ${ours}`);
  });

  test('a database of ours stays ours under another name that begins like ours, and is let go by any other', async () => {
    const name = await makeOwnDatabase(own.server);
    await admin(`ALTER DATABASE ${name} RENAME TO rushhour_moved`);
    await assert.rejects(
      errorOf(['migrate', 'status', '--database', 'rushhour_moved', ...where()]),
      /was done/,
    );
    await run('rushhour_moved', ABANDON);
    await admin('ALTER DATABASE rushhour_moved RENAME TO taken_over');
    await staysAsItIs('taken_over', /got one, in a database that was renamed since\.$/);
  });

  test('a database with the name of a dataset that is wanted: it is neither cloned, nor is its door touched', async () => {
    const { template } = await prepareDataset(own.server, {
      shape: SMALLEST,
      indexes: false,
      signal,
      onProgress: () => {},
    });
    const seed = ['seed', ...SMALLEST_OPTIONS, ...where()];
    await admin(`ALTER DATABASE ${template} ALLOW_CONNECTIONS true`); // as a process leaves it that is killed while it reads
    await assert.rejects(errorOf(seed), /was done/);
    const { rows } = await admin(
      `SELECT datallowconn AS open FROM pg_database WHERE datname = '${template}'`,
    );
    assert.equal(rows[0]?.open, false);

    await admin(`ALTER DATABASE ${template} RENAME TO rushhour_tpl_aside`);
    await copyOf(PRODUCTION, template);
    await admin('CREATE ROLE landlord');
    for (const state of [
      'ALLOW_CONNECTIONS true',
      'IS_TEMPLATE true ALLOW_CONNECTIONS false',
      'OWNER TO landlord',
    ]) {
      await admin(`ALTER DATABASE ${template} ${state}`);
      const asMade = await portrait(own.server, [template]);
      const { exitCode, message, hint } = await errorOf(seed);
      assert.equal(exitCode, EXIT.refused, message);
      assert.match(
        message,
        /it is not cloned, although it has the name .*, got (none|a closed database of another role)\.$/,
      );
      assert.match(hint ?? '', /Rename that database/);
      assert.deepEqual(await portrait(own.server, [template]), asMade);
    }
  });
});

import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Options } from 'execa';
import { backUp as backUpDatabase } from '../../harness/backup/back-up.ts';
import { type RestoreRequest, restore as restoreBackup } from '../../harness/backup/restore.ts';
import { chooseBackup, findBackups } from '../../harness/backup/stored-backups.ts';
import { EXIT, HarnessError } from '../../harness/errors.ts';
import { dropAbandoned } from '../../harness/postgres/abandoned-databases.ts';
import { digestContent } from '../../harness/postgres/content-digest.ts';
import { connectAdmin, useServer, withAdmin } from '../../harness/postgres/server.ts';
import { eventually, rushhour as runTool, scratchFolder } from '../support/command.ts';
import { createTestDatabase, type OwnServer, startOwnServer } from '../support/database.ts';
import { databaseNames, makeOwnDatabase, ROWS } from '../support/own-database.ts';
import { SILENT } from '../support/silent-progress.ts';

describe('backup and restore', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  const rushhour = (args: readonly string[], options: Options = {}) =>
    runTool(args, { ...options, env: { ...options.env, RUSHHOUR_CACHE: own.cache } });
  const contentOf = (name: string) =>
    withAdmin(own.server, name, async (client) => (await digestContent(client)).content);
  const change = (name: string, sql: string) => withAdmin(own.server, name, (client) => client.query(sql));

  const { signal } = new AbortController();
  const backUp = async (results: string, name: string, disconnect = false) => {
    const request = { database: name, disconnect, dump: 'never', resultsRoot: results } as const;
    const { record, ...made } = await backUpDatabase(own.server, { ...request, signal, progress: SILENT });
    return { ...record, ...made };
  };
  const restore = async (
    results: string,
    reference: string,
    database: string,
    more: Partial<RestoreRequest> = {},
  ) => {
    const backup = chooseBackup(await findBackups(own.server, results), reference);
    const request = { backup, database, disconnect: false, dropOld: false, signal, progress: SILENT };
    return restoreBackup(own.server, { ...request, ...more });
  };
  const asRole = async (definition: string, name: string) => {
    await change('postgres', `CREATE ROLE ${definition}`);
    const url = new URL(own.server.adminUrl());
    url.username = name;
    url.password = name;
    return useServer(url.toString());
  };
  const fails = (code: HarnessError['code'], pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof HarnessError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  };

  test('the command line brings a changed database back whole, and keeps the changed one under another name', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    const content = await contentOf(name);
    const made = await rushhour(['backup', '--database', name, '--no-dump', '--results', results, '--json']);
    assert.equal(made.exitCode, EXIT.fine, `${made.stderr}`);
    const backup = JSON.parse(String(made.stdout)) as { id: string; content: { digest: string } };
    assert.equal(backup.content.digest, content);
    await change(
      name,
      `DELETE FROM stop WHERE booking_id = 2; UPDATE booking SET town = 'x' WHERE id = 7;
       DROP INDEX booking_town_idx; INSERT INTO booking (town) VALUES ('new')`,
    );
    const changed = await contentOf(name);
    assert.notEqual(changed, content);

    const args = ['restore', backup.id.slice(0, -2), '--database', name, '--results', results];
    const run = await rushhour(args);
    assert.equal(run.exitCode, EXIT.fine, `${run.stderr}`);
    assert.match(String(run.stdout), /2 tables, 1,003 rows; rows, content and definitions are as backed up/);
    const keptAs = /kept as (\S+)/.exec(String(run.stdout))?.[1] ?? '';
    assert.match(keptAs, new RegExp(`^${name}_before_restore_\\d{8}_\\d{6}$`));
    assert.deepEqual([await contentOf(name), await contentOf(keptAs)], [content, changed]);
    const { rows } = await change(name, "INSERT INTO booking (town) VALUES ('next') RETURNING id");
    assert.equal(rows[0]?.id, ROWS.booking + 1); // the sequence is back as well
    const index = await change(name, "SELECT to_regclass('booking_town_idx') AS found");
    assert.equal(index.rows[0]?.found, 'booking_town_idx');
    assert.deepEqual(await databaseNames(own.server, '^rushhour_build_'), []);

    const list = String((await rushhour(['restore', '--results', results])).stdout).split('\n');
    const line = list[list.indexOf(`${backup.id}  ${name}`) + 1] ?? '';
    assert.match(
      line,
      /UTC, \d+ min old · [\d.]+ MB, 1,003 rows · content [0-9a-f]{12} · template there · dump none/,
    );
    assert.ok(line.includes(content.slice(0, 12)));
  });

  test('with dropOld no second database is left', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    const { template } = await backUp(results, name);
    await change(name, 'DELETE FROM stop');
    const { keptAs, from } = await restore(results, 'last', name, { dropOld: true });
    assert.deepEqual([keptAs, from], [null, 'template']);
    assert.deepEqual(await databaseNames(own.server, name), [template.name, name].sort());
  });

  test('a backup becomes a new database beside the one it was taken of, and its template remembers it without the record', async (t) => {
    const results = await scratchFolder(t);
    const elsewhere = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    const content = await contentOf(name);
    const { template } = await backUp(results, name);
    await restore(elsewhere, template.name, 'rushhour_copy');
    assert.deepEqual([await contentOf('rushhour_copy'), await contentOf(name)], [content, content]);
    // It belongs to no process that could have ended, so no later command takes it for abandoned.
    await change('rushhour_copy', 'UPDATE rushhour_meta.marker SET harness_pid = 4194304'); // nobody's pid
    await dropAbandoned(own.server);
    assert.equal(await contentOf('rushhour_copy'), content);
  });

  test('grants, settings and limits of the database itself come back; what cannot is told', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    const service = own.server.serviceRole;
    await change(
      name,
      `ALTER DATABASE ${name} SET search_path = "$user", public, pg_catalog; ALTER DATABASE ${name} SET work_mem = '7MB';
       ALTER DATABASE ${name} SET default_transaction_read_only = on; ALTER DATABASE ${name} SET app.town = 'a ''b'' c';
       ALTER DATABASE ${name} CONNECTION LIMIT 17; REVOKE ALL ON DATABASE ${name} FROM PUBLIC;
       GRANT CONNECT ON DATABASE ${name} TO ${service} WITH GRANT OPTION;
       ALTER ROLE ${service} IN DATABASE ${name} SET statement_timeout = '9s';
       CREATE ROLE leaver; GRANT TEMP ON DATABASE ${name} TO leaver`,
    );
    const describeDatabase = () =>
      withAdmin(own.server, undefined, async (admin) => {
        const { rows } = await admin.query(
          `SELECT datconnlimit, array_remove(datacl::text[], 'leaver=T/rushhour') AS acl,
                  (SELECT array_agg(setrole || ' ' || array_to_string(setconfig, '; ') ORDER BY setrole)
                   FROM pg_db_role_setting WHERE setdatabase = d.oid) AS settings
           FROM pg_database d WHERE datname = $1`,
          [name],
        );
        return rows[0];
      });
    const asMade = await describeDatabase();
    assert.deepEqual([asMade.datconnlimit, asMade.settings.length], [17, 2]);
    await backUp(results, name);
    await change('postgres', `REVOKE ALL ON DATABASE ${name} FROM leaver; DROP ROLE leaver`);
    const { notes } = await restore(results, 'last', name);
    assert.deepEqual(notes, ['grant: role "leaver" does not exist']);
    assert.deepEqual(await describeDatabase(), asMade);
  });

  test('a database that is not ours is refused, for backup and for restore, and nothing in it changes', async (t) => {
    const results = await scratchFolder(t);
    const foreign = await createTestDatabase(own.server); // looks like ours by name, carries no marker
    await foreign.client.query('CREATE TABLE booking AS SELECT 1 AS id');
    const content = await contentOf(foreign.name);
    const mine = await makeOwnDatabase(own.server);
    await backUp(results, mine);
    const databases = await databaseNames(own.server);
    for (const args of [
      ['backup', '--disconnect'],
      ['restore', 'last', '--disconnect', '--drop-old'],
    ]) {
      const run = await rushhour([...args, '--database', foreign.name, '--results', results]);
      assert.equal(run.exitCode, EXIT.refused, `${run.stderr}`);
      assert.match(
        String(run.stderr),
        /does not carry rushhour's marker: it is neither backed up nor replaced/,
      );
    }
    // Its session has lived through both.
    assert.equal((await foreign.client.query('SELECT id FROM booking')).rows[0]?.id, 1);
    assert.equal(await contentOf(foreign.name), content);
    assert.deepEqual(await databaseNames(own.server), databases);
    await foreign.drop();
  });

  test('a role that may only create databases backs up and restores; sessions it may not end are told', async (t) => {
    const results = await scratchFolder(t);
    const maker = await asRole("maker LOGIN CREATEDB PASSWORD 'maker'", 'maker');
    const name = await makeOwnDatabase(maker, 'backedupbymaker');
    const request = {
      database: name,
      dump: 'never',
      resultsRoot: results,
      signal,
      progress: SILENT,
    } as const;
    const { record } = await backUpDatabase(maker, { ...request, disconnect: false });
    await withAdmin(maker, name, (client) => client.query('DELETE FROM stop'));
    const backup = chooseBackup(await findBackups(maker, results), 'last');
    const restored = await restoreBackup(maker, { ...request, backup, disconnect: false, dropOld: true });
    assert.deepEqual(
      [restored.content.content, restored.keptAs, restored.notes],
      [record.content.digest, null, []],
    );
    const holder = await connectAdmin(own.server, name); // a superuser's
    const refused = fails('REFUSED', /is in use: 1 session of rushhour/);
    await assert.rejects(backUpDatabase(maker, { ...request, disconnect: true }), refused);
    await holder.end();
  });

  test('neither another database of ours is replaced, nor a template backed up', async (t) => {
    const results = await scratchFolder(t);
    const [mine, other] = [await makeOwnDatabase(own.server), await makeOwnDatabase(own.server)];
    await backUp(results, mine);
    await assert.rejects(
      restore(results, 'last', other),
      fails('REFUSED', new RegExp(`is a backup of "${mine}": it does not replace "${other}"`)),
    );
    const template = (await databaseNames(own.server, '^rushhour_tpl_'))[0] ?? '';
    await assert.rejects(backUp(results, template), fails('REFUSED', /lets nobody in/));
  });

  test('a database in use is refused with who uses it; on demand their sessions are ended and counted', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    await backUp(results, name);
    const holder = await connectAdmin(own.server, name);
    await holder.query("SET application_name = 'holder'");
    const inUse = fails('REFUSED', /is in use: 1 session of rushhour \(holder\)/);
    await assert.rejects(backUp(results, name), inUse);
    await assert.rejects(restore(results, 'last', name), inUse);
    await holder.query('SELECT 1'); // nobody has ended it
    assert.equal((await backUp(results, name, true)).endedSessions, 1);
    await assert.rejects(holder.query('SELECT 1'));
    const again = await connectAdmin(own.server, name); // and anybody may come again
    assert.equal((await restore(results, 'last', name, { disconnect: true })).endedSessions, 1);
    await assert.rejects(again.query('SELECT 1'));
  });

  test('a template that was changed is not restored: the database stays as it is and nothing half made is left', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    const { template, id } = await backUp(results, name);
    await change(name, 'DELETE FROM stop WHERE booking_id = 2');
    const content = await contentOf(name);
    const open = (allowed: boolean) =>
      change('postgres', `ALTER DATABASE ${template.name} WITH ALLOW_CONNECTIONS ${allowed}`);
    await open(true);
    await change(template.name, "UPDATE booking SET town = 'town 0' WHERE id = 1");
    await change(template.name, "INSERT INTO stop VALUES ('c', 3)");
    await open(false);

    const databases = await databaseNames(own.server);
    const run = await rushhour(['restore', id, '--database', name, '--disconnect', '--results', results]);
    assert.equal(run.exitCode, EXIT.failure);
    assert.match(
      String(run.stderr),
      /nothing was replaced:\n {2}public\.booking: as many rows as expected, with other content/,
    );
    assert.match(String(run.stderr), /public\.stop: expected 3 rows, got 4/);
    assert.equal(await contentOf(name), content);
    assert.deepEqual(await databaseNames(own.server), databases);
  });

  test('a template without an index that was there is not restored either', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    const { template } = await backUp(results, name);
    await change('postgres', `ALTER DATABASE ${template.name} WITH ALLOW_CONNECTIONS true`);
    await change(template.name, 'DROP INDEX booking_town_idx');
    await change('postgres', `ALTER DATABASE ${template.name} WITH ALLOW_CONNECTIONS false`);
    await assert.rejects(restore(results, 'last', name), fails('RESTORE_FAILED', /The definitions differ/));
  });

  test('a database that took the name of a template is not taken for it', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    const { template, id } = await backUp(results, name);
    const dropTemplate = async () => {
      await change('postgres', `ALTER DATABASE ${template.name} WITH IS_TEMPLATE false`);
      await change('postgres', `DROP DATABASE ${template.name}`);
    };
    await dropTemplate();
    const gone = fails('RESTORE_FAILED', /cannot be restored\. Its template .* is gone; there is no dump/);
    await assert.rejects(restore(results, id, name), gone);
    await change('postgres', `CREATE DATABASE ${template.name} TEMPLATE template0`);
    await change('postgres', `ALTER DATABASE ${template.name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
    const impostor = fails('REFUSED', /does not carry the marker of backup/);
    await assert.rejects(restore(results, id, name), impostor);
    assert.deepEqual(await databaseNames(own.server, '^rushhour_build_'), []);
    await dropTemplate();
  });

  /** Long enough under way to be caught at it. */
  const GROW = "INSERT INTO booking (town) SELECT repeat('x', 400) FROM generate_series(1, 200000)";

  test('a backup that is killed leaves nothing that is taken for one, and the database open', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    await change(name, GROW);
    const running = rushhour(['backup', '--database', name, '--no-dump', '--results', results]);
    // While its digest is being made it carries a marker, by which it is known as abandoned later.
    const digesting = await eventually(async () => {
      const { rows } = await change(
        'postgres',
        "SELECT FROM pg_stat_activity WHERE datname ~ '^rushhour_build_' AND query ~ 'sha256'",
      );
      return rows.length > 0;
    });
    assert.ok(digesting);
    running.kill('SIGKILL');
    await running;
    assert.equal((await databaseNames(own.server, '^rushhour_build_')).length, 1);
    const known = (await findBackups(own.server, results)).map(({ record }) => record.database.name);
    assert.ok(!known.includes(name));
    await change(name, 'SELECT 1');
    // Its session in the copy ends once the server notices; then any command clears the copy away.
    assert.ok(await eventually(async () => (await dropAbandoned(own.server)).length > 0));
    assert.deepEqual(await databaseNames(own.server, '^rushhour_build_'), []);
  });

  test('Ctrl-C ends a backup, and nothing is left of it', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    await change(name, GROW);
    const running = rushhour(['backup', '--database', name, '--no-dump', '--results', results]);
    assert.ok(await eventually(async () => (await databaseNames(own.server, '^rushhour_build_')).length > 0));
    running.kill('SIGINT');
    assert.equal((await running).exitCode, EXIT.interrupted);
    assert.deepEqual(await databaseNames(own.server, '^rushhour_build_'), []);
    assert.deepEqual(await databaseNames(own.server, `^rushhour_bak_${name}`), []);
    assert.deepEqual(await readdir(path.join(results, 'backups')), []);
  });

  test('a results folder that cannot be written fails before anything is copied', async (t) => {
    const file = path.join(await scratchFolder(t), 'file');
    await writeFile(file, '');
    const name = await makeOwnDatabase(own.server);
    const databases = await databaseNames(own.server);
    await assert.rejects(backUp(file, name), fails('RESULT_WRITE_FAILED', /Cannot write/));
    assert.deepEqual(await databaseNames(own.server), databases);
  });

  test('the record holds no password, and fits its schema when it is read back', async (t) => {
    const results = await scratchFolder(t);
    const { folder, id } = await backUp(results, await makeOwnDatabase(own.server));
    const password = new URL(own.server.adminUrl()).password;
    assert.ok(password.length > 10);
    assert.ok(!(await readFile(path.join(folder, 'backup.json'), 'utf8')).includes(password));
    assert.equal(chooseBackup(await findBackups(own.server, results), id).folder, folder);
  });

  test('what is not there, or has no name of ours, is a usage error', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(own.server);
    await assert.rejects(
      restore(results, 'nonsense', name),
      fails('RESULT_NOT_FOUND', /There is no backup "nonsense"/),
    );
    await backUp(results, name);
    const noName = fails('BAD_OPTION', /expected a name .* begins with rushhour_/);
    await assert.rejects(restore(results, 'last', 'production'), noName);
    const notThere = fails('BAD_OPTION', /the server has no database "rushhour_none"/);
    await assert.rejects(backUp(results, 'rushhour_none'), notThere);
  });

  test('a restore names the backup and the database it replaces, both', async () => {
    for (const [args, message] of [
      [['last'], /--database is missing/],
      [['--database', 'rushhour_x'], /Expected the backup to restore/],
    ] as const) {
      const run = await rushhour(['restore', ...args]);
      assert.equal(run.exitCode, EXIT.usage);
      assert.match(String(run.stderr), message);
    }
  });
});

describe('clean', () => {
  test('removes nothing that only lies where its own things would', async (t) => {
    const cache = await scratchFolder(t);
    const theirs = ['k6/load.js', 'postgres/cluster-main/PG_VERSION', 'postgres/distribution-notes/a.txt'];
    for (const file of theirs) {
      await mkdir(path.dirname(path.join(cache, file)), { recursive: true });
      await writeFile(path.join(cache, file), '');
    }
    await chmod(cache, 0o755); // also for an account that PostgreSQL runs as
    const { exitCode, stdout } = await runTool(['clean', '--yes', '--backups'], {
      env: { RUSHHOUR_CACHE: cache },
    });
    assert.equal(exitCode, EXIT.fine);
    assert.match(String(stdout), /Nothing to remove/);
    for (const file of theirs) assert.ok((await stat(path.join(cache, file))).isFile(), file);
  });

  test('keeps a cluster that holds a backup and says so, until --backups asks for it', async (t) => {
    const results = await scratchFolder(t);
    const own = await startOwnServer();
    t.after(() => own.remove());
    const tool = (args: readonly string[]) => runTool(args, { env: { RUSHHOUR_CACHE: own.cache } });
    const name = await makeOwnDatabase(own.server);
    assert.equal((await tool(['backup', '--database', name, '--results', results])).exitCode, 0);
    const cluster = own.server.clusterFolder ?? '';
    await own.server.release();
    const kept = await tool(['clean', '--yes']);
    assert.equal(kept.exitCode, 0, `${kept.stderr}`);
    assert.match(String(kept.stdout), new RegExp(`it holds the backup of ${name} of .* UTC`));
    assert.ok((await stat(cluster)).isDirectory());
    const removed = await tool(['clean', '--yes', '--backups']);
    assert.match(String(removed.stdout), new RegExp(`with the backup of ${name}`));
    await assert.rejects(stat(cluster));
  });
});

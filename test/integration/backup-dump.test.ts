import assert from 'node:assert/strict';
import { appendFile, chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type BackupRequest, backUp } from '../../harness/backup/back-up.ts';
import { findDumpTool } from '../../harness/backup/dump-tools.ts';
import { type RestoreRequest, restore } from '../../harness/backup/restore.ts';
import { chooseBackup, findBackups } from '../../harness/backup/stored-backups.ts';
import { digestContent } from '../../harness/postgres/content-digest.ts';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { scratchFolder } from '../support/command.ts';
import { startTestServer } from '../support/database.ts';
import { type NativeServer, nativePrograms, startNativeServer } from '../support/native-server.ts';
import { databaseNames, makeOwnDatabase } from '../support/own-database.ts';
import { SILENT } from '../support/silent-progress.ts';

const { signal } = new AbortController();
const backUpTo = (
  server: PostgresServer,
  resultsRoot: string,
  database: string,
  dump: BackupRequest['dump'],
) => backUp(server, { database, disconnect: false, dump, resultsRoot, signal, progress: SILENT });
const contentOf = (server: PostgresServer, name: string) => withAdmin(server, name, digestContent);

/** Runs `work` with another PATH. */
async function withPath<T>(folders: string, work: () => Promise<T>): Promise<T> {
  const { PATH } = process.env;
  process.env.PATH = folders;
  try {
    return await work();
  } finally {
    process.env.PATH = PATH;
  }
}

/** A program of this name that writes its arguments into `arguments.txt` and then does what it is told. */
async function standBefore(folder: string, program: string, then: string): Promise<void> {
  const file = path.join(folder, program);
  await writeFile(file, `#!/bin/sh\necho "$@" >> '${folder}/arguments.txt'\n${then}\n`);
  await chmod(file, 0o755);
}

describe('a backup where pg_dump is not installed', () => {
  test('is a template copy and says why there is no dump; asked for one, it fails and leaves nothing', async (t) => {
    const server = await startTestServer();
    t.after(() => server.release());
    const results = await scratchFolder(t);
    const empty = await scratchFolder(t);
    const name = await makeOwnDatabase(server);
    const { record } = await withPath(empty, () => backUpTo(server, results, name, 'auto'));
    assert.deepEqual([record.dump, record.noDumpBecause], [null, 'pg_dump is not on PATH']);
    const databases = await databaseNames(server, name);
    const folders = await readdir(path.join(results, 'backups'));
    await assert.rejects(
      withPath(empty, () => backUpTo(server, results, name, 'always')),
      /--dump: pg_dump is not on PATH/,
    );
    assert.deepEqual(await databaseNames(server, name), databases);
    assert.deepEqual(await readdir(path.join(results, 'backups')), folders);
  });
});

const tool = await findDumpTool('pg_dump', 13);
const programs = 'missing' in tool ? null : await nativePrograms(tool.major);
const skip =
  programs === null ? 'needs pg_dump on PATH and the server of its version in /usr/lib/postgresql' : false;

describe('a backup by pg_dump', { skip }, () => {
  let native: NativeServer;
  let server: PostgresServer;
  before(async () => {
    native = await startNativeServer(programs ?? '');
    server = native.server;
  });
  after(() => native.remove());

  const chosen = async (on: PostgresServer, results: string) =>
    chooseBackup(await findBackups(on, results), 'last');
  const request = (more: Pick<RestoreRequest, 'backup' | 'database'> & Partial<RestoreRequest>) => ({
    ...{ disconnect: false, dropOld: false, signal, progress: SILENT },
    ...more,
  });

  test('brings everything back when the template is gone, on its own server and on one of another version', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(server);
    const original = await contentOf(server, name);
    const { record } = await backUpTo(server, results, name, 'always');
    assert.ok(record.dump && record.dump.sizeBytes > 0);
    await withAdmin(server, undefined, async (admin) => {
      await admin.query(`ALTER DATABASE ${record.template.name} WITH IS_TEMPLATE false`);
      await admin.query(`DROP DATABASE ${record.template.name}`);
    });
    await withAdmin(server, name, (client) => client.query('DELETE FROM stop'));
    const restored = await restore(
      server,
      request({ backup: await chosen(server, results), database: name }),
    );
    assert.deepEqual([restored.from, restored.definitionsCompared], ['dump', true]);
    assert.deepEqual(await contentOf(server, name), original);

    const embedded = await startTestServer();
    t.after(() => embedded.release());
    const backup = await chosen(embedded, results);
    assert.deepEqual([backup.template, backup.dump], ['on another server', 'there']);
    const database = `rushhour_from_${name.slice(-12)}`;
    const moved = await restore(embedded, request({ backup, database }));
    assert.equal(moved.content.content, original.content);
    assert.deepEqual(moved.content.tables, original.tables);
    if (embedded.version !== server.version)
      assert.match(String(moved.definitionsCompared), /another major version/);
    await withAdmin(embedded, undefined, (admin) => admin.query(`DROP DATABASE ${database}`));
  });

  test('is not restored from a dump that was changed, and the database stays as it is', async (t) => {
    const results = await scratchFolder(t);
    const name = await makeOwnDatabase(server);
    const { record, folder } = await backUpTo(server, results, name, 'always');
    await appendFile(path.join(folder, record.dump?.file ?? ''), 'x');
    const databases = await databaseNames(server);
    await assert.rejects(
      restore(server, request({ backup: await chosen(server, results), database: name, from: 'dump' })),
      /is not the dump that was written: expected SHA-256/,
    );
    assert.deepEqual(await databaseNames(server), databases);
  });

  test('passes the password by the environment, and a pg_dump that fails leaves the template copy as the backup', async (t) => {
    const results = await scratchFolder(t);
    const folder = await scratchFolder(t);
    const name = await makeOwnDatabase(server);
    await standBefore(folder, 'pg_dump', `exec '${'path' in tool ? tool.path : ''}' "$@"`);
    const search = `${folder}${path.delimiter}${process.env.PATH}`;
    await withPath(search, () => backUpTo(server, results, name, 'always'));
    const given = await readFile(path.join(folder, 'arguments.txt'), 'utf8');
    assert.match(given, /--exclude-schema=rushhour_meta/);
    assert.ok(!given.includes(new URL(server.adminUrl()).password));

    const failing = `case "$1" in --version) echo "pg_dump (PostgreSQL) 99.1";; *) echo "no space left" >&2; exit 1;; esac`;
    await standBefore(folder, 'pg_dump', failing);
    const { record, folder: place } = await withPath(folder, () => backUpTo(server, results, name, 'auto'));
    assert.equal(record.dump, null);
    assert.match(record.noDumpBecause ?? '', /pg_dump 99\.1: exit code 1\nno space left/);
    assert.deepEqual(await readdir(place), ['backup.json']);
  });
});

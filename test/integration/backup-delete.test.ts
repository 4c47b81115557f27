import assert from 'node:assert/strict';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { backUp as backUpDatabase } from '../../harness/backup/back-up.ts';
import { readClusterBackups } from '../../harness/backup/cluster-backups.ts';
import { deleteBackup } from '../../harness/backup/delete-backup.ts';
import { chooseBackup, findBackups } from '../../harness/backup/stored-backups.ts';
import { HarnessError } from '../../harness/errors.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { scratchFolder } from '../support/command.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { databaseNames, makeOwnDatabase } from '../support/own-database.ts';
import { SILENT } from '../support/silent-progress.ts';

describe('deleting a backup', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own?.remove());

  const { signal } = new AbortController();
  const admin = (sql: string) => withAdmin(own.server, undefined, (client) => client.query(sql));
  const backUp = async (resultsRoot: string) => {
    const database = await makeOwnDatabase(own.server);
    const request = { database, disconnect: false, dump: 'never', resultsRoot, signal } as const;
    return backUpDatabase(own.server, { ...request, progress: SILENT });
  };
  const stored = async (results: string, id: string) =>
    chooseBackup(await findBackups(own.server, results), id);
  const notes = async () =>
    (await readClusterBackups(own.server.clusterFolder ?? '')).map(({ template }) => template);
  const refused = (pattern: RegExp) => (error: unknown) =>
    error instanceof HarnessError && error.code === 'REFUSED' && pattern.test(error.message);
  const dropTemplate = async (name: string) => {
    await admin(`ALTER DATABASE ${name} WITH IS_TEMPLATE false`);
    await admin(`DROP DATABASE ${name}`);
  };

  test('template, note and folder go; another backup of the same server stays as it is', async (t) => {
    const results = await scratchFolder(t);
    const [one, other] = [await backUp(results), await backUp(results)];
    await deleteBackup(own.server, await stored(results, one.record.id));
    assert.deepEqual(await databaseNames(own.server, '^rushhour_bak_'), [other.record.template.name]);
    assert.deepEqual(await notes(), [other.record.template.name]);
    assert.deepEqual(await readdir(path.join(results, 'backups')), [other.record.id]);
    assert.equal((await stored(results, 'last')).template, 'there');
    await deleteBackup(own.server, await stored(results, 'last'));
  });

  test('one whose template or whose folder is gone already is deleted all the same', async (t) => {
    const results = await scratchFolder(t);
    const [one, other] = [await backUp(results), await backUp(results)];
    await dropTemplate(one.record.template.name);
    await deleteBackup(own.server, await stored(results, one.record.id));
    await rm(other.folder, { recursive: true });
    await deleteBackup(own.server, await stored(results, other.record.id));
    assert.deepEqual([await databaseNames(own.server, '^rushhour_bak_'), await notes()], [[], []]);
    assert.deepEqual(await readdir(path.join(results, 'backups')), []);
  });

  test('a database that took the name of its template is refused, and nothing of the backup goes', async (t) => {
    const results = await scratchFolder(t);
    const { record, folder } = await backUp(results);
    const name = record.template.name;
    await dropTemplate(name);
    await admin(`CREATE DATABASE ${name} TEMPLATE template0`);
    const backup = { record, folder, template: 'there', dump: 'none' } as const;
    const impostor = refused(/does not carry the marker of backup/);
    await assert.rejects(deleteBackup(own.server, backup), impostor); // open to everybody: not even looked into
    await admin(`ALTER DATABASE ${name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
    await assert.rejects(deleteBackup(own.server, backup), impostor);
    assert.deepEqual(await databaseNames(own.server, '^rushhour_bak_'), [name]);
    assert.ok((await stat(folder)).isDirectory());
    await dropTemplate(name);
  });

  test('a template of another server, and a folder that holds another backup, are refused', async (t) => {
    const results = await scratchFolder(t);
    const [one, other] = [await backUp(results), await backUp(results)];
    const backup = await stored(results, one.record.id);
    await assert.rejects(
      deleteBackup(own.server, { ...backup, template: 'on another server' }),
      refused(/is on another server: nothing is deleted/),
    );
    await rm(one.folder, { recursive: true });
    await rename(other.folder, one.folder);
    await assert.rejects(deleteBackup(own.server, backup), refused(/is the record of backup .*, expected/));
    assert.equal((await databaseNames(own.server, '^rushhour_bak_')).length, 2);
    assert.ok((await stat(one.folder)).isDirectory());
  });
});

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BackupRecord } from '../../harness/backup/backup-record.ts';
import { readClusterBackups } from '../../harness/backup/cluster-backups.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import type { Progress } from '../../harness/progress.ts';
import { backupTask } from '../../harness/week/tasks/back-up-and-restore.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { databaseNames } from '../support/own-database.ts';
import { weekContext } from '../support/week-context.ts';

describe('the backup of the week', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own?.remove());

  /** Templates of datasets stay; backups, clones and restored databases may not. */
  const assertNothingLeft = async (resultsRoot: string) => {
    const names = await databaseNames(own.server);
    assert.deepEqual(
      names.filter((name) => !name.startsWith('rushhour_tpl_')),
      [],
    );
    assert.deepEqual(await readClusterBackups(own.server.clusterFolder ?? ''), []);
    assert.deepEqual(await readdir(path.join(resultsRoot, 'backups')), []);
  };

  /** Tells when a step begins. */
  const watching = (onStep: (title: string) => Promise<unknown>): Progress => ({
    step: async (title, work) => {
      await onStep(title);
      return work(() => {});
    },
    note: () => {},
  });

  test('a damaged database is restored whole, and only the record of its backup is kept', async (t) => {
    const context = await weekContext(t, own.server);
    const fact = await backupTask.run(context);
    assert.deepEqual([fact.differences, fact.restoredDigest], [[], fact.digest]);
    assert.notEqual(fact.damagedDigest, fact.digest);
    await assertNothingLeft(context.resultsRoot);
    const kept = await readFile(path.join(context.folder, 'backup', 'backup.json'), 'utf8');
    const record = BackupRecord.parse(JSON.parse(kept));
    assert.deepEqual([record.id, record.content.digest], [fact.id, fact.digest]);
    assert.match(
      backupTask.lines(fact).join('\n'),
      /^7 tables, [\d,]+ rows, .+ MB: backed up, damaged on purpose, restored with the same digest$/,
    );
  });

  test('a backup that lost rows is found out: it replaces nothing, and the differences are told', async (t) => {
    const spoil = async (title: string) => {
      if (title !== 'Damage on purpose') return;
      const [template = ''] = await databaseNames(own.server, '^rushhour_bak_');
      const open = (allowed: boolean) =>
        withAdmin(own.server, undefined, (admin) =>
          admin.query(`ALTER DATABASE ${template} WITH ALLOW_CONNECTIONS ${allowed}`),
        );
      await open(true);
      await withAdmin(own.server, template, (client) => client.query('DELETE FROM assignment WHERE id = 1'));
      await open(false);
    };
    const context = await weekContext(t, own.server, { progress: watching(spoil) });
    const fact = await backupTask.run(context);
    assert.match(fact.differences[0] ?? '', /is not what was backed up, so nothing was replaced/);
    assert.equal(fact.restoredDigest, fact.damagedDigest);
    assert.match(
      fact.differences.join('\n'),
      /public\.booking: as many rows as expected, with other content/,
    );
    await assertNothingLeft(context.resultsRoot);
  });

  test('a week that is interrupted in the middle of it leaves neither database nor backup', async (t) => {
    for (const moment of ['Damage on purpose', 'Digest of what is there']) {
      const stop = new AbortController();
      const progress = watching(async (title) => {
        if (title === moment) stop.abort(new Error('stopped'));
      });
      const context = await weekContext(t, own.server, { progress, signal: stop.signal });
      await assert.rejects(backupTask.run(context), /stopped/);
      await assertNothingLeft(context.resultsRoot);
    }
  });
});

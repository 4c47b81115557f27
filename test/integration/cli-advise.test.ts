import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { adviceHeadline } from '../../harness/advice/advice-headline.ts';
import { AdviceRecord } from '../../harness/advice-record.ts';
import { EXIT } from '../../harness/errors.ts';
import { rushhour as runTool, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';

/** History enough for indexes to pay, and little enough to be quick. */
const DATASET = [
  '--companies',
  '3',
  '--days',
  '2',
  '--bookings',
  '10',
  '--drivers',
  '12',
  '--history',
  '3000',
];
const QUICK = ['--dispatches', '1', '--candidates', '5', '--pairs', '0'];

describe('rushhour advise', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  const rushhour = (args: readonly string[]) => runTool(args, { env: { RUSHHOUR_CACHE: own.cache } });

  test('on the baseline it writes indexes that lower the blocks of a dispatch, judges the ten, and leaves nothing behind', async (t) => {
    const results = await scratchFolder(t);
    const run = await rushhour(['advise', ...DATASET, ...QUICK, '--results', results, '--json']);
    assert.equal(run.exitCode, EXIT.fine, `${run.stderr}`);
    const record = AdviceRecord.parse(JSON.parse(String(run.stdout)));
    const read = (name: string) => readFile(path.join(results, record.id, name), 'utf8');
    assert.deepEqual(JSON.parse(await read('advice.json')), record);
    assert.equal((await read('INDEX_ADVICE.md')).split('\n')[0], adviceHeadline(record));
    assert.match(await read('report/index.html'), /<h2[^>]*>Indexes to create/);

    const [dispatch] = record.units;
    assert.equal(dispatch?.unit, 'dispatch');
    assert.ok(dispatch.blocksAfter < dispatch.blocksBefore / 2, `${dispatch.blocksAfter} blocks`);
    assert.ok(record.advised.length > 0 && record.advised.length <= 10);
    assert.ok(record.advised.every(({ scans, failures }) => scans > 0 && failures.length === 0));
    assert.deepEqual(record.harmed, []);
    assert.equal(record.reference?.indexes.length, 10);
    assert.equal(record.repeats.blocksDiffer, 0);
    // 36 drivers and 3 companies: each fits into a page or two
    assert.ok(record.spareTables.some(({ table, rows }) => table === 'public.driver' && rows === 36));
    assert.ok(!record.advised.some(({ table }) => table === 'driver'));

    const created = (await read('migration/add_performance_indexes.up.sql')).match(/^CREATE INDEX/gm) ?? [];
    const dropped = (await read('migration/add_performance_indexes.down.sql')).match(/^DROP INDEX/gm) ?? [];
    assert.deepEqual([created.length, dropped.length], [record.advised.length, record.advised.length]);
    assert.deepEqual(await leftoverDatabases(own.server), []);

    const again = await rushhour(['report', 'last', '--results', results]);
    assert.equal(again.exitCode, EXIT.fine, `${again.stderr}`);
    assert.equal(String(again.stdout).split('\n')[0], adviceHeadline(record));
    assert.match(String(again.stdout), /\nReport: .+index\.html\nReport: .+INDEX_ADVICE\.md$/);
    const asJson = await rushhour(['report', 'last', '--results', results, '--json']);
    const { report } = JSON.parse(String(asJson.stdout)) as { report: string };
    assert.ok(report.endsWith(path.join(record.id, 'report', 'index.html')), report);
    const all = await rushhour(['report', '--results', results]);
    assert.match(String(all.stdout), new RegExp(`^${record.id}  complete  `));
    const compared = await rushhour(['compare', record.id, record.id, '--results', results]);
    assert.equal(compared.exitCode, EXIT.notComparable);
    assert.match(String(compared.stderr), /expected a run or an experiment, got an advice/);
  });

  test('a number that is off is said with what was expected', async () => {
    const run = await rushhour(['advise', '--candidates', '0']);
    assert.equal(run.exitCode, EXIT.usage);
    assert.match(String(run.stderr), /--candidates: expected a whole number from 1 to 100, got 0/);
  });
});

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { withAdmin } from '../../harness/postgres/server.ts';
import type { ProfileRecord } from '../../harness/profile-record.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { olderMajor, startThrowAwayServer } from '../support/postgres-majors.ts';

const SMALL = ['--profile', 'smoke', '--probes', '2'];

async function storedProfile(results: string): Promise<{ folder: string; profile: ProfileRecord }> {
  const stored = await readResult(results, 'last');
  assert.ok(stored.kind === 'profile');
  return stored;
}

describe('rushhour profile', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  test('says what a dispatch of baseline spends its time on, and finds what was planted in it', async (t) => {
    const results = await scratchFolder(t);
    await withAdmin(own.server, undefined, (client) => client.query('SELECT 1 AS of_the_user'));
    const run = await rushhour(['profile', ...SMALL, '--results', results], {
      env: { RUSHHOUR_CACHE: own.cache },
    });
    assert.equal(run.exitCode, 0, `${run.stderr}`);
    assert.match(String(run.stdout), /^The database is \d[\d.]* % of a dispatch's wall time of /);
    const { folder, profile } = await storedProfile(results);
    assert.deepEqual([profile.dispatches.length, profile.warnings], [2, []]);
    for (const { statements, counted, waitMs, wallMs } of profile.dispatches) {
      assert.equal(statements, counted?.statements, 'the tap and the database count the same');
      assert.ok(waitMs > 0 && waitMs < wallMs);
    }
    const kinds = new Set(profile.growth.findings.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), ['commit-per-row', 'n-plus-one', 'row-by-row-write']);
    assert.ok(
      profile.plans.length > 0 && profile.plans.every(({ analysed }) => !('unavailable' in analysed)),
    );

    const report = path.join(folder, 'report');
    const page = await readFile(path.join(report, 'PROFILING_RESULTS.md'), 'utf8');
    assert.match(page.split('\n')[0] ?? '', /^# The database is/);
    await readFile(path.join(report, 'N_PLUS_ONE_ISSUES.md'), 'utf8');
    assert.match(await readFile(path.join(report, 'index.html'), 'utf8'), /<h1[^>]*>The database is/);
    assert.match(String(run.stdout), /\nReport: .+index\.html\nReport: .+PROFILING_RESULTS\.md\nReport: /);
    const charts = (await readdir(path.join(report, 'charts')))
      .filter((name) => name.endsWith('.png'))
      .sort();
    assert.deepEqual(charts, ['calls-against-size.png', 'costliest-statements.png', 'wall-time-share.png']);
    assert.deepEqual(await leftoverDatabases(own.server), []);

    const { rowCount } = await withAdmin(own.server, undefined, (client) =>
      client.query(
        "SELECT FROM pg_stat_statements WHERE query LIKE '%of_the_user%' AND query LIKE 'SELECT%AS%'",
      ),
    );
    assert.ok(rowCount, 'counters of the user are still there');

    const again = await rushhour(['report', 'last', '--results', results]);
    assert.equal(again.exitCode, 0, `${again.stderr}`);
    assert.equal(await readFile(path.join(report, 'PROFILING_RESULTS.md'), 'utf8'), page);
    const index = await rushhour(['report', '--results', results]);
    assert.match(String(index.stdout), /complete {2}The database is/);
    const compared = await rushhour(['compare', 'last', 'last', '--results', results]);
    assert.equal(compared.exitCode, 3);
    assert.match(String(compared.stderr), /expected a run or an experiment, got a profile/);
  });

  test('on PostgreSQL 13, as a plain role and without pg_stat_statements, it profiles by what it hears and says what is missing', async (t) => {
    const distribution = await olderMajor(13);
    if ('skip' in distribution) return t.skip(distribution.skip);
    const results = await scratchFolder(t);
    const server = await startThrowAwayServer(distribution, { shared_preload_libraries: '' });
    t.after(() => server.remove());
    const url = new URL(server.adminUrl);
    const client = new pg.Client({ connectionString: server.adminUrl });
    await client.connect();
    await client.query("CREATE ROLE plain LOGIN CREATEDB PASSWORD 'plain-pass'").finally(() => client.end());
    [url.username, url.password] = ['plain', 'plain-pass'];
    const run = await rushhour(['profile', ...SMALL, '--server', url.href, '--results', results]);
    assert.equal(run.exitCode, 0, `${run.stderr}`);
    assert.match(String(run.stdout), /No statement was counted/);
    const { profile } = await storedProfile(results);
    assert.deepEqual([profile.visibility.state, profile.statements.clock], ['none', 'service']);
    assert.ok(profile.dispatches.every(({ counted, statements }) => counted === null && statements > 0));
    assert.ok(profile.growth.findings.some(({ kind }) => kind === 'n-plus-one'));
    const text = JSON.stringify(profile) + String(run.stdout) + String(run.stderr);
    assert.ok(!text.includes('plain-pass'), 'no password in what is written');
  });
});

import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { EVENTS_FILE } from '../../harness/store/result-folder.ts';
import { WeekRecord } from '../../harness/week-record.ts';
import { eventually, rushhour as runTool, scratchFolder, servicesOf } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';

const SMALL = ['week', '--quick', '--profile', 'smoke'];

describe('rushhour week', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  const rushhour = (...args: string[]) => runTool(args, { env: { RUSHHOUR_CACHE: own.cache } });

  test('one day alone is done, judged and reported, and nothing is left behind', async (t) => {
    const results = await scratchFolder(t);
    const run = await rushhour(...SMALL, '--only', 'day2', '--json', '--results', results);
    // On so little data an index may not make a dispatch faster: that row alone may fail, and is told by the exit code.
    const week = WeekRecord.parse(JSON.parse(String(run.stdout)));
    const failed = week.rows.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    assert.deepEqual(
      failed.filter((id) => id !== 'day2.benchmark'),
      [],
      `${run.stderr}`,
    );
    assert.equal(run.exitCode, failed.length === 0 ? EXIT.fine : EXIT.thresholdsFailed);
    assert.ok(week.rows.length >= 6 && week.rows.every(({ day }) => day === 2));
    const others = week.rows.filter(({ id }) => id !== 'day2.benchmark');
    assert.deepEqual([...new Set(others.map(({ outcome }) => outcome))], ['pass']);
    assert.deepEqual(week.finalMetrics, []);
    for (const page of ['PERFORMANCE_REPORT.md', 'DAY_2_INDEXES.md', 'index.html', 'day-2.html'])
      await access(path.join(results, week.id, 'report', page));
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('Ctrl-C keeps what was found out, and --resume goes on without doing it again', async (t) => {
    const results = await scratchFolder(t);
    const run = rushhour(...SMALL, '--only', 'day1', '--results', results);
    const ended = await eventually(async () => (await tasksEnded(results)).includes('backup'));
    run.kill('SIGINT');
    const { exitCode, stderr } = await run;
    assert.ok(ended, 'no task has ended');
    assert.equal(exitCode, EXIT.interrupted, `${stderr}`);
    const broken = await readResult(results, 'last');
    assert.ok(broken.kind === 'week' && broken.week.state === 'interrupted');
    assert.ok(broken.week.facts.backup !== null && broken.week.facts.profile === null);
    assert.match(String(stderr), new RegExp(`week --resume ${broken.id}`));
    assert.deepEqual(await servicesOf(run), []);
    assert.deepEqual(await leftoverDatabases(own.server), []);

    const resumed = await rushhour('week', '--resume', 'last', '--results', results);
    assert.equal(resumed.exitCode, EXIT.fine, `${resumed.stderr}`);
    const whole = await readResult(results, 'last');
    assert.ok(whole.kind === 'week' && whole.id === broken.id);
    assert.deepEqual([whole.week.state, whole.week.sittings], ['complete', 2]);
    assert.deepEqual(whole.week.facts.backup, broken.week.facts.backup);
    assert.deepEqual(await tasksEnded(results), ['backup', 'profile', 'priorities']);
    const again = await rushhour('week', '--resume', 'last', '--results', results);
    assert.equal(again.exitCode, EXIT.usage);
    assert.match(String(again.stderr), /--resume: .* is complete/);
  });

  /** Tasks of the newest result that have ended, each as often as it has. */
  async function tasksEnded(results: string): Promise<string[]> {
    const folder = await readResult(results, 'last').then(
      (result) => result.folder,
      () => null,
    );
    if (folder === null) return [];
    const lines = (await readFile(path.join(folder, EVENTS_FILE), 'utf8')).split('\n').filter(Boolean);
    return lines
      .map((line) => JSON.parse(line) as { event: string; task?: string })
      .flatMap(({ event, task }) => (event === 'task ended' && task ? [task] : []));
  }
});

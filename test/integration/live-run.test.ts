import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { LIVE_FILE, type LiveState } from '../../harness/live/live-feed.ts';
import type { LoadPhase, RunRecord } from '../../harness/result.ts';
import { listResultIds } from '../../harness/store/read-results.ts';
import { eventually, rushhour, scratchFolder } from '../support/command.ts';
import { liveStates } from '../support/live-states.ts';

/** Runs the smoke scenario without a terminal and keeps every state of its feed. */
async function watchedRun(results: string, generator: string) {
  const command = rushhour([
    'run',
    'smoke',
    '--generator',
    generator,
    '--probes',
    '1',
    '--json',
    '--results',
    results,
  ]);
  const states: LiveState[] = [];
  const reported: boolean[] = [];
  await eventually(async () => {
    const [state] = await liveStates(results);
    if (state) {
      if (state.updatedAt !== states.at(-1)?.updatedAt) states.push(state);
    } else if (states[0]) {
      reported.push(existsSync(path.join(results, states[0].id, 'report', 'index.html')));
    }
    return false;
  }, command);
  const { stdout, stderr } = await command;
  assert.deepEqual([...new Set(reported)], [true], 'the feed ended before the report was there');
  const [id] = await listResultIds(results);
  await assert.rejects(readFile(path.join(results, id ?? '', LIVE_FILE)), { code: 'ENOENT' });
  return { run: JSON.parse(String(stdout)) as RunRecord, states, stderr: String(stderr), pid: command.pid };
}

for (const generator of ['k6', 'autocannon']) {
  test(`while ${generator} drives, the feed tells what the record has in the end`, async (t) => {
    const { run, states, stderr, pid } = await watchedRun(await scratchFolder(t), generator);
    const report = run.loads[0]?.report;
    assert.ok(report);
    assert.ok(
      states.every((state) => state.pid === pid && state.kind === 'run' && state.scenario === 'smoke'),
    );
    const loads = states.flatMap(({ reading }) => (reading?.load ? [reading.load] : []));
    assert.ok(loads.length > 0, 'no reading in the feed');
    let before = 0;
    for (const { traffic } of loads) {
      const { requests, errors } = traffic ?? { requests: 0, errors: 0 };
      assert.ok(requests >= before && requests <= report.requests, `${requests} of ${report.requests}`);
      assert.ok(errors <= report.errors);
      before = requests;
    }
    for (const { askedPerSecond, stage } of loads) {
      const phase: LoadPhase | undefined = report.phases.find(({ name }) => name === stage);
      if (generator === 'k6' && phase) assert.equal(askedPerSecond, phase.targetRatePerSecond);
      if (generator === 'autocannon') assert.equal(askedPerSecond, null, 'a closed loop asks for no rate');
    }
    const seen = loads.filter(({ traffic }) => traffic?.p50Ms).at(-1)?.traffic;
    const times = report.endpoints.flatMap(({ latency }) => (latency ? [latency.minMs, latency.maxMs] : []));
    // Every quantile of a part lies between the least and the most of all, and a bucket is within 1 % of it.
    if (seen?.p50Ms) {
      assert.ok(seen.p50Ms >= Math.min(...times) * 0.99 && seen.p50Ms <= Math.max(...times) * 1.01);
    }
    assert.ok(!stderr.includes('\u001b'), 'without a terminal there is no cursor movement');
    assert.match(stderr, new RegExp(`^✔ optimised · ${generator} load · `, 'm'));
  });
}

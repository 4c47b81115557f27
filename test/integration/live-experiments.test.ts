import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import type { LiveState } from '../../harness/live/live-feed.ts';
import { listResultIds } from '../../harness/store/read-results.ts';
import { eventually, rushhour, scratchFolder } from '../support/command.ts';
import { fleetRepository } from '../support/fleet-repository.ts';
import { liveStates } from '../support/live-states.ts';

/** Everything that the feeds told while a command ran. */
async function toldBy(command: ReturnType<typeof rushhour>, results: string): Promise<LiveState[]> {
  const told: LiveState[] = [];
  await eventually(async () => {
    told.push(...(await liveStates(results)));
    return false;
  }, command);
  const { exitCode, stderr } = await command;
  assert.equal(exitCode, EXIT.fine, String(stderr));
  assert.deepEqual(await liveStates(results), [], 'a feed outlived its command');
  return told;
}

test('each experiment of a calibration tells how far its pairs are', async (t) => {
  const results = await scratchFolder(t);
  const sizes = ['--slice-sizes', '1', '--pairs', '8', '--dispatches', '2'];
  const told = await toldBy(rushhour(['calibrate', 'smoke', ...sizes, '--results', results]), results);
  // One to try the slice size, and one for the noise.
  const ids = await listResultIds(results);
  assert.equal(ids.length, 2);
  for (const id of ids) {
    const own = told.filter((state) => state.id === id);
    assert.deepEqual(
      [...new Set(own.map(({ kind, scenario }) => `${kind} ${scenario}`))],
      ['experiment smoke'],
    );
    assert.deepEqual(own.at(-1)?.variants, ['optimised', 'optimised (again)']);
    const pairs = own.flatMap(({ reading }) => reading?.pairs ?? []);
    assert.ok(pairs.length > 0, 'no pairs in the feed');
    for (const { done, most } of pairs) assert.ok(done < most && most === 8, `${done} of ${most}`);
  }
});

test('a night tells that its charts are drawn', async (t) => {
  const scenarios = { dispatch: { mode: 'count' } } as const;
  const { folder } = await fleetRepository(await scratchFolder(t), { reference: 'v1', scenarios });
  const told = await toldBy(rushhour(['nightly'], { cwd: folder }), path.join(folder, 'results'));
  assert.equal(told.at(-1)?.step, 'Charts and report');
});

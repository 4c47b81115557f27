import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BottleneckWatch, type PaceSigns } from './bottleneck.ts';

const CALM: PaceSigns = {
  generator: 'k6',
  strain: { processors: 0.2, mostProcessors: 2 },
  droppedSince: 0,
  serviceProcessors: 0.5,
  activeSessions: 0.4,
};

function told(...signs: readonly Partial<PaceSigns>[]): (string | null)[] {
  const watch = new BottleneckWatch();
  return signs.map((some) => watch.take({ ...CALM, ...some }));
}

test('a generator that uses most of its processors is told from the third reading in a row on, and then stays told', () => {
  const busy = { strain: { processors: 1.7, mostProcessors: 2 } };
  const [first, second, calm, again, more, third, after] = told(busy, busy, {}, busy, busy, busy, {});
  assert.deepEqual([first, second, calm, again, more], [null, null, null, null, null]);
  // 1.7 ÷ 2
  assert.match(third ?? '', /^k6 is the bottleneck, not the service: it used 85 % of the 2 processors/);
  assert.equal(after, third);
});

test('an event loop that is never free is told as the reason', () => {
  const busy = {
    generator: 'autocannon',
    strain: { processors: 0.7, mostProcessors: 1, loopBusyRatio: 0.98 },
  };
  assert.match(told(busy, busy, busy).at(-1) ?? '', /its event loop was busy 98 % of the time/);
});

test('dropped arrivals are the fault of the VUs only where service and database have nothing to do', () => {
  const dropping = { droppedSince: 4 };
  const idle = { ...dropping, serviceProcessors: 0.02, activeSessions: 0 };
  assert.equal(told(dropping, dropping, dropping).at(-1), null);
  assert.match(told(idle, idle, idle).at(-1) ?? '', /too few VUs/);
  const unknown = { ...idle, activeSessions: null };
  assert.equal(told(unknown, unknown, unknown).at(-1), null, 'what cannot be seen proves nothing');
});

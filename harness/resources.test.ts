import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withResources } from './resources.ts';

test('what was acquired last is released first', async () => {
  const order: string[] = [];
  const result = await withResources(async (onRelease) => {
    onRelease(async () => order.push('server'));
    onRelease(async () => order.push('database'));
    return 'done';
  });
  assert.equal(result, 'done');
  assert.deepEqual(order, ['database', 'server']);
});

test('a failing release does not stop the others, and the error of the work comes first', async () => {
  const order: string[] = [];
  const failing = withResources(async (onRelease) => {
    onRelease(async () => order.push('server'));
    onRelease(() => Promise.reject(new Error('release failed')));
    throw new Error('work failed');
  });
  await assert.rejects(failing, /work failed/);
  assert.deepEqual(order, ['server']);
});

test('a failing release after good work is told', async () => {
  const failing = withResources(async (onRelease) => {
    onRelease(() => Promise.reject(new Error('release failed')));
  });
  await assert.rejects(failing, /release failed/);
});

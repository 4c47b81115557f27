import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measurementOf } from '../../test/support/advice-builders.ts';
import type { Measurement } from './measurement.ts';
import { alternate, timeChange } from './time-pairs.ts';

const took = (ms: number): Measurement => measurementOf([], { unitMs: new Map([['dispatch', ms]]) });
const dispatchMs = ({ unitMs }: Measurement) => unitMs.get('dispatch') ?? null;

describe('timing in pairs', () => {
  test('the side that comes first changes from pair to pair', async () => {
    const order: string[] = [];
    const pairs = await alternate(3, {
      before: async () => order.push('before'),
      after: async () => order.push('after'),
    });
    assert.deepEqual(order, ['before', 'after', 'after', 'before', 'before', 'after']);
    assert.deepEqual(pairs, [
      { before: 1, after: 2 },
      { before: 4, after: 3 },
      { before: 5, after: 6 },
    ]);
  });

  test('a change is the centre of the ratios of the pairs, with an interval from six pairs on', () => {
    const pairs = Array.from({ length: 6 }, (_, index) => ({
      before: took(100 + index),
      after: took((100 + index) / 2),
    }));
    const change = timeChange(pairs, dispatchMs);
    assert.ok(change);
    for (const value of [change.ratio, change.low, change.high])
      assert.ok(Math.abs((value ?? 0) - 0.5) < 1e-9, `${value}`);
    const fewer = timeChange(pairs.slice(1), dispatchMs);
    assert.deepEqual([fewer?.low, fewer?.high, fewer?.pairs], [null, null, 5]);
  });

  test('what was not done on both sides is not compared', () => {
    assert.equal(timeChange([{ before: took(5), after: measurementOf([]) }], dispatchMs), null);
    assert.equal(timeChange([], dispatchMs), null);
  });
});

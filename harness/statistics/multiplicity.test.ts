import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { qValues } from './multiplicity.ts';

function near(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((q, i) => {
    assert.ok(Math.abs(q - (expected[i] ?? NaN)) < 1e-12, `${actual}`);
  });
}

test('a q-value is the p-value times the number of tests over its rank, never more than a later one', () => {
  // sorted 0.01, 0.03, 0.04, 0.5: 0.01·4/1, 0.03·4/2 = 0.06 but the next is 0.04·4/3 = 0.0533, 0.5
  near(qValues([0.01, 0.04, 0.03, 0.5]), [0.04, 0.16 / 3, 0.16 / 3, 0.5]);
});

test('a single test keeps its p-value and none has none', () => {
  near(qValues([0.2]), [0.2]);
  assert.deepEqual(qValues([]), []);
});

test('q-values are at least the p-values, at most one, and in their order', () => {
  const random = seededRandom(39);
  for (let repeat = 0; repeat < 50; repeat++) {
    const pValues = Array.from({ length: 1 + (repeat % 20) }, () => random.uniform() ** 3);
    const q = qValues(pValues);
    pValues.forEach((p, i) => {
      assert.ok((q[i] ?? NaN) >= p && (q[i] ?? NaN) <= 1);
      pValues.forEach((other, j) => {
        if (p < other) assert.ok((q[i] ?? NaN) <= (q[j] ?? NaN));
      });
    });
    const order = random.shuffled(pValues.map((_, i) => i));
    near(
      qValues(order.map((i) => pValues[i] ?? NaN)),
      order.map((i) => q[i] ?? NaN),
    );
  }
});

test('the p-values are left as they were and what is no probability is refused', () => {
  assert.doesNotThrow(() => qValues(Object.freeze([0.3, 0.1])));
  for (const wrong of [-0.1, 1.1, Number.NaN]) assert.throws(() => qValues([0.1, wrong]), RangeError);
});

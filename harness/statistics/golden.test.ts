import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_TOLERANCE, goldenChecks, goldenDeviation } from '../../test/support/golden-statistics.ts';

const all = goldenChecks();

for (const subject of new Set(all.map((check) => check.subject))) {
  test(`our numbers equal those of ${subject}`, () => {
    for (const check of all.filter((one) => one.subject === subject)) {
      const deviation = goldenDeviation(check);
      assert.ok(
        deviation <= GOLDEN_TOLERANCE,
        `${check.case}: expected ${check.expected}, got ${check.actual}`,
      );
    }
  });
}

test('a golden check notices a wrong number, a missing one and one too many', () => {
  const check = { subject: 's', case: 'c', expected: [1, null] };
  assert.ok(goldenDeviation({ ...check, actual: [1 + 2e-9, null] }) > GOLDEN_TOLERANCE);
  assert.equal(goldenDeviation({ ...check, actual: [null, null] }), Number.POSITIVE_INFINITY);
  assert.equal(goldenDeviation({ ...check, actual: [1, 2] }), Number.POSITIVE_INFINITY);
  assert.equal(goldenDeviation({ ...check, actual: [Number.NaN, null] }), Number.POSITIVE_INFINITY);
  assert.equal(goldenDeviation({ ...check, actual: [1] }), Number.POSITIVE_INFINITY);
  assert.equal(goldenDeviation({ ...check, actual: [1, null] }), 0);
});

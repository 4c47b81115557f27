import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planLooks } from './alpha-spending.ts';
import { fewestPairs } from './signed-rank.ts';

function near(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] ?? Number.NaN)) < 1e-12, `${actual}`);
  });
}

test('without a number of pairs there are three looks that spend a fifth, three tenths and a half', () => {
  const looks = planLooks({ pairs: null, metrics: 1 });
  assert.deepEqual(
    looks.map((look) => look.pairs),
    [10, 16, 24],
  );
  // 5 % · 0.2, 0.3, 0.5
  near(
    looks.map((look) => look.level),
    [0.99, 0.985, 0.975],
  );
});

test('a number of pairs is a single look that spends everything', () => {
  assert.deepEqual(planLooks({ pairs: 12, metrics: 1 }), [{ pairs: 12, level: 0.95, equivalenceLevel: 0.9 }]);
});

test('the metrics of the family share alpha, equivalence is not divided', () => {
  const [look] = planLooks({ pairs: 12, metrics: 4 });
  near([look?.level ?? 0, look?.equivalenceLevel ?? 0], [0.9875, 0.9]); // 5 % / 4
  near(
    planLooks({ pairs: null, metrics: 4 }).map((one) => one.equivalenceLevel),
    [0.98, 0.97, 0.95], // twice 5 % · 0.2, 0.3, 0.5
  );
});

test('all metrics and looks together spend exactly alpha', () => {
  for (const pairs of [null, 8, 40]) {
    for (const metrics of [1, 2, 3, 4, 10]) {
      for (const alpha of [0.01, 0.05, 0.1]) {
        const spent = planLooks({ pairs, metrics, alpha }).reduce((sum, look) => sum + 1 - look.level, 0);
        near([spent * metrics], [alpha]);
        const equivalence = planLooks({ pairs, metrics, alpha }).reduce(
          (sum, look) => sum + (1 - look.equivalenceLevel) / 2,
          0,
        );
        near([equivalence], [0.05]); // 5 % on each side, whatever alpha and the family
      }
    }
  }
});

test('a family of up to five can be judged at the first look already, of six not', () => {
  // Ten pairs reach 2/2^10 = 0.195 %; a family of 5 spends 0.2 % a metric at the first look, of 6 0.167 %
  const firstLevel = (metrics: number) => planLooks({ pairs: null, metrics })[0]?.level ?? Number.NaN;
  assert.equal(fewestPairs(firstLevel(5)), 10);
  assert.equal(fewestPairs(firstLevel(6)), 11);
});

test('later looks have more pairs and narrower levels', () => {
  const looks = planLooks({ pairs: null, metrics: 4 });
  looks.slice(1).forEach((look, i) => {
    const before = looks[i];
    assert.ok(before && look.pairs > before.pairs && look.level < before.level);
  });
});

test('what cannot be planned is refused', () => {
  for (const pairs of [0, -1, 2.5, Number.NaN])
    assert.throws(() => planLooks({ pairs, metrics: 1 }), RangeError);
  for (const metrics of [0, 1.5, Number.NaN])
    assert.throws(() => planLooks({ pairs: 8, metrics }), RangeError);
  for (const alpha of [0, 1, 5, -0.1, Number.NaN]) {
    assert.throws(() => planLooks({ pairs: 8, metrics: 1, alpha }), RangeError);
  }
});

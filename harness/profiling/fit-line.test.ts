import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { fitLine, fitSum } from './fit-line.ts';

test('a line through whole counts is found without a residual', () => {
  // calls = 3 + 2n
  const points = [8, 16, 32, 64].map((n) => ({ n, calls: 3 + 2 * n }));
  assert.deepEqual(fitLine(points), { intercept: 3, slope: 2, r2: 1, residual: 0, exact: true });
});

test('least squares by hand: one call too many at the end', () => {
  // n = 1, 2, 3, calls = 1, 2, 4: slope = Σ(n−2)(c−7/3) / Σ(n−2)² = 3/2, intercept = 7/3 − 3 = −2/3
  const fit = fitLine([1, 2, 4].map((calls, index) => ({ n: index + 1, calls })));
  assert.ok(Math.abs(fit.slope - 1.5) < 1e-12);
  assert.ok(Math.abs(fit.intercept + 2 / 3) < 1e-12);
  // Distances 1/6, −1/3, 1/6: residual 1/6. Variation 21 − 3·(7/3)² = 14/3, so r² = 1 − (1/6)/(14/3) = 27/28
  assert.ok(Math.abs(fit.residual - 1 / 6) < 1e-12);
  assert.ok(Math.abs(fit.r2 - 27 / 28) < 1e-12);
  assert.equal(fit.exact, false);
});

test('calls that never change have slope 0 and are explained', () => {
  const fit = fitLine([8, 16, 32].map((n) => ({ n, calls: 5 })));
  assert.deepEqual(fit, { intercept: 5, slope: 0, r2: 1, residual: 0, exact: true });
});

test('n and n·m are told apart, whatever the numbers', () => {
  const random = seededRandom(11);
  const whole = (most: number) => Math.floor(random.uniform() * most);
  for (let round = 0; round < 200; round++) {
    const [a, b, e] = [whole(20), whole(5), 1 + whole(4)];
    const sizes = [8, 16, 32].flatMap((n) => [5, 20, 50].map((m) => ({ n, m })));
    const fit = fitSum(
      sizes.map(({ n, m }) => [n, n * m]),
      sizes.map(({ n, m }) => a + b * n + e * n * m),
    );
    assert.deepEqual(fit, { intercept: a, slopes: [b, e], r2: 1, residual: 0, exact: true });
  }
});

test('factors that always move together have no slopes of their own', () => {
  const rows = [8, 16, 32, 64].map((n) => [n, 2 * n]);
  assert.equal(fitSum(rows, [8, 16, 32, 64]), null);
});

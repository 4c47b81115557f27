import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { lagOneAutocorrelation, slotEffect, theilSenSlope } from './diagnostics.ts';

function near(actual: number | null | undefined, expected: number): void {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) < 1e-12,
    `expected ${expected}, got ${actual}`,
  );
}

const random = seededRandom(37);
const sample = (n: number) => Array.from({ length: n }, () => random.normal() * 0.04);

test('autocorrelation is worked by hand', () => {
  // about the mean 2.5: −1.5 · −0.5 + −0.5 · 0.5 + 0.5 · 1.5 = 1.25, over 2.25 + 0.25 + 0.25 + 2.25 = 5
  near(lagOneAutocorrelation([1, 2, 3, 4]), 0.25);
  near(lagOneAutocorrelation([1, -1, 1, -1]), -0.75); // three products of −1 over four squares
});

test('autocorrelation lies within one, and knows neither place nor scale nor direction', () => {
  for (const n of [3, 8, 24, 100]) {
    const values = sample(n);
    const lag = lagOneAutocorrelation(values);
    assert.ok(lag !== null && Math.abs(lag) <= 1);
    const same = [values.map((x) => 5 - 3 * x), [...values].reverse()];
    for (const other of same) assert.ok(Math.abs((lagOneAutocorrelation(other) ?? NaN) - lag) < 1e-9);
  }
});

test('few or equal values have no autocorrelation', () => {
  assert.equal(lagOneAutocorrelation([]), null);
  assert.equal(lagOneAutocorrelation([1, 2]), null);
  assert.equal(lagOneAutocorrelation([0.1, 0.1, 0.1, 0.1]), null);
});

test('a drifting machine has a high autocorrelation, shuffled it has none', () => {
  const drift = Array.from({ length: 200 }, (_, i) => Math.sin(i / 30));
  assert.ok((lagOneAutocorrelation(drift) ?? 0) > 0.9);
  assert.ok(Math.abs(lagOneAutocorrelation(random.shuffled(drift)) ?? 1) < 0.2);
});

test('a straight line has its slope, with no doubt', () => {
  const slope = theilSenSlope([1, 3, 5, 7, 9, 11]);
  assert.deepEqual(slope, { estimate: 2, interval: { low: 2, high: 2, level: 0.95 } });
});

test('the slope of few values is the median of the slopes between them', () => {
  assert.equal(theilSenSlope([0, 1, 5])?.estimate, 2.5); // 1, 4, and 5 over two steps
  assert.equal(theilSenSlope([0, 1])?.estimate, 1);
  assert.equal(theilSenSlope([3]), null);
});

test('one wild value does not make a drift', () => {
  const slope = theilSenSlope([1, 1.1, 0.9, 1, 1.05, 0.95, 1, 1.02, 0.98, 50]);
  assert.ok(slope?.interval && slope.interval.low < 0 && slope.interval.high > 0);
});

test('the slope follows a drift added to the values, and turns with them', () => {
  for (const n of [5, 10, 24]) {
    const values = sample(n);
    const plain = theilSenSlope(values);
    const drifting = theilSenSlope(values.map((value, i) => value + 0.3 * i + 7));
    const reversed = theilSenSlope([...values].reverse());
    assert.ok(plain?.interval && drifting?.interval && reversed?.interval);
    near(drifting.estimate, plain.estimate + 0.3);
    near(drifting.interval.low, plain.interval.low + 0.3);
    near(drifting.interval.high, plain.interval.high + 0.3);
    near(reversed.estimate, -plain.estimate);
    near(reversed.interval.low, -plain.interval.high);
  }
});

test('a higher level gives a wider interval of the slope, and four values have none at 95 percent', () => {
  const values = sample(12);
  const [narrow, wide] = [0.8, 0.99].map((level) => theilSenSlope(values, level)?.interval);
  assert.ok(narrow && wide && wide.low <= narrow.low && wide.high >= narrow.high);
  assert.equal(theilSenSlope(sample(4))?.interval, null);
  assert.ok(theilSenSlope(sample(5))?.interval);
});

test('the slot effect of few pairs is the median of the differences between the orders', () => {
  // first 1, 5; others 2, 3: −1, −2, 3, 2
  assert.equal(slotEffect([1, 2, 5, 3], [true, false, true, false])?.estimate, 0.5);
});

test('its interval is counted in from both ends of those differences', () => {
  // 4 + 4: one of 70 choices of ranks has U = 0, so the outermost interval misses 2 of 70 = 2.9 %; 3 + 3 misses 2 of 20
  const four = slotEffect(
    [1, 2, 3, 4, 10, 20, 30, 40],
    Array.from({ length: 8 }, (_, i) => i >= 4),
  );
  assert.ok(four?.interval);
  near(four.interval.low, 6); // 10 − 4
  near(four.interval.high, 39); // 40 − 1
  near(four.interval.level, 1 - 2 / 70);
  const three = [true, true, true, false, false, false];
  assert.equal(slotEffect([1, 2, 3, 4, 5, 6], three)?.interval, null);
  near(slotEffect([1, 2, 3, 4, 5, 6], three, 0.9)?.interval?.level, 0.9); // exactly
});

test('a cost of standing second shifts the slot effect by itself twice, and nothing else does', () => {
  const values = sample(24);
  const baselineFirst = random.shuffled(values.map((_, i) => i % 2 === 0));
  const plain = slotEffect(values, baselineFirst);
  // whoever is second is slower by 0.05: the candidate where the baseline is first, else the baseline
  const costly = slotEffect(
    values.map((value, i) => value + (baselineFirst[i] ? 0.05 : -0.05)),
    baselineFirst,
  );
  const slower = slotEffect(
    values.map((value) => value + 0.3),
    baselineFirst,
  );
  assert.ok(plain?.interval && costly?.interval && slower?.interval);
  near(costly.estimate, plain.estimate + 0.1);
  near(costly.interval.low, plain.interval.low + 0.1);
  near(costly.interval.high, plain.interval.high + 0.1);
  near(slower.estimate, plain.estimate);
});

test('exchanging the orders turns the sign of the slot effect, exchanging pairs of one order does nothing', () => {
  for (const n of [9, 16, 24]) {
    const values = sample(n);
    const baselineFirst = values.map((_, i) => i % 2 === 0);
    const plain = slotEffect(values, baselineFirst);
    const exchanged = slotEffect(
      values,
      baselineFirst.map((first) => !first),
    );
    assert.ok(plain?.interval && exchanged?.interval);
    near(exchanged.estimate, -plain.estimate);
    near(exchanged.interval.low, -plain.interval.high);
    const order = random.shuffled(values.map((_, i) => i));
    const shuffled = slotEffect(
      order.map((i) => values[i] ?? NaN),
      order.map((i) => baselineFirst[i] ?? false),
    );
    assert.deepEqual(shuffled, plain);
  }
});

test('pairs of one order only have no slot effect, and each pair must have an order', () => {
  assert.equal(slotEffect([1, 2, 3], [true, true, true]), null);
  assert.equal(slotEffect([], []), null);
  assert.throws(() => slotEffect([1, 2, 3], [true, false]), /as many orders as differences \(3\), got 2/);
});

test('a level that is none is refused', () => {
  assert.throws(() => theilSenSlope([1, 2, 3], 95), RangeError);
  assert.throws(() => slotEffect([1, 2], [true, false], 1), RangeError);
});

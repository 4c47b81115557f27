/** What must hold for the estimate and interval of any differences, tried on seeded random ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { crossCheck } from './cross-check.ts';
import { type ExactInterval, estimateLocation, locate } from './hodges-lehmann.ts';
import { fewestPairs } from './signed-rank.ts';
import { signedRankTest } from './signed-rank-test.ts';

const LEVELS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.9875, 0.995, 0.9975, 0.999];
const random = seededRandom(20261122);

/** Samples of many sizes: smooth, skewed, with wild pairs, and rounded so far that values repeat. */
const samples: readonly (readonly number[])[] = [1, 2, 5, 6, 7, 8, 10, 12, 16, 21, 24, 33].flatMap((n) => [
  Array.from({ length: n }, () => random.normal() * 0.05),
  Array.from({ length: n }, () => Math.exp(random.normal()) - 1),
  Array.from({ length: n }, () => random.normal() * (random.uniform() < 0.1 ? 8 : 1)),
  Array.from({ length: n }, () => Math.round(random.normal() * 3)),
]);

function forEachInterval(
  check: (differences: readonly number[], level: number, interval: ExactInterval) => void,
): void {
  for (const differences of samples) {
    const location = locate(differences);
    for (const level of LEVELS) {
      const interval = location.interval(level);
      if (interval) check(differences, level, interval);
    }
  }
}

const intervalOf = (differences: readonly number[], level: number): ExactInterval => {
  const interval = locate(differences).interval(level);
  assert.ok(interval);
  return interval;
};

function near(actual: number, expected: number, scale = 1): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.max(1, scale), `expected ${expected}, got ${actual}`);
}

test('there is an interval exactly when the pairs reach the level', () => {
  for (const differences of samples) {
    for (const level of LEVELS) {
      const reached = differences.length >= fewestPairs(level);
      assert.equal(
        locate(differences).interval(level) !== null,
        reached,
        `${differences.length} at ${level}`,
      );
    }
  }
});

test('the estimate lies in every interval, and the interval among the differences', () => {
  forEachInterval((differences, _level, { low, high }) => {
    const { estimate } = locate(differences);
    assert.ok(low <= estimate && estimate <= high);
    assert.ok(low >= Math.min(...differences) && high <= Math.max(...differences));
  });
});

test('the level achieved is at least the level asked for, and asking for it gives the same interval', () => {
  forEachInterval((differences, level, interval) => {
    assert.ok(interval.level >= level - 1e-9);
    assert.deepEqual(intervalOf(differences, interval.level), interval);
  });
});

test('intervals are nested: a higher level is never narrower', () => {
  for (const differences of samples) {
    const location = locate(differences);
    const intervals = LEVELS.flatMap((level) => location.interval(level) ?? []);
    intervals.slice(1).forEach((wider, i) => {
      const inner = intervals[i];
      assert.ok(inner && wider.low <= inner.low && wider.high >= inner.high && wider.level >= inner.level);
    });
  }
});

test('adding a number to every difference adds it to estimate and interval', () => {
  forEachInterval((differences, level, interval) => {
    for (const shift of [-3, 0.04, 100]) {
      const shifted = differences.map((difference) => difference + shift);
      near(locate(shifted).estimate, locate(differences).estimate + shift, 100);
      near(intervalOf(shifted, level).low, interval.low + shift, 100);
      near(intervalOf(shifted, level).high, interval.high + shift, 100);
    }
  });
});

test('multiplying every difference multiplies estimate and interval', () => {
  forEachInterval((differences, level, interval) => {
    for (const factor of [0.001, 2, 1000]) {
      const scaled = differences.map((difference) => difference * factor);
      near(locate(scaled).estimate, locate(differences).estimate * factor, 1e4);
      near(intervalOf(scaled, level).low, interval.low * factor, 1e4);
      near(intervalOf(scaled, level).high, interval.high * factor, 1e4);
    }
  });
});

test('exchanging baseline and candidate turns the sign of everything and changes nothing else', () => {
  forEachInterval((differences, level, interval) => {
    const exchanged = differences.map((difference) => -difference);
    near(locate(exchanged).estimate, -locate(differences).estimate);
    near(intervalOf(exchanged, level).low, -interval.high);
    near(intervalOf(exchanged, level).high, -interval.low);
    assert.equal(intervalOf(exchanged, level).level, interval.level);
    near(signedRankTest(exchanged).pValue, signedRankTest(differences).pValue);
  });
});

test('the order of the pairs does not matter', () => {
  forEachInterval((differences, level, interval) => {
    const shuffled = random.shuffled(differences);
    assert.equal(locate(shuffled).estimate, locate(differences).estimate);
    assert.deepEqual(intervalOf(shuffled, level), interval);
  });
});

test('a worse difference never makes estimate or interval better', () => {
  forEachInterval((differences, level, interval) => {
    const pair = Math.floor(random.uniform() * differences.length);
    const worse = differences.map((difference, i) =>
      i === pair ? difference + random.uniform() : difference,
    );
    assert.ok(locate(worse).estimate >= locate(differences).estimate);
    assert.ok(intervalOf(worse, level).low >= interval.low && intervalOf(worse, level).high >= interval.high);
  });
});

test('the interval holds exactly the shifts that the test does not reject', () => {
  for (const differences of samples.filter((sample) => sample.length >= 6)) {
    const { low, high, level } = intervalOf(differences, 0.95);
    const step = 1e-7;
    // [shift, inside]: just inside and just outside of each end
    const shifts: [number, boolean][] = [
      [low + step, true],
      [high - step, true],
      [low - step, false],
      [high + step, false],
    ];
    for (const [shift, inside] of shifts) {
      const { pValue, method } = signedRankTest(differences.map((difference) => difference - shift));
      if (method === 'exact') assert.equal(pValue > 1 - level + 1e-12, inside, `${pValue} at ${level}`);
    }
  }
});

test('the interval and the p-value of the same pairs never disagree', () => {
  for (const differences of samples.filter((sample) => sample.length >= 6)) {
    const { pValue, method } = signedRankTest(differences);
    if (method !== 'exact') continue;
    const { low, high, level } = intervalOf(differences, 0.95);
    assert.equal(low > 0 || high < 0, pValue <= 1 - level + 1e-12);
  }
});

test('one locate answers for any level as a new one does', () => {
  for (const differences of samples) {
    const location = locate(differences);
    for (const level of [...LEVELS].reverse()) {
      const { estimate, interval } = estimateLocation(differences, level);
      assert.equal(location.estimate, estimate);
      assert.deepEqual(location.interval(level), interval);
    }
  }
});

test('from twelve pairs on one wild pair moves the 95 % interval no further, however wild it is', () => {
  // The wild pair is in n averages, so it moves an end only when n or fewer are counted in: 9 ≤ 10, but 14 > 12.
  for (const n of [10, 12, 16, 24]) {
    const tame = Array.from({ length: n }, () => random.normal());
    const ends = [10, 1e6].map((wild) => intervalOf([...tame.slice(1), wild], 0.95).high);
    assert.equal(ends[0] === ends[1], n >= 12, `${n}`);
  }
});

test('a wild pair shows where Student and Wilcoxon disagree', () => {
  const slower = [0.02, 0.021, 0.025, 0.03, 0.022, 0.027, 0.024, 0.026, 0.023, 0.029, 0.028, 0.031];
  assert.equal(crossCheck(slower, intervalOf(slower, 0.95))?.outlierPairs, false);
  // One pair in which the baseline met a stall: the mean's interval now reaches from below zero, the ranks' does not.
  const stalled = [...slower.slice(1), -0.9];
  assert.equal(crossCheck(stalled, intervalOf(stalled, 0.95))?.outlierPairs, true);
});

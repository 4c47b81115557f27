import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { FEWEST_A_SIDE, findSplit, LARGEST_P, splitSeries } from './split-series.ts';

/** Noise of spread 1, each value alike to the one before it by `rho`. */
function noise(seed: number, length: number, rho = 0): number[] {
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let at = 0; at < length; at++) {
    const before = values[at - 1];
    values.push(
      before === undefined ? random.normal() : rho * before + Math.sqrt(1 - rho * rho) * random.normal(),
    );
  }
  return values;
}

const withStep = (values: number[], at: number, step: number) =>
  values.map((value, index) => (index < at ? value : value + step));

describe('changes of level in a series', () => {
  test('a step of eight spreads is told at its place, with at least three values behind it', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const [split, ...others] = splitSeries(withStep(noise(seed, 40), 20, 8));
      assert.deepEqual(others, []);
      assert.ok(split);
      assert.equal(split.index, 20, `seed ${seed}`);
      assert.ok(split.toldAt >= 20 + FEWEST_A_SIDE);
      assert.ok(split.pValue <= LARGEST_P);
      assert.ok(split.first <= 20 && 20 <= split.last);
    }
  });

  test('up and down again is two changes', () => {
    const values = withStep(withStep(noise(3, 45), 15, 8), 30, -8);
    assert.deepEqual(
      splitSeries(values).map(({ index }) => index),
      [15, 30],
    );
  });

  test('what was told stays when values are added', () => {
    const values = withStep(withStep(noise(5, 60), 20, 6), 40, -6);
    let earlier = splitSeries([]);
    for (let length = 1; length <= values.length; length++) {
      const now = splitSeries(values.slice(0, length));
      assert.deepEqual(now.slice(0, earlier.length), earlier, `${length} values`);
      earlier = now;
    }
    assert.equal(earlier.length, 2);
  });

  test('series of one level have hardly any, alike or not', () => {
    // At most 5 % are wanted; more than 8 of 60 would come in 1 of 400 such tests at 5 %: a coarse net, the fine one is verify:change-points.
    for (const rho of [0, 0.5]) {
      const wrong = Array.from({ length: 60 }, (_, seed) => splitSeries(noise(1_000 + seed, 60, rho)));
      const told = wrong.filter((splits) => splits.length > 0).length;
      assert.ok(told <= 8, `${told} of 60 at ${rho}`);
    }
  });

  test('one value far out is no change', () => {
    const values = noise(9, 30);
    values[15] = 50;
    assert.deepEqual(splitSeries(values), []);
  });

  test('equal values have no change, and a step without any noise has one', () => {
    assert.deepEqual(splitSeries(Array(30).fill(0.1)), []);
    assert.deepEqual(
      splitSeries([...Array(10).fill(0.1), ...Array(10).fill(0.2)]).map(({ index, first, last }) => [
        index,
        first,
        last,
      ]),
      [[10, 10, 10]],
    );
  });

  test('fewer than three values a side are never told', () => {
    assert.equal(findSplit([0, 0, 9, 9, 9]), null);
    assert.deepEqual(splitSeries(withStep(noise(1, 22), 20, 100)), []);
  });

  test('scale and origin change nothing, and equal values give equal answers', () => {
    const values = withStep(noise(4, 40), 20, 4);
    const places = (of: number[]) => splitSeries(of).map(({ index }) => index);
    assert.deepEqual(places(values.map((value) => 0.01 * value + 3)), places(values));
    assert.deepEqual(splitSeries(values), splitSeries([...values]));
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SharedTurns, shuffledTurns, TURNS_PER_BLOCK, turnAt } from './target-turns.ts';

const shared = (overrides: Partial<SharedTurns> = {}): SharedTurns => ({
  randomSeed: 1,
  targets: 2,
  turns: 40,
  firstIndex: 0,
  ...overrides,
});

const allTurns = (options: SharedTurns) =>
  Array.from({ length: options.targets * options.turns }, (_, position) => turnAt(options, position));

test('every block gives each target as many turns', () => {
  for (const targets of [1, 2, 3]) {
    const turns = allTurns(shared({ targets }));
    const size = targets * TURNS_PER_BLOCK;
    for (let from = 0; from < turns.length; from += size) {
      const block = turns.slice(from, from + size).map(({ target }) => target);
      for (let target = 0; target < targets; target += 1) {
        assert.equal(block.filter((other) => other === target).length, TURNS_PER_BLOCK);
      }
    }
  }
});

test('each target works through the same numbers in order, also when the last block is short', () => {
  for (const turns of [1, 7, 40]) {
    const taken = allTurns(shared({ turns, firstIndex: 12 }));
    const expected = Array.from({ length: turns }, (_, index) => 12 + index);
    for (const target of [0, 1]) {
      assert.deepEqual(
        taken.filter((turn) => turn.target === target).map(({ index }) => index),
        expected,
      );
    }
  }
});

test('the order depends on the seed and on nothing else', () => {
  const order = (options: SharedTurns) =>
    allTurns(options)
      .map(({ target }) => target)
      .join('');
  assert.equal(order(shared()), order(shared()));
  assert.notEqual(order(shared()), order(shared({ randomSeed: 2 })));
  // a later step is not a repetition of the first one
  assert.notEqual(order(shared()), order(shared({ firstIndex: 40 })));
});

test('all orders of a block are equally frequent, so no target has the better place', () => {
  const blocks = 6_000;
  const counts = new Map<string, number>();
  for (let block = 0; block < blocks; block += 1) {
    const order = shuffledTurns({ randomSeed: 5, targets: 2 }, block, 2).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6); // 4! / (2! × 2!)
  // 1000 expected of each; 4 standard deviations of a binomial count are 4 × √(6000 × 1/6 × 5/6) = 115
  for (const [order, count] of counts) assert.ok(Math.abs(count - 1_000) < 115, `${order}: ${count}`);
});

test('one target has every turn', () => {
  assert.deepEqual(turnAt(shared({ targets: 1, firstIndex: 3 }), 5), { target: 0, index: 8 });
});

test('a position past the last turn is refused', () => {
  assert.throws(() => turnAt(shared({ turns: 3 }), 6), /position from 0 to 5, got 6/);
});

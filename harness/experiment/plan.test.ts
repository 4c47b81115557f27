import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSlots } from './plan.ts';

const firstOf = (slots: ReturnType<typeof planSlots>) =>
  slots.filter((slot) => slot.slot === 1).map((slot) => slot.variant);

test('every pair holds every variant once', () => {
  const slots = planSlots({ part: 'pair', variants: ['a', 'b', 'c'], balancedAt: [5], randomSeed: 7 });
  for (let pair = 1; pair <= 5; pair++) {
    const variants = slots.filter((slot) => slot.pair === pair).map((slot) => slot.variant);
    assert.deepEqual(variants.sort(), ['a', 'b', 'c']);
  }
});

test('each of two variants begins half of the pairs, whatever the seed', () => {
  for (let randomSeed = 0; randomSeed < 50; randomSeed++) {
    const first = firstOf(planSlots({ part: 'pair', variants: ['a', 'b'], balancedAt: [6], randomSeed }));
    assert.equal(first.filter((variant) => variant === 'a').length, 3);
  }
});

test('the same seed gives the same plan, and seeds differ', () => {
  const plan = (randomSeed: number) =>
    firstOf(planSlots({ part: 'pair', variants: ['a', 'b'], balancedAt: [10], randomSeed })).join('');
  assert.equal(plan(3), plan(3));
  assert.ok(new Set(Array.from({ length: 20 }, (_, seed) => plan(seed))).size > 5);
});

test('at each look of 10, 16 and 24 pairs either of two variants has begun half of them', () => {
  const first = firstOf(
    planSlots({ part: 'pair', variants: ['a', 'b'], balancedAt: [10, 16, 24], randomSeed: 5 }),
  );
  for (const pairs of [10, 16, 24])
    assert.equal(first.slice(0, pairs).filter((variant) => variant === 'a').length, pairs / 2);
});

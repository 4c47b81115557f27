import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAPACITY_SLICES, planCapacity, sizeSlices } from './capacity.ts';
import type { TrafficWork } from './traffic-plan.ts';

const work = { scenario: 'load', randomSeed: 1, durationFactor: 1 } as TrafficWork;
const TARGETS = ['a', 'b'];

test('each round is one slice of every target, and nothing that consumes a company-day is driven', () => {
  const levels = planCapacity(work, TARGETS);
  assert.deepEqual(
    levels.map(({ name }) => name),
    ['GET /api/v1/bookings × 4 connections', 'PUT /api/v1/drivers/:id/location × 4 connections'],
  );
  for (const { slices } of levels) {
    assert.equal(slices.length, TARGETS.length * CAPACITY_SLICES);
    for (let round = 0; round < CAPACITY_SLICES; round += 1) {
      const inRound = slices.slice(round * 2, round * 2 + 2);
      assert.deepEqual(inRound.map(({ target }) => target).sort(), [0, 1]);
      assert.ok(inRound.every((slice) => slice.round === round));
    }
  }
  const names = levels.flatMap(({ slices }) => slices.map(({ name }) => name));
  assert.equal(new Set(names).size, names.length);
});

test('who comes first is random and depends on the seed', () => {
  const firsts = (randomSeed: number) =>
    planCapacity({ ...work, randomSeed }, TARGETS, 1_000)[0]?.slices.filter(
      ({ target }, position) => position % 2 === 0 && target === 0,
    ).length ?? 0;
  // 500 expected; 4 standard deviations are 4 × √(1000 / 4) = 63
  for (const seed of [1, 2, 3]) assert.ok(Math.abs(firsts(seed) - 500) < 63, `${firsts(seed)}`);
  assert.deepEqual(planCapacity(work, TARGETS), planCapacity(work, TARGETS));
  assert.notDeepEqual(planCapacity(work, TARGETS), planCapacity({ ...work, randomSeed: 9 }, TARGETS));
});

test('a slice takes one to two times what was asked for', () => {
  for (const rate of [0.5, 9, 10, 480, 3_333]) {
    const [requests = 0] = sizeSlices([rate], { connections: 4, sliceSeconds: 1 });
    assert.equal(requests % 4, 0, 'every connection sends as many');
    // at 0.5 a second even two requests of each connection take longer
    assert.ok(requests / rate >= 1 && (requests === 8 || requests / rate < 2), `${rate}/s: ${requests}`);
  }
});

test('targets that are alike get the same number of requests, others their own', () => {
  const level = { connections: 4, sliceSeconds: 1 };
  // 31 a second alone would take 32, and 34 would take 64; √(31 × 34) = 32.5
  assert.deepEqual(sizeSlices([31, 34], level), [64, 64]);
  assert.deepEqual(sizeSlices([20, 79], level), [64, 64]);
  assert.deepEqual(sizeSlices([10, 500], level), [16, 512]);
});

test('times follow durationFactor', () => {
  assert.equal(planCapacity({ ...work, durationFactor: 0.5 }, TARGETS)[0]?.sliceSeconds, 0.5);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratioAxis } from './ratio-axis.ts';

test('the line of no change is always on the axis', () => {
  for (const ratios of [[0.02, 0.03], [5], [0.99], []]) {
    const { domain, ticks } = ratioAxis(ratios);
    assert.ok(domain[0] < 1 && domain[1] > 1, `${domain}`);
    assert.ok(ticks.includes(1), `${ticks}`);
  }
});

test('a large change is marked by factors', () => {
  const { labelExpr } = ratioAxis([1 / 48, 1 / 51]);
  assert.match(labelExpr, /"÷50"/);
  assert.match(labelExpr, /"same"/);
});

test('a small change is marked by percentages', () => {
  const { labelExpr } = ratioAxis([0.95, 1.08]);
  assert.match(labelExpr, /"\+2 %"/);
  assert.doesNotMatch(labelExpr, /÷/);
});

test('there are never more marks than asked for', () => {
  for (const low of [0.0001, 0.01, 0.3, 0.9]) {
    assert.ok(ratioAxis([low, 1.1], 5).ticks.length <= 5, `${low}`);
  }
});

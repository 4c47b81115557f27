import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildWeek, withSlowApply } from '../../../test/support/week-builders.ts';
import { readmeWithWeek, weekBlock } from './readme-table.ts';

const FOLDER = 'results/examples/20261126-030000-week-test-0001';
const README = 'before\n<!-- week:begin -->\nold\n<!-- week:end -->\nafter\n';

test('only the part between the two marks is replaced, and replacing it again changes nothing', () => {
  const once = readmeWithWeek(README, buildWeek(), FOLDER);
  assert.match(once, /^before\n<!-- week:begin -->\n5 of 5 final metrics pass\./);
  assert.match(once, /\n<!-- week:end -->\nafter\n$/);
  assert.doesNotMatch(once, /old/);
  assert.equal(readmeWithWeek(once, buildWeek(), FOLDER), once);
});

test('the block has a line for each final metric, the chart and a link to the report', () => {
  const block = weekBlock(buildWeek(), FOLDER);
  assert.match(
    block,
    /\| Queries per dispatch \| −67 %, 50 or fewer \| 697 \| 9 \| −98\.7 % \| counted, exact \| ✔ pass \|/,
  );
  assert.match(block, /\| Indexes \| 0 → 10 \| 0 \| 10 \| \+10 \|/);
  assert.ok(block.includes(`](${FOLDER}/report/charts/contributions.png)`));
  assert.ok(block.includes(`](${FOLDER}/report/PERFORMANCE_REPORT.md)`));
});

test('what fell short is told in the README too', () => {
  assert.match(
    weekBlock(withSlowApply(buildWeek()), FOLDER),
    /^1 of 5 final metrics fails: apply time −86 %, goal −90 %\./,
  );
});

test('a README without the marks is refused', () => {
  assert.throws(() => readmeWithWeek('nothing', buildWeek(), FOLDER), { code: 'INTERNAL' });
});

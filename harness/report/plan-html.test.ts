import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planHtml } from './plan-html.ts';

test('each line of a plan hangs at its own depth, and marks stand out', () => {
  const html = planHtml('Sort: by a\n  Seq Scan on booking: filters by (a < ?)\n    !! reads 8 rows');
  assert.deepEqual(
    [...html.matchAll(/class="([^"]+)" style="--indent:(\d)ch">([^<]*)</g)].map(([, ...found]) => found),
    [
      ['node', '0', 'Sort: by a'],
      ['node', '2', '  Seq Scan on booking: filters by (a &lt; ?)'],
      ['node mark', '4', '    !! reads 8 rows'],
    ],
  );
});

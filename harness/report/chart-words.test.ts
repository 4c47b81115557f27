import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartWords, wordsText } from './chart-words.ts';
import type { Chart } from './charts/chart.ts';

const CHART: Chart = {
  name: 'x',
  finding: 'optimised is quicker',
  context: '',
  reading: 'Further left is better.',
  draw: () => ({ data: { values: [] }, mark: 'bar' }),
};

test('a small chart is told row by row, each number in the unit of its name', () => {
  const rows = [
    ['variant', 'p95Ms', 'writtenBytes', 'requestsPerSecond', 'errorShare', 'queries', 'label'],
    ['baseline', 1.5, 2000, 40, 0.5, 702, '702'],
    ['optimised', 0.25, null, 40, 0, 9.5, '9.5'],
  ];
  assert.equal(
    wordsText(chartWords(CHART, rows)),
    `optimised is quicker
Further left is better.

- baseline: p95 1.50 ms; written 2.00 kB; requests 40/s; error 50 %; queries 702
- optimised: p95 250 µs; requests 40/s; error 0 %; queries 9.5
`,
  );
});

test('a large chart is told by its groups, with the range of each number', () => {
  const rows = [
    ['variant', 'ms'],
    ...Array.from({ length: 30 }, (_, index) => [index % 2 === 0 ? 'baseline' : 'optimised', index + 1]),
  ];
  // Odd numbers from 1 to 29, and even ones from 2 to 30.
  assert.deepEqual(chartWords(CHART, rows).lines, [
    'baseline (15 rows): time 1.00 ms to 29.0 ms',
    'optimised (15 rows): time 2.00 ms to 30.0 ms',
  ]);
});

test('what only places a row in the drawing, and a text put together of others, is not told', () => {
  const rows = [
    ['row', 'verdict', 'interval', 'both', 'low'],
    [0, 'improved', '2× to 3× faster', 'improved, 2× to 3× faster', 0.3333],
  ];
  assert.deepEqual(chartWords(CHART, rows).lines, ['improved, 2× to 3× faster: low 0.333']);
});

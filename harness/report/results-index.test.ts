import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IndexEntry, indexPage, ratioCharts } from './results-index.ts';

function entry(overrides: Partial<IndexEntry> = {}): IndexEntry {
  return {
    id: '20261122T210400-load',
    kind: 'experiment',
    state: 'complete',
    startedAt: '2026-11-22T21:04:00.000Z',
    scenario: 'load',
    variants: ['baseline', 'optimised'],
    headline: 'Improved: 48 times faster.',
    ratios: [],
    href: '20261122T210400-load/report/index.html',
    ...overrides,
  };
}

test('results are listed newest first, each with its headline as a link', () => {
  const html = indexPage([
    entry({ startedAt: '2026-11-20T00:00:00.000Z', headline: 'older' }),
    entry({ startedAt: '2026-11-21T00:00:00.000Z', headline: 'newer' }),
  ]);
  assert.ok(html.indexOf('>newer<') < html.indexOf('>older<'));
  assert.match(html, /href="\.\/20261122T210400-load\/report\/index\.html"/);
});

test('a result that is not complete says so', () => {
  assert.match(indexPage([entry({ state: 'interrupted' })]), /· interrupted</);
});

test('an empty list says how to make a result', () => {
  assert.match(indexPage([]), /No results yet/);
});

test('names and folders cannot become markup, addresses or scripts', () => {
  const html = indexPage([
    entry({ headline: '<script>x</script>', href: 'javascript:alert(1)' }),
    entry({ id: '"><b>', href: 'a b/"c"/index.html' }),
  ]);
  assert.doesNotMatch(html, /<script|href="javascript|<b>/);
  assert.match(html, /href="\.\/a%20b\/%22c%22\/index\.html"/);
});

test('a comparison that was made more than once has a chart, in the newest words', () => {
  const ratio = {
    ...{ baseline: 'baseline', candidate: 'optimised', metric: 'dispatch time', unit: 'ms' },
    ...{ higherIsBetter: false, low: 0.019, high: 0.022, level: 0.9875, pairs: 16 },
    ...{ machine: 'a', datasetDigest: 'x' },
  };
  const entries = [
    entry({ startedAt: '2026-11-21T00:00:00.000Z', ratios: [{ ...ratio, ratio: 0.02 }] }),
    entry({ startedAt: '2026-11-20T00:00:00.000Z', ratios: [{ ...ratio, ratio: 0.021 }] }),
  ];
  const charts = ratioCharts(entries);
  assert.deepEqual(
    charts.map(({ finding }) => finding),
    [
      'optimised against baseline under load: dispatch time 50× faster in the newest of 2 experiments, 48× to 50× faster over all',
    ],
  );
  const html = indexPage(entries, charts, new Map());
  assert.ok(html.indexOf('Over time') < html.indexOf('All results'));
  assert.deepEqual(ratioCharts(entries.slice(1)), []);
});

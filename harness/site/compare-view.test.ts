import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRun } from '../../test/support/run-builders.ts';
import { storedComparisonLines } from '../commands/stored-comparison-lines.ts';
import { compareResults } from '../experiment/compare-results.ts';
import type { RunRecord } from '../result.ts';
import type { StoredRuns } from '../store/read-results.ts';
import { comparisonHtml } from './compare-view.ts';
import { comparisonData } from './comparison-data.ts';

const stored = (id: string, change: Partial<RunRecord> = {}): StoredRuns => ({
  ...{ kind: 'run', id, folder: id, run: buildRun({}, { id, ...change }) },
});

/** Text of the page as a browser would show it, on one line. */
function pageText(a: StoredRuns, b: StoredRuns): string {
  // Through JSON, as the data file is.
  const data = (result: StoredRuns) => JSON.parse(JSON.stringify(comparisonData(result, [])));
  return comparisonHtml(data(a), data(b), (place) => place)
    .replaceAll('<wbr>', '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}

/** Every word of every line and cell that the command prints. */
function commandTexts(a: StoredRuns, b: StoredRuns): string[] {
  return storedComparisonLines(compareResults(a, b))
    .flatMap((line) => line.trim().replace(/^- /, '').split(/ {2,}/))
    .filter((text) => text !== '');
}

const slower = buildRun({}, {}).probe;

for (const [what, change] of [
  ['equal runs', {}],
  [
    'runs of unequal counts',
    {
      probe: slower && {
        ...slower,
        dispatches: slower.dispatches.map((one) => ({ ...one, queries: one.queries + 2 })),
      },
    },
  ],
  ['runs of other datasets', { dataset: { ...buildRun().dataset, digest: 'f'.repeat(64) } }],
  ['a run that broke off', { state: 'interrupted' as const }],
] as const) {
  test(`${what}: the page says what the command says, from data without raw samples`, () => {
    const [a, b] = [stored('one'), stored('two', change as Partial<RunRecord>)];
    const page = pageText(a, b);
    const texts = commandTexts(a, b);
    assert.ok(texts.length > 2);
    for (const text of texts) assert.ok(page.includes(text), `the page does not say: ${text}\n${page}`);
  });
}

test('a refusal comes with what to do, and with no number beside it', () => {
  const page = pageText(stored('one'), stored('two', { state: 'interrupted' }));
  assert.match(page, /not comparable.*What to do: .*only complete runs are compared/);
  assert.ok(!page.includes('Counts per dispatch'));
});

test('the data of a result hold none of the texts and samples that only its charts show', () => {
  const { result, panels } = comparisonData(stored('one'), []);
  assert.ok(result.kind === 'run');
  for (const { report } of result.run.loads) {
    assert.deepEqual(report.series, []);
    assert.ok(report.endpoints.every(({ percentiles }) => percentiles.length === 0));
  }
  assert.ok(panels.some(({ kind }) => kind === 'percentiles'));
});

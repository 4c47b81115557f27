import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison } from '../../test/support/comparison-builders.ts';
import { buildExperiment } from '../../test/support/experiment-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import { ratioSeries, rebaselines } from './ratio-series.ts';
import { type StoredRatio, storedRatios } from './stored-ratio.ts';

const RATIO: StoredRatio = {
  baseline: 'baseline',
  candidate: 'optimised',
  metric: 'dispatch time',
  unit: 'ms',
  higherIsBetter: false,
  ratio: 0.9,
  low: 0.88,
  high: 0.93,
  level: 0.9875,
  pairs: 16,
  machine: 'a',
  datasetDigest: 'x',
};

function entry(day: number, overrides: Partial<StoredRatio> = {}, scenario = 'load') {
  return { startedAt: `2026-11-0${day}T02:00:00.000Z`, scenario, ratios: [{ ...RATIO, ...overrides }] };
}

test('a comparison that was made twice is a series, oldest first; one that was made once is none', () => {
  const series = ratioSeries([
    entry(3, { ratio: 0.8 }),
    entry(1, { ratio: 0.7 }),
    entry(2, {}, 'stress'),
    entry(2, { candidate: 'indexes' }),
    entry(2, { metric: 'dispatch p95' }),
  ]);
  assert.deepEqual(
    series.map(({ points }) => points.map(({ ratio }) => ratio)),
    [[0.7, 0.8]],
  );
});

test('a series says where machine or dataset change, and nothing where they stay', () => {
  const [series] = ratioSeries([
    entry(1),
    entry(2, { machine: 'b' }),
    entry(3, { machine: 'b' }),
    entry(4, { machine: 'c', datasetDigest: 'y' }),
  ]);
  assert.deepEqual(
    rebaselines(series?.points ?? []).map(({ startedAt, label }) => [startedAt.slice(8, 10), label]),
    [
      ['02', 'other machine'],
      ['04', 'other machine and dataset'],
    ],
  );
});

test('the index keeps the first metric that decides, as the record has it', () => {
  const { experiment, runs } = buildExperiment();
  const [stored, ...others] = storedRatios({ kind: 'experiment', experiment, runs });
  const gate = experiment.comparisons[0]?.timings.find(({ metric }) => metric === 'dispatch time');
  assert.deepEqual([stored?.ratio, stored?.low, stored?.high], [gate?.ratio, gate?.low, gate?.high]);
  assert.equal(stored?.datasetDigest, experiment.dataset?.digest);
  assert.equal(others.length, 0);
});

test('nothing is kept of a run, of counts alone, of a broken off or of a refused experiment', () => {
  const refused = buildComparison('optimised', 6, { refusals: ['unequal work'] });
  const inputs = [
    buildExperiment({ parts: ['count'] }),
    buildExperiment({}, { state: 'interrupted' }),
    buildExperiment({}, { comparisons: [refused] }),
  ].map((built) => ({ kind: 'experiment', ...built }) as const);
  for (const input of [...inputs, { kind: 'run', run: buildRun() } as const]) {
    assert.deepEqual(storedRatios(input), []);
  }
});

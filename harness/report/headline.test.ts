import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison } from '../../test/support/comparison-builders.ts';
import { buildExperiment } from '../../test/support/experiment-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import { headlineLines } from './headline.ts';
import { reproduceCommand } from './view/origin.ts';

function experimentInput(...shape: Parameters<typeof buildExperiment>) {
  return { kind: 'experiment', ...buildExperiment(...shape) } as const;
}

test('the headline says verdict, dispatch time, queries, apply time, latency and saturation in at most eight lines', () => {
  const lines = headlineLines(experimentInput());
  assert.match(lines[0] ?? '', /^Improved: /);
  assert.match(lines.join('\n'), /Dispatch time .* 1\.50 s → 30\.8 ms {2}\d+× faster, 96\.9 % interval: /);
  assert.match(lines.join('\n'), /Queries per dispatch .* 650 → 9 {2}72× fewer/);
  assert.match(lines.join('\n'), /Apply phase/);
  assert.match(lines.join('\n'), /GET \/api\/v1\/bookings p95 \(k6\)/);
  assert.match(lines.join('\n'), /saturated \(autocannon, 10 connections\)/);
  assert.ok(lines.length <= 8);
});

test('the headline has no colour and no line break inside a line', () => {
  for (const line of headlineLines(experimentInput())) {
    assert.ok(!line.includes('\u001b') && !line.includes('\n'), JSON.stringify(line));
  }
});

test('the word of the headline comes from the verdict, and the sentence from the record', () => {
  const comparison = buildComparison('optimised', 6, {
    verdict: 'regressed',
    headline: 'a dispatch takes 2 s.',
  });
  const [first] = headlineLines(experimentInput({}, { comparisons: [comparison] }));
  assert.equal(first, 'Regressed: A dispatch takes 2 s.');
});

test('two pairs give no verdict and no interval', () => {
  const lines = headlineLines(experimentInput({ pairs: 2 }));
  assert.match(lines[0] ?? '', /^No verdict \(2 pairs, at least 6 are needed\)/);
  assert.doesNotMatch(lines.join('\n'), /interval:|Improved/);
});

test('an interrupted experiment says first that it is incomplete', () => {
  const input = experimentInput({}, { state: 'interrupted', failure: 'Interrupted by Ctrl-C' });
  const [first] = headlineLines({ ...input, runs: input.runs.slice(0, 3) });
  assert.equal(
    first,
    'Incomplete: the experiment was interrupted after 3 of 12 planned runs, 1 whole pair. Interrupted by Ctrl-C.',
  );
});

test('what was not measured is said with its reason', () => {
  const run = buildRun(
    {},
    { probe: null, loads: [], skippedLoads: [{ generator: 'k6', reason: 'k6 was not found' }] },
  );
  const text = headlineLines({ kind: 'run', run }).join('\n');
  assert.match(text, /Dispatch time .*not measured \(no dispatch was probed\)/);
  assert.match(text, /Latency under load .*not measured \(k6 was skipped: k6 was not found\)/);
});

test('a run is told by its thresholds', () => {
  const [first] = headlineLines({ kind: 'run', run: buildRun({ variant: 'optimised' }) });
  assert.equal(first, 'optimised under load: All 4 thresholds met.');
});

test('with too few requests for a p95 the median is told', () => {
  const input = experimentInput();
  for (const { run } of input.runs) {
    for (const load of run.loads) for (const endpoint of load.report.endpoints) endpoint.requests = 7;
  }
  const text = headlineLines(input).join('\n');
  assert.match(text, /GET \/api\/v1\/bookings median \(k6\)/);
  assert.doesNotMatch(text, /p95/);
});

test('the command repeats variants, order, generators, probes and dataset', () => {
  assert.equal(
    reproduceCommand(experimentInput()),
    'rushhour experiment load --variants baseline,optimised --pairs 6 --order-seed 8124 --generator both --probes 5 --duration-factor 1 --rate-factor 1 --profile load --random-seed 1',
  );
});

test('the command of a custom dataset names its sizes and quotes what a shell would read', () => {
  const run = buildRun({ scenario: 'stress', variant: "odd'name" });
  const custom = { ...run, dataset: { ...run.dataset, profile: 'custom', openBookingsPerDay: 40 } };
  assert.equal(
    reproduceCommand({ kind: 'run', run: custom }),
    "rushhour run stress --variant 'odd'\\''name' --generator k6 --probes 5 --duration-factor 1 --rate-factor 1 --bookings 40 --drivers 50 --history 100000 --companies 4 --days 12 --random-seed 1",
  );
});

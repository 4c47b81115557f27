import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison, buildTiming } from '../../test/support/comparison-builders.ts';
import { buildExperiment } from '../../test/support/experiment-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import { compareStored, ratiosSideBySide } from '../experiment/compare-stored.ts';
import type { RunRecord } from '../result.ts';
import { storedComparisonLines } from './stored-comparison-lines.ts';

/** A run of two dispatches without load, with these counts a dispatch. */
function countedRun(id: string, calls: Readonly<Record<string, number>>, wallMs: number): RunRecord {
  const run = buildRun({}, { id, loads: [] });
  const total = Object.values(calls).reduce((sum, one) => sum + one, 0);
  const counts = { queries: total, rows: total * 2, blocksHit: 1000, blocksRead: 0, walRecords: 10 };
  const times = { wallMs, loadMs: 12, decideMs: 0.4, applyMs: 3, databaseMs: 9 };
  const dispatches = run.probe?.dispatches
    .slice(0, 2)
    .map((one) => ({ ...one, ...counts, ...times, walBytes: 74_894 }));
  const statements = Object.entries(calls).map(([text, count]) => ({
    queryId: text,
    text,
    calls: count * 2,
    rows: count * 4,
    blocks: 2000,
    walBytes: 0,
    databaseMs: 1,
  }));
  assert.ok(run.probe && dispatches);
  return { ...run, probe: { ...run.probe, dispatches, statements } };
}

const LIST = 'SELECT id FROM booking WHERE company_id = $1';
const CLIENT = 'SELECT id, full_name, phone, town FROM client WHERE id = $1';
const side = (run: RunRecord) => ({ name: run.id, runs: [run] });
const lines = (a: RunRecord, b: RunRecord, ...dim: ((text: string) => string)[]) =>
  storedComparisonLines(
    { arms: [compareStored({ baseline: side(a), candidate: side(b) })], ratios: [] },
    ...dim,
  );

test('counts are a table, what they come from sentences, and times stand without a verdict', () => {
  const before = countedRun('20261122-2104', { [LIST]: 1 }, 18.25);
  const after = countedRun('20261123-0900', { [LIST]: 1, [CLIENT]: 100 }, 61);
  after.startedAt = '2026-11-23T09:00:00.000Z';
  assert.deepEqual(lines(before, after), [
    '20261122-2104 → 20261123-0900',
    'Counts per dispatch, of dispatches alone:',
    '  queries per dispatch              1     101  101× more',
    '  rows per dispatch                 2     202  101× more',
    '  blocks per dispatch           1,000   1,000  equal',
    '  blocks dirtied per dispatch     148     148  equal',
    '  WAL records per dispatch         10      10  equal',
    '  WAL bytes per dispatch       74,894  74,894  equal',
    'What differs:',
    '  - one query per row: SELECT … FROM client WHERE id = $1 runs 100 times a dispatch instead of 0 (once for each booking offered)',
    'Times, no verdict: they were measured apart, so a difference may be chance. Besides, the day differs: 2026-11-22 against 2026-11-23. `rushhour experiment` measures side by side.',
    '  dispatch alone       18.3 ms  61.0 ms  no verdict',
    '  load phase alone     12.0 ms  12.0 ms  no verdict',
    '  decide phase alone    400 µs   400 µs  no verdict',
    '  apply phase alone    3.00 ms  3.00 ms  no verdict',
    '  database time alone  9.00 ms  9.00 ms  no verdict',
  ]);
});

test('equal counts are said to be equal', () => {
  const run = countedRun('a', { [LIST]: 1 }, 18);
  assert.ok(lines(run, { ...run, id: 'b' }).includes('No count differs.'));
});

test('a few WAL bytes of the values written are told as such, not as a change of the service', () => {
  const run = countedRun('a', { [LIST]: 1 }, 18);
  const other = countedRun('b', { [LIST]: 1 }, 18);
  const [first] = other.probe?.dispatches ?? [];
  if (first) first.walBytes += 1;
  const told = lines(run, other);
  assert.ok(told.includes('  WAL bytes per dispatch       74,894  74,894.5  almost equal'), told.join('\n'));
  assert.match(
    told.join('\n'),
    /No statement and no index differs by more than repeats do, or the values written/,
  );
});

test('only times are dimmed on a terminal', () => {
  const run = countedRun('a', { [LIST]: 1 }, 18);
  const told = lines(run, { ...run, id: 'b' }, (text) => `~${text}`);
  const dimmed = told.filter((line) => line.startsWith('~'));
  assert.equal(dimmed.length, 6); // the sentence and five times
  assert.match(dimmed[0] ?? '', /^~Times, no verdict/);
});

test('a refusal is told with every reason and without a single number', () => {
  const run = countedRun('a', { [LIST]: 1 }, 18);
  const other: RunRecord = {
    ...run,
    id: 'b',
    state: 'interrupted',
    dataset: { ...run.dataset, randomSeed: 2, digest: 'f'.repeat(64) },
  };
  assert.deepEqual(lines(run, other), [
    'a → b',
    'Not comparable:',
    '  - the run of b is interrupted',
    '  - the dataset differs: load of random seed 1 (7d0c9b1f5a3e) against load of random seed 2 (ffffffffffff)',
  ]);
});

test('repeats that disagree are shown with their range', () => {
  const [low, high] = [countedRun('a1', { [LIST]: 1 }, 18), countedRun('a2', { [LIST]: 3 }, 18)];
  const candidate = side(countedRun('b', { [LIST]: 2 }, 18));
  const comparison = compareStored({ baseline: { name: 'a', runs: [low, high] }, candidate });
  const [, , queries] = storedComparisonLines({ arms: [comparison], ratios: [] });
  assert.match(queries ?? '', /near-exact: repeats gave 1 to 3 against 2 to 2/);
  assert.deepEqual(comparison.times, []); // repeats count; they are not timed
});

test('the ratios of two experiments stand side by side', () => {
  const experimentWith = (ratios: number[]) => {
    const timings = [
      buildTiming('dispatch time', ratios),
      buildTiming('load phase', ratios, { role: 'exploratory' }),
    ];
    return buildExperiment({}, { comparisons: [buildComparison('optimised', 6, { timings })] }).experiment;
  };
  const ratios = ratiosSideBySide(
    experimentWith([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
    experimentWith([0.98, 1.01, 1.02, 1.03, 1.04, 1.05]),
  );
  assert.deepEqual(storedComparisonLines({ arms: [], ratios }), [
    'Change from baseline to candidate as each experiment measured it, no verdict between the two:',
    '  dispatch time, baseline → optimised: 2.0× faster, 2.0× faster (6 pairs); then +3.0 %, −2.0 % to +5.0 % (6 pairs)',
  ]);
});

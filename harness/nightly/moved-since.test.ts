import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildNight, buildScenario, buildTiming, REFERENCE } from '../../test/support/night-builders.ts';
import type { StoredCounters } from '../night-record.ts';
import { type LastNight, lastNightOf, movedSince } from './moved-since.ts';
import { pinDifferences, repinnedSince } from './pin.ts';

const TONIGHT = { target: 'shop', branch: 'main', reference: REFERENCE };
const UNCHANGED: StoredCounters = { state: 'same', night: null, reason: null, changes: [] };

const between = (low: number, high: number) => buildTiming(Math.sqrt(low * high), { low, high });

function lastNight(low: number, high: number): LastNight {
  const scenario = buildScenario(1, { timings: [between(low, high)] });
  return { night: buildNight(1, { scenarios: [scenario] }), scenario };
}

test('a ratio moved away only when nothing of its interval lies within that of the night before', () => {
  const last = lastNight(0.5, 0.6);
  const movedTo = (low: number, high: number) =>
    movedSince({ timings: [between(low, high)] }, UNCHANGED, last).length > 0;
  assert.equal(movedTo(0.61, 0.7), true); // still quicker than the reference
  assert.equal(movedTo(0.6, 0.7), false);
  assert.equal(movedTo(0.4, 0.49), false); // quicker
});

test('an exact count that rose is asked about, one that fell or only is told is not', () => {
  const last = lastNight(0.5, 0.6);
  const count = (metric: string, before: number, now: number) =>
    movedSince(
      { timings: [] },
      { ...UNCHANGED, state: 'changed', night: last.night.id, changes: [{ metric, unit: '', before, now }] },
      last,
    );
  assert.deepEqual(count('queries per dispatch', 6, 7), ['queries per dispatch 6 → 7']);
  assert.deepEqual(count('queries per dispatch', 7, 6), []);
  assert.deepEqual(count('WAL bytes per dispatch', 6, 7), []);
});

test('the night before is the newest of the branch with the same reference on the same rows', () => {
  const nights = [
    buildNight(1, { id: 'first' }),
    buildNight(1, { id: 'another branch', branch: 'topic' }),
    buildNight(1, { id: 'another reference', reference: { ...REFERENCE, commit: 'c'.repeat(40) } }),
    buildNight(1, { id: 'other rows', scenarios: [buildScenario(1, { datasetDigest: 'f'.repeat(64) })] }),
    buildNight(1, { id: 'failed', scenarios: [buildScenario(1, { state: 'failed' })] }),
  ];
  assert.equal(lastNightOf(buildScenario(), nights, TONIGHT)?.night.id, 'first');
  assert.equal(lastNightOf(buildScenario(), nights.slice(1), TONIGHT), null);
});

test('another reference than in the night before is told as re-pinned, another branch is not', () => {
  const moved = buildNight(1, { reference: { ...REFERENCE, commit: 'c'.repeat(40), lockfile: null } });
  assert.deepEqual(repinnedSince([buildNight(1, { id: 'before' })], moved), {
    night: 'before',
    differences: [
      'the commit of v1 was aaaaaaaaaaaa, is cccccccccccc',
      'its lockfile was package-lock.json 111111111111, is none',
    ],
  });
  assert.equal(repinnedSince([buildNight(1, { branch: 'topic' })], moved), null);
  assert.equal(repinnedSince([buildNight(1)], buildNight(1)), null);
  const pin = { reference: REFERENCE, datasetDigest: 'd' };
  assert.deepEqual(pinDifferences(pin, { ...pin, datasetDigest: 'e' }), [
    'the digest of the dataset was d, is e',
  ]);
});

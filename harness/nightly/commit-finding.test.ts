import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison, buildTiming } from '../../test/support/comparison-builders.ts';
import type { Comparison, ExactComparison, Verdict } from '../experiment-record.ts';
import { changeOfCounts, changeOfTimes, findingOf, isShownEqual } from './commit-finding.ts';

const ANY = { metric: null, direction: null };

function count(metric: string, baseline: number, candidate: number, repeatsAgree = true): ExactComparison {
  return {
    ...{ metric, unit: '', baseline, candidate, repeatsAgree },
    baselineRange: [baseline, baseline],
    candidateRange: [candidate, candidate],
  };
}

function counted(...exact: ExactComparison[]): Comparison {
  return buildComparison('optimised', 6, { exact });
}

function timed(verdict: Verdict, metric = 'dispatch time'): Comparison {
  const timing = buildTiming(metric, [1, 1, 1, 1, 1, 1], { role: 'gate', verdict });
  return buildComparison('optimised', 6, { timings: [timing] });
}

test('the change that is looked for is the first exact count that differs, WAL bytes and near-exact ones left out', () => {
  const comparison = counted(
    count('queries per dispatch', 6, 7, false),
    count('WAL bytes per dispatch', 100, 200),
    count('rows per dispatch', 9, 8),
    count('blocks per dispatch', 3, 4),
  );
  assert.deepEqual(changeOfCounts(comparison, ANY), {
    metric: 'rows per dispatch',
    direction: 'better',
    by: 'exact',
  });
  assert.equal(changeOfCounts(comparison, { ...ANY, direction: 'worse' })?.metric, 'blocks per dispatch');
  assert.equal(
    changeOfCounts(comparison, { ...ANY, metric: 'WAL bytes per dispatch' })?.metric,
    'WAL bytes per dispatch',
  );
});

test('a time has changed when a change is proven, also one that is not proven to be larger than the band', () => {
  const directions = (
    ['regressed', 'slower', 'improved', 'faster', 'equivalent', 'inconclusive'] as const
  ).map((verdict) => changeOfTimes(timed(verdict), ANY)?.direction ?? null);
  assert.deepEqual(directions, ['worse', 'worse', 'better', 'better', null, null]);
  assert.equal(isShownEqual(timed('equivalent'), ANY), true);
  assert.equal(isShownEqual(timed('inconclusive'), ANY), false);
});

test('a commit between is as the good one unless it changed in the direction that is looked for', () => {
  const slower = { metric: 'dispatch time', direction: 'worse', by: 'timing' } as const;
  const findings = (['regressed', 'slower', 'faster', 'equivalent', 'inconclusive'] as const).map((verdict) =>
    findingOf(timed(verdict), slower),
  );
  assert.deepEqual(findings, ['changed', 'changed', 'unchanged', 'unchanged', 'undecided']);
  const more = { metric: 'queries per dispatch', direction: 'worse', by: 'exact' } as const;
  assert.equal(findingOf(counted(count('queries per dispatch', 6, 7)), more), 'changed');
  assert.equal(findingOf(counted(count('queries per dispatch', 6, 5)), more), 'unchanged');
  assert.equal(findingOf(counted(count('queries per dispatch', 6, 6)), more), 'unchanged');
  assert.equal(findingOf(counted(count('queries per dispatch', 6, 7, false)), more), 'undecided');
});

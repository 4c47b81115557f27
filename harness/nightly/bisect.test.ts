import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison } from '../../test/support/comparison-builders.ts';
import { SILENT } from '../../test/support/silent-progress.ts';
import type { Comparison } from '../experiment-record.ts';
import { type BisectOutcome, bisect } from './bisect.ts';
import { bisectLines } from './bisect-lines.ts';
import type { CommitContext } from './compare-commits.ts';
import type { ScenarioPlan } from './plan-scenario.ts';

/** Nothing is measured: these are all that halving itself asks of where and how. */
const CONTEXT = { progress: SILENT } as unknown as CommitContext;
const PLAN = { scenario: 'dispatch', mode: 'count', request: {} } as unknown as ScenarioPlan;

/** Queries of a dispatch by commit, 6 of the good one; or why it may not be compared. */
function halve(found: Readonly<Record<string, number | readonly string[]>>): Promise<BisectOutcome> {
  return bisect(CONTEXT, {
    ...{ good: 'good', commits: Object.keys(found), plan: PLAN, search: { metric: null, direction: null } },
    compareTwo: async (_context, { candidate }) => ({
      experiment: { id: `of-${candidate}`, comparisons: [comparisonOf(found[candidate] ?? [])] },
      failure: null,
    }),
  });
}

function comparisonOf(found: number | readonly string[]): Comparison {
  if (typeof found !== 'number') return buildComparison('candidate', 0, { refusals: [...found] });
  const queries = { metric: 'queries per dispatch', unit: '', baseline: 6, candidate: found };
  return buildComparison('candidate', 0, {
    exact: [{ ...queries, repeatsAgree: true, baselineRange: [6, 6], candidateRange: [found, found] }],
  });
}

test('a refusal that is no fault of a commit ends the search, with the reason and the commits that are left', async () => {
  const reason = 'the commit of rushhour differs: aaaa against bbbb';
  // The middle of a, b, c is a: it is as the good one. Then b is asked, and the tool is another by then.
  const outcome = await halve({ a: 6, b: [reason, 'the answer of /trips has another shape'], c: 10 });
  assert.deepEqual(outcome.ended, { end: 'stopped', reason, commits: ['b', 'c'] });
  assert.deepEqual(
    outcome.steps.map(({ commit, finding }) => `${commit} ${finding}`),
    ['c changed', 'a unchanged', 'b undecided'],
  );
  assert.match(
    bisectLines(outcome, [])[0] ?? '',
    /^Stopped: the commit of rushhour differs: aaaa against bbbb\. /,
  );
});

test('a refusal that a commit may be the reason of is gone round', async () => {
  const outcome = await halve({ a: 6, b: ['the answer of /trips has another shape'], c: 10, d: 10 });
  assert.deepEqual(outcome.ended, { end: 'range', commits: ['b', 'c'] });
  const skipped = outcome.steps.find(({ commit }) => commit === 'b');
  assert.deepEqual(
    [skipped?.finding, skipped?.words, skipped?.results],
    ['skipped', 'the answer of /trips has another shape', ['of-b']],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginBisection, type Finding, mostSteps, nextStep, withFinding } from './bisection.ts';

const LINE = Array.from({ length: 13 }, (_, at) => `c${at + 1}`);

/** Bisects with what is true of each commit. Returns the end and how often was measured. */
function bisect(findingOf: (commit: string) => Finding) {
  let bisection = beginBisection(LINE);
  for (let measured = 0; ; measured += 1) {
    const next = nextStep(bisection);
    if (next.step !== 'measure') return { next, measured };
    bisection = withFinding(bisection, next.commit, findingOf(next.commit));
  }
}

for (const [at, culprit] of LINE.entries()) {
  test(`of 13 commits ${culprit} is found in four measurements at most`, () => {
    const { next, measured } = bisect((commit) => (LINE.indexOf(commit) >= at ? 'changed' : 'unchanged'));
    assert.deepEqual(next, { step: 'found', commit: culprit });
    assert.ok(measured <= mostSteps(LINE.length)); // 2^4 = 16 ≥ 13
  });
}

test('a commit that does not build is gone round', () => {
  const { next } = bisect((commit) =>
    commit === 'c6' || commit === 'c7' ? 'skipped' : LINE.indexOf(commit) >= 8 ? 'changed' : 'unchanged',
  );
  assert.deepEqual(next, { step: 'found', commit: 'c9' });
});

test('where what lies between cannot be decided, the commits that remain are told', () => {
  const { next } = bisect((commit) =>
    commit === 'c6' || commit === 'c7' ? 'undecided' : LINE.indexOf(commit) >= 7 ? 'changed' : 'unchanged',
  );
  assert.deepEqual(next, { step: 'range', commits: ['c6', 'c7', 'c8'] });
});

test('a single commit between good and bad needs no measurement', () => {
  assert.deepEqual(nextStep(beginBisection(['only'])), { step: 'found', commit: 'only' });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { branchOfCi } from './measured-branch.ts';

test('the branch of a pull request is that of its head, not the merge that the runner has checked out', () => {
  assert.equal(
    branchOfCi({ GITHUB_HEAD_REF: 'faster/dispatch', GITHUB_REF_NAME: '7/merge' }),
    'faster/dispatch',
  );
});

test('of a push the branch is what was pushed: the variable of pull requests is empty then', () => {
  assert.equal(branchOfCi({ GITHUB_HEAD_REF: '', GITHUB_REF_NAME: 'main' }), 'main');
  assert.equal(branchOfCi({ CI_COMMIT_REF_NAME: 'main' }), 'main');
});

test('outside of CI no variable names a branch', () => {
  assert.equal(branchOfCi({ GITHUB_REF_NAME: ' ', PATH: '/bin' }), null);
});

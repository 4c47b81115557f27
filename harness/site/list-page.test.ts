import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRun } from '../../test/support/run-builders.ts';
import { listPage } from './list-page.ts';
import { listedResult } from './listed-result.ts';

test('a list that is not whole says how many results are missing, and who reads them', () => {
  const run = buildRun();
  const listed = [{ ...listedResult({ kind: 'run', id: run.id, folder: run.id, run }), href: null }];
  assert.match(listPage(listed, 1_988), /1,988 other results .*<code>rushhour report<\/code> reads all/);
  assert.doesNotMatch(listPage(listed, 0), /other result/);
});

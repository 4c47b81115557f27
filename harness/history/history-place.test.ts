import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { DEFAULT_HISTORY, historyFileOf } from './history-place.ts';

const HOME = path.resolve('/srv/orders');

test('the flag is seen from the working folder, what the config says and what nobody says from the config', () => {
  const loaded = (history?: string) =>
    ({ folder: HOME, config: { nightly: { history } } }) as unknown as Parameters<typeof historyFileOf>[0];
  assert.equal(historyFileOf(loaded('nights.ndjson'), 'mine.ndjson'), path.resolve('mine.ndjson'));
  assert.equal(historyFileOf(loaded('nights.ndjson'), undefined), path.join(HOME, 'nights.ndjson'));
  assert.equal(historyFileOf(loaded(), undefined), path.join(HOME, DEFAULT_HISTORY));
});

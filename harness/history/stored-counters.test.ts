import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildNight, buildScenario } from '../../test/support/night-builders.ts';
import type { NightRecord, NightScenario } from '../night-record.ts';
import { compareWithStored } from './stored-counters.ts';

const QUERIES = { metric: 'queries per dispatch', unit: 'statements', reference: 7, repeatsAgree: true };
const WAL = { metric: 'WAL bytes per dispatch', unit: 'bytes', reference: 4_000, repeatsAgree: true };
const counters = (queries: number, wal = 4_000) => [
  { ...QUERIES, candidate: queries },
  { ...WAL, candidate: wal },
];
const night = (number: number, scenario: Partial<NightScenario>, overrides: Partial<NightRecord> = {}) =>
  buildNight(number, { scenarios: [buildScenario(1, { counters: counters(7), ...scenario })], ...overrides });
const now = (overrides: Partial<NightScenario> = {}) =>
  buildScenario(1, { counters: counters(7), ...overrides });
const MAIN = { target: 'shop', branch: 'main' };

describe('exact counters against stored nights', () => {
  test('without an earlier night of this scenario and target it is the first', () => {
    const first = { state: 'first', night: null, reason: null, changes: [] };
    assert.deepEqual(compareWithStored(now(), [], MAIN), first);
    assert.deepEqual(compareWithStored(now(), [night(1, {}, { target: 'other' })], MAIN), first);
    assert.deepEqual(compareWithStored(now(), [night(1, { scenario: 'stress' })], MAIN), first);
  });

  test('equal counters are the same as those of the newest night', () => {
    const same = compareWithStored(now(), [night(1, { counters: counters(9) }), night(2, {})], MAIN);
    assert.deepEqual(same, { state: 'same', night: 'night-002', reason: null, changes: [] });
  });

  test('a counter that moved by one is a change, with both numbers', () => {
    const changed = compareWithStored(now({ counters: counters(8) }), [night(1, {})], MAIN);
    assert.deepEqual(changed, {
      state: 'changed',
      night: 'night-001',
      reason: null,
      changes: [{ metric: 'queries per dispatch', unit: 'statements', before: 7, now: 8 }],
    });
  });

  test('a counter whose repeats disagree on one side is not compared', () => {
    const shaky = [
      { ...QUERIES, candidate: 9, repeatsAgree: false },
      { ...WAL, candidate: 4_000 },
    ];
    assert.equal(compareWithStored(now({ counters: shaky }), [night(1, {})], MAIN).state, 'same');
    assert.equal(compareWithStored(now(), [night(1, { counters: shaky })], MAIN).state, 'same');
  });

  test('other rows, another major version or other settings are a new beginning, with what differs in words', () => {
    const cases: [Partial<NightScenario>, string][] = [
      [{ datasetDigest: 'e'.repeat(64) }, 'the dataset is another: eeeeeeeeeeee before, dddddddddddd now'],
      [
        { postgres: { version: '17.6', settingsHash: 'settings' } },
        'the major version of PostgreSQL is another: 17 before, 18 now',
      ],
      [
        { postgres: { version: '18.4', settingsHash: 'others' } },
        'the PostgreSQL configuration is another: others before, settings now',
      ],
    ];
    for (const [earlier, reason] of cases) {
      const stored = compareWithStored(now({ counters: counters(9) }), [night(1, earlier)], MAIN);
      assert.deepEqual(stored, { state: 'rebaselined', night: 'night-001', reason, changes: [] });
    }
  });

  test('another minor version of PostgreSQL is no other key', () => {
    const earlier = night(1, { postgres: { version: '18.1', settingsHash: 'settings' } });
    assert.equal(compareWithStored(now(), [earlier], MAIN).state, 'same');
  });

  test('behind a night of another key an older one of the same key is taken', () => {
    const nights = [night(1, { counters: counters(6) }), night(2, { datasetDigest: 'e'.repeat(64) })];
    assert.deepEqual(compareWithStored(now(), nights, MAIN).changes, [
      { metric: 'queries per dispatch', unit: 'statements', before: 6, now: 7 },
    ]);
  });

  test('the same branch goes before the main one, which goes before none', () => {
    const nights = [night(1, {}, { branch: 'topic' }), night(2, {}, { branch: 'main' })];
    const on = (branch: string) => compareWithStored(now(), nights, { target: 'shop', branch }).night;
    assert.deepEqual([on('topic'), on('main'), on('new')], ['night-001', 'night-002', 'night-002']);
  });

  test('a night that may not be compared is passed over, and is itself a new beginning', () => {
    const refusals = ['the assignments differ'];
    const nights = [night(1, {}), night(2, { refusals, counters: counters(99) })];
    assert.equal(compareWithStored(now(), nights, MAIN).night, 'night-001');
    const stored = compareWithStored(now({ refusals }), nights, MAIN);
    assert.equal(stored.state, 'rebaselined');
    assert.equal(stored.reason, "this night's two sides may not be compared: the assignments differ");
  });

  test('WAL alone that moved by no more than written clock times explain is no change', () => {
    const stored = (queries: number, wal: number) =>
      compareWithStored(now({ counters: counters(queries, wal) }), [night(1, {})], MAIN).changes.length;
    assert.equal(stored(7, 4_000 + 8 * 7), 0); // 8 bytes for each of 7 statements
    assert.equal(stored(7, 4_000 + 8 * 7 + 1), 1);
    assert.equal(stored(8, 4_001), 2); // not alone
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { indexOn } from '../../test/support/advice-builders.ts';
import { rankCandidates } from './rank-candidates.ts';
import type { ScreenedCandidate } from './screen.ts';

/** @param costs planner's cost with it, by place of the statement */
function screened(
  columns: readonly string[],
  costs: Readonly<Record<number, number>>,
  writtenKeys = 0,
): ScreenedCandidate {
  const candidate = { ...indexOn('t', ...columns), origin: 'workload' as const, writtenKeys };
  const byPlace = Object.entries(costs).map(([place, cost]) => [Number(place), cost] as const);
  return { candidate, costs: new Map(byPlace), failure: null };
}

const ranked = (costsBefore: (number | null)[], candidates: ScreenedCandidate[], most = 10) =>
  rankCandidates({ costsBefore, screened: candidates }, most).map(({ candidate }) =>
    candidate.keys.map(({ column }) => column).join(','),
  );

describe('what is replayed first', () => {
  test('another statement gets its candidate before one statement gets two', () => {
    const [best, second, other] = [
      screened(['a'], { 0: 10 }),
      screened(['b'], { 0: 100 }),
      screened(['c'], { 1: 10 }),
    ];
    // b saves 900 of the first statement, which a has brought down to 10 by then: nothing is left of it
    assert.deepEqual(ranked([1_000, 500], [second, other, best]), ['a', 'c']);
  });

  test('each is told with what it saves beside those before it', () => {
    const candidates = [screened(['a'], { 0: 10, 1: 400 }), screened(['c'], { 1: 10 })];
    const ranking = rankCandidates({ costsBefore: [1_000, 500], screened: candidates }, 10);
    // a: 990 of the first statement and 100 of the second; then c brings the second from 400 to 10
    assert.deepEqual(
      ranking.map(({ costSaved }) => costSaved),
      [1_090, 390],
    );
  });

  test('what no plan uses, or saves next to nothing, is not replayed', () => {
    const idle = screened(['a'], {});
    const little = screened(['b'], { 0: 999.95 }); // 0.05 of 1,000 is below a ten-thousandth
    assert.deepEqual(ranked([1_000], [idle, little]), []);
  });

  test('of those that promise about as much, one that updates leave alone, then the shorter', () => {
    const written = screened(['a'], { 0: 100 }, 1);
    const long = screened(['b', 'c'], { 0: 105 });
    const short = screened(['d'], { 0: 110 });
    const worse = screened(['e'], { 0: 111 }); // over 1.1 times the best
    assert.equal(ranked([1_000], [written, long, worse, short])[0], 'd');
    assert.equal(ranked([1_000], [written, long, worse])[0], 'b,c');
  });

  test('a statement that cannot be explained counts for nothing, and no more than asked for are given', () => {
    assert.deepEqual(ranked([null, 100, 50], [screened(['a'], { 1: 1 }), screened(['b'], { 2: 1 })], 1), [
      'a',
    ]);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeRows, judgeDispatch, type OfferRows, slowFirstCall } from './judge-dispatch.ts';

const rows = (open: number, assigned: number, unassigned: number | null = 0): OfferRows => ({
  open,
  assigned,
  unassigned,
});
const kindOf = (before: OfferRows, after: OfferRows, saidComplete = true) =>
  judgeDispatch(before, after, saidComplete).kind;

describe('a dispatch is judged by its rows', () => {
  test('assigned and unassigned are as many as offered, also beside what was settled before', () => {
    assert.deepEqual(judgeDispatch(rows(12, 3, 1), rows(0, 12, 4), true), {
      ...{ kind: 'done', offered: 12, assigned: 9, unassigned: 3, leftOpen: 0 },
    });
  });

  test('without such a state, what is neither open nor assigned is unassigned', () => {
    assert.deepEqual(judgeDispatch(rows(12, 0, null), rows(0, 9, null), true), {
      ...{ kind: 'done', offered: 12, assigned: 9, unassigned: 3, leftOpen: 0 },
    });
  });

  test('bookings may stay open where the service says that it is done, and not otherwise', () => {
    assert.deepEqual(judgeDispatch(rows(12, 0), rows(2, 9, 1), true), {
      ...{ kind: 'done', offered: 12, assigned: 9, unassigned: 3, leftOpen: 2 },
    });
    assert.equal(kindOf(rows(12, 0), rows(2, 9, 1), false), 'unfinished');
    assert.equal(kindOf(rows(12, 0), rows(0, 9, 3), false), 'done');
  });

  test('nothing open and nothing written are two things', () => {
    assert.equal(kindOf(rows(0, 12), rows(0, 12)), 'nothing-offered');
    assert.equal(kindOf(rows(12, 0), rows(12, 0)), 'nothing-written');
  });

  for (const [what, before, after, reason] of [
    ['bookings that vanish', rows(12, 0), rows(0, 9, 1), /2 of 12 bookings are neither/],
    ['more than were offered', rows(12, 0), rows(4, 9, 0), /13 bookings came of 12/],
    ['earlier assignments that vanish', rows(12, 5), rows(0, 4, 12), /settled before/],
    ['more open than before', rows(12, 5, null), rows(17, 5, null), /17 bookings came of 12/],
  ] as const) {
    test(`${what} are no success`, () => {
      const judgement = judgeDispatch(before, after, true);
      assert.equal(judgement.kind, 'inconsistent');
      assert.match(judgement.kind === 'inconsistent' ? judgement.reason : '', reason);
    });
  }

  test('rows are told with what they were', () => {
    assert.equal(describeRows(rows(12, 0), rows(0, 9, 3)), 'open 12 → 0, assigned 0 → 9, unassigned 0 → 3');
    assert.equal(describeRows(rows(12, 0, null), rows(0, 9, null)), 'open 12 → 0, assigned 0 → 9');
  });
});

test('a first dispatch is slow by 5 times the median of three others, and by so much', () => {
  assert.deepEqual(slowFirstCall([2000, 90, 400, 110], 500), { medianMs: 110 });
  assert.equal(slowFirstCall([2000, 90, 400], 500), null); // too early
  assert.equal(slowFirstCall([2000, 500, 450, 400], 500), null); // 4.4 times the median
  assert.equal(slowFirstCall([200, 10, 12, 11], 500), null); // 18 times, but 0.19 s
});

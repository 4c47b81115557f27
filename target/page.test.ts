import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignmentPageStatement } from './assignments/assignment-queries.ts';
import { bookingPageStatement } from './bookings/booking-queries.ts';
import { cutPage } from './page.ts';

/** The part of a statement that depends on the filter. */
function whereOf(text: string): string {
  return text.slice(text.indexOf('WHERE'));
}

test('a page that is full to the limit is the last one when no further row was found', () => {
  const rows = [{ id: 4 }, { id: 9 }, { id: 11 }];
  assert.deepEqual(cutPage(rows, 3), { items: rows, nextAfter: null });
  assert.deepEqual(cutPage(rows, 2), { items: [{ id: 4 }, { id: 9 }], nextAfter: 9 });
  assert.deepEqual(cutPage([], 2), { items: [], nextAfter: null });
});

test('a list of bookings asks for one row more than its limit', () => {
  const { text, values } = bookingPageStatement(5, { limit: 20 });
  assert.equal(whereOf(text), 'WHERE b.company_id = $1 ORDER BY b.scheduled_time, b.id LIMIT $2');
  assert.deepEqual(values, [5, 21]);
});

test('a day is a range of instants, so that an index on the column serves it', () => {
  const { text, values } = bookingPageStatement(5, {
    day: '2026-03-02',
    status: 'open',
    clientId: 8,
    after: 70,
    limit: 1,
  });
  assert.equal(
    whereOf(text),
    'WHERE b.company_id = $1 AND b.scheduled_time >= $2 AND b.scheduled_time < $3 AND b.status = $4 ' +
      'AND b.client_id = $5 AND (b.scheduled_time, b.id) > (SELECT last.scheduled_time, last.id FROM booking last WHERE last.id = $6) ' +
      'ORDER BY b.scheduled_time, b.id LIMIT $7',
  );
  const [start, end] = [new Date('2026-03-02T00:00:00Z'), new Date('2026-03-03T00:00:00Z')];
  assert.deepEqual(values, [5, start, end, 'open', 8, 70, 2]);
});

test('a list of assignments names only the conditions that were asked for', () => {
  const { text, values } = assignmentPageStatement(5, { runId: 3, status: 'proposed', limit: 50 });
  const expected =
    'WHERE r.company_id = $1 AND a.dispatch_run_id = $2 AND a.status = $3 ORDER BY a.planned_pickup_at, a.id LIMIT $4';
  assert.equal(whereOf(text), expected);
  assert.deepEqual(values, [5, 3, 'proposed', 51]);
});

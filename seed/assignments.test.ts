import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Assignment, assignmentRows, assignments } from './assignments.ts';
import { type Booking, BookingSource } from './bookings.ts';
import { openDataset } from './dataset.ts';
import { dispatchMinute, dispatchRunId, pastRuns } from './dispatch-runs.ts';
import { historyDays } from './history-days.ts';
import { openBookingCount, PROFILES } from './profiles.ts';

const SMOKE = openDataset(PROFILES.smoke);
const ALL = [...assignments(SMOKE)];
const BY_BOOKING = groupByBooking(ALL);

function groupByBooking(all: readonly Assignment[]): Map<number, Assignment[]> {
  const groups = new Map<number, Assignment[]>();
  for (const assignment of all) {
    const group = groups.get(assignment.booking.id);
    if (group) group.push(assignment);
    else groups.set(assignment.booking.id, [assignment]);
  }
  return groups;
}

function* historyWithDay(): Generator<{ booking: Booking; day: number }> {
  const source = new BookingSource(SMOKE);
  for (const { day, first, count } of historyDays(PROFILES.smoke)) {
    for (let index = first; index < first + count; index++) {
      yield { booking: source.historyBooking(index, day), day };
    }
  }
}

test('ids are consecutive and as many as announced', () => {
  assert.ok(ALL.every(({ id }, index) => id === index + 1));
  assert.equal(assignmentRows(SMOKE).rowCount(), ALL.length);
});

test('a completed booking has one completed assignment, by its driver, in the run of its company and day', () => {
  for (const { booking, day } of historyWithDay()) {
    const completed = (BY_BOOKING.get(booking.id) ?? []).filter(({ status }) => status === 'completed');
    if (booking.status === 'cancelled') {
      assert.equal(completed.length, 0);
      continue;
    }
    assert.equal(completed.length, 1);
    assert.equal(completed[0]?.driverId, booking.driverId);
    assert.equal(completed[0]?.runId, dispatchRunId(PROFILES.smoke, booking.companyId, day));
  }
});

test('a booking that was declined before has the refusal as an earlier assignment', () => {
  let refusals = 0;
  for (const { booking } of historyWithDay()) {
    if (booking.refusedBy === null) continue;
    refusals += 1;
    const [declined, completed] = BY_BOOKING.get(booking.id) ?? [];
    assert.deepEqual([declined?.status, completed?.status], ['declined', 'completed']);
    assert.equal(declined?.driverId, booking.refusedBy);
    assert.ok((declined?.updatedMinute ?? 0) < (completed?.createdMinute ?? 0));
  }
  assert.ok(refusals > 20, `${refusals}`); // 3 % of about 1,880
});

test('refusals of open bookings belong to the last past run of their company', () => {
  const source = new BookingSource(SMOKE);
  const open = Array.from({ length: openBookingCount(PROFILES.smoke) }, (_, index) =>
    source.openBooking(index),
  );
  const refused = open.filter(({ refusedBy }) => refusedBy !== null);
  assert.ok(refused.length > 0);
  for (const { id, companyId, refusedBy } of refused) {
    const [only, ...others] = BY_BOOKING.get(id) ?? [];
    assert.deepEqual([only?.status, only?.driverId, others.length], ['declined', refusedBy, 0]);
    assert.equal(only?.runId, dispatchRunId(PROFILES.smoke, companyId, -1));
  }
  const declinedOpen = ALL.filter(({ booking }) => booking.status === 'open');
  assert.equal(declinedOpen.length, refused.length);
});

test('completed trips of a driver on one day are numbered from 1 in the order of the day', () => {
  const trips = new Map<string, Assignment[]>();
  for (const assignment of ALL.filter(({ status }) => status === 'completed')) {
    const key = `${assignment.runId}/${assignment.driverId}`;
    trips.set(key, [...(trips.get(key) ?? []), assignment]);
  }
  for (const day of trips.values()) {
    assert.deepEqual(
      day.map(({ sequence }) => sequence),
      day.map((_, index) => index + 1),
    );
    const minutes = day.map(({ booking }) => booking.scheduledMinute);
    assert.deepEqual(
      minutes,
      [...minutes].sort((a, b) => a - b),
    );
  }
  assert.ok([...trips.values()].some((day) => day.length > 2));
});

test('rows of one run lie together, as a dispatch writes them', () => {
  const runs = ALL.filter(({ booking }) => booking.status !== 'open').map(({ runId }) => runId);
  assert.deepEqual(
    runs,
    [...runs].sort((a, b) => a - b),
  );
});

test('assignments are created when their run is, and completed after the trip', () => {
  for (const { booking, status, createdMinute, updatedMinute } of ALL) {
    assert.ok(createdMinute > booking.createdMinute);
    assert.ok(updatedMinute > createdMinute);
    if (status === 'completed') assert.ok(updatedMinute > booking.scheduledMinute);
  }
});

test('a past run counts what it was offered and what it assigned', () => {
  const runs = [...pastRuns(SMOKE)];
  assert.equal(runs.length, 180 * 2);
  const sum = (count: (run: (typeof runs)[number]) => number) =>
    runs.reduce((total, run) => total + count(run), 0);
  assert.equal(
    sum(({ offered }) => offered),
    2_000,
  );
  assert.equal(
    sum(({ assigned }) => assigned),
    ALL.filter(({ status }) => status === 'completed').length,
  );
  const last = runs.at(-1);
  assert.deepEqual([last?.companyId, last?.day], [2, -1]);
  const ofLast = ALL.filter(
    (a) => a.runId === dispatchRunId(PROFILES.smoke, 2, -1) && a.status === 'completed',
  );
  assert.equal(last?.assigned, ofLast.length);
});

test('runs are numbered from 1 by day and company, and begin the evening before', () => {
  assert.equal(dispatchRunId(PROFILES.smoke, 1, -180), 1);
  assert.equal(dispatchRunId(PROFILES.smoke, 2, -1), 360);
  assert.equal(dispatchMinute(1, 0), -4 * 60 + 1); // 20:01 on the day before
});

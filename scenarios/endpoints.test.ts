import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDPOINTS, findShapeFault } from './endpoints.ts';

const booking = {
  id: 1,
  status: 'open',
  scheduledTime: '2026-03-02T08:00:00.000Z',
  passengers: 1,
  pickup: { address: 'A', lat: 52, lon: 5 },
  dropoff: { address: 'B', lat: 52, lon: 5 },
  distanceM: 100,
  priceCents: 500,
  notes: null,
  client: { id: 1, fullName: 'C', phone: '1', needsWheelchair: false },
  driver: null,
  latestAssignment: null,
};

test('the name of every endpoint is its method and its route, each once', () => {
  const names = Object.values(ENDPOINTS).map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^(GET|POST|PATCH|PUT) \/[a-z_0-9/:?=]+$/i);
});

test('a built request has the method and the route of its name', () => {
  const built = [
    [ENDPOINTS.readBooking.name, ENDPOINTS.readBooking.build({ id: 7 })],
    [ENDPOINTS.setLocation.name, ENDPOINTS.setLocation.build({ id: 7, lat: 1, lon: 2 })],
    [ENDPOINTS.changeAssignment.name, ENDPOINTS.changeAssignment.build({ id: 7, status: 'accepted' })],
    [ENDPOINTS.dispatchAndWait.name, ENDPOINTS.dispatchAndWait.build({ day: '2026-03-02' })],
  ] as const;
  for (const [name, { method, path }] of built) assert.equal(`${method} ${path}`, name.replace(':id', '7'));
});

test('a query holds what was given and nothing else, encoded', () => {
  const { path } = ENDPOINTS.listBookings.build({ date: '2026-03-02', status: 'a&b', limit: 20 });
  assert.equal(path, '/api/v1/bookings?date=2026-03-02&status=a%26b&limit=20');
  assert.equal(ENDPOINTS.listBookings.build({}).path, '/api/v1/bookings');
});

test('a change sends the fields to change, without the id', () => {
  assert.deepEqual(ENDPOINTS.changeBooking.build({ id: 3, notes: 'x' }).body, { notes: 'x' });
});

test('a right answer passes, further members are allowed', () => {
  assert.equal(ENDPOINTS.readBooking.check(200, { ...booking, added: 'later' }), null);
  assert.equal(ENDPOINTS.listBookings.check(200, { items: [booking], nextAfter: null }), null);
  assert.equal(ENDPOINTS.listBookings.check(200, { items: [], nextAfter: 9 }), null);
});

test('a wrong answer is told by the place where it is wrong', () => {
  const wrong = { ...booking, client: { ...booking.client, id: '1' } };
  const reason = ENDPOINTS.listBookings.check(200, { items: [booking, wrong], nextAfter: null });
  assert.equal(reason, 'body.items[1].client.id is string, expected number');
  assert.equal(
    ENDPOINTS.readBooking.check(200, { ...booking, status: 'lost' }),
    'body.status is not one of open, assigned, in_progress, completed, cancelled',
  );
  assert.equal(ENDPOINTS.readBooking.check(200, undefined), 'body is missing, expected an object');
  assert.equal(ENDPOINTS.listDrivers.check(200, { items: {} }), 'body.items is object, expected a list');
});

test('a reason names types, never values', () => {
  const reason = ENDPOINTS.login.check(200, { token: 5, secret: 'hunter2' });
  assert.equal(reason, 'body.token is number, expected string');
});

test('a wrong status is told before any body', () => {
  assert.equal(ENDPOINTS.startDispatch.check(409, {}), 'status 409, expected 202');
});

test('a dispatch that was waited for must be completed, one that was started may still run', () => {
  const run = (status: string) => ({
    run: {
      id: 1,
      companyId: 1,
      date: '2026-03-02',
      status,
      offered: 1,
      assigned: 1,
      unassigned: 0,
      phases: { loadMs: 1, decideMs: 1, applyMs: 1 },
      error: null,
    },
  });
  assert.equal(ENDPOINTS.dispatchAndWait.check(200, run('completed')), null);
  assert.equal(
    ENDPOINTS.dispatchAndWait.check(200, run('failed')),
    'body.run.status is not one of completed',
  );
  assert.equal(ENDPOINTS.readDispatch.check(200, run('failed')), null);
});

test('null is allowed only where the shape says so', () => {
  assert.equal(findShapeFault(null, { kind: 'nullable', of: 'number' }), null);
  assert.equal(findShapeFault(null, 'number'), 'body is null, expected number');
});

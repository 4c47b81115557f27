import type { RushhourConfig } from 'rushhour/config';

/** Parcels a seat stands for: a van takes more parcels than a taxi takes people. Enough that a day is rarely full. */
const PARCELS_PER_SEAT = 60;

/** The service keeps its times as clocks in Berlin show them; those of the dataset, read from a clock in London, are taken as such. */
const clock = (moment: Date) => moment.toISOString().slice(0, -1);
const day = (moment: Date) => moment.toISOString().slice(0, 10);

/** Shifts that go on after midnight end with the day: `CHECK (shift_start < shift_end)`. */
function timeOfDay(minute: number): string {
  const bounded = Math.max(0, Math.min(minute, 24 * 60 - 1));
  return `${pad(Math.floor(bounded / 60), 2)}:${pad(bounded % 60, 2)}`;
}

const pad = (number: number, digits: number) => String(number).padStart(digits, '0');

const settings = {
  DATABASE_URL: '{databaseUrl}',
  SECRET_KEY: '{secret}',
  HOST: '{host}',
  PORT: '{port}',
};

/** The web process and its worker, both in one mode. */
function planner(mode: 'before' | 'after') {
  const environment = { ...settings, PLANNER_MODE: mode };
  return {
    start: { command: ['.venv/bin/python', '-m', 'planner'], environment },
    workers: [{ command: ['.venv/bin/python', '-m', 'planner.worker'], environment }],
  };
}

const indexes = {
  up: [{ file: 'migrations/001_indexes.up.sql' }],
  down: [{ file: 'migrations/001_indexes.down.sql' }],
};

export default {
  name: 'courier-planner',
  service: { health: '/healthz', timeZone: 'Europe/Berlin' },
  login: {
    kind: 'token',
    request: { path: '/api/login', body: { email: '{email}', password: '{password}' } },
    token: 'access_token',
    accounts: {
      sql: "SELECT depot_id, email, 'rushhour-demo' AS password FROM account WHERE is_active ORDER BY depot_id",
    },
    accountOf: 'depot_id', // a token is good for the depot of its account alone
  },
  dataset: {
    schema: [{ file: 'schema.sql' }],
    rows: {
      depot: {
        from: 'companies',
        row: ({ id, town, depotLat, depotLon }) => ({
          id,
          code: `D${pad(id, 5)}`,
          city: town,
          latitude: depotLat,
          longitude: depotLon,
        }),
      },
      account: {
        from: 'users',
        row: ({ id, companyId, email, fullName, role, createdAt }, { uuid, passwordHash }) =>
          role !== 'dispatcher'
            ? null
            : {
                id: uuid('account', id),
                depot_id: companyId,
                email,
                password_hash: passwordHash('pbkdf2-sha256', { iterations: 20_000 }), // as planner/login.py
                display_name: fullName,
                created_at: createdAt,
              },
      },
      courier: {
        from: 'drivers',
        row: (driver, { uuid }) => {
          const [first_name = '', ...others] = driver.fullName.split(' ');
          return {
            id: uuid('courier', driver.id),
            depot_id: driver.companyId,
            first_name,
            last_name: others.join(' '),
            capacity: PARCELS_PER_SEAT * driver.seats,
            shift_start: timeOfDay(driver.shiftStartMinute),
            shift_end: timeOfDay(driver.shiftEndMinute),
            employed_on: day(driver.createdAt),
            is_active: driver.isActive && driver.isAvailable,
          };
        },
      },
      recipient: {
        from: 'bookings',
        row: ({ id, dropoffAddress, dropoffLat, dropoffLon }) => {
          const [street = '', city = ''] = dropoffAddress.split(', ');
          return {
            id,
            name: `Recipient ${id}`,
            street,
            postcode: pad(id % 100_000, 5),
            city,
            latitude: dropoffLat,
            longitude: dropoffLon,
          };
        },
      },
      parcel_order: {
        from: 'bookings',
        row: (booking) => ({
          id: booking.id,
          reference: `P${pad(booking.id, 9)}`,
          depot_id: booking.companyId,
          recipient_id: booking.id,
          state: ({ open: 'waiting', completed: 'delivered', cancelled: 'unplanned' } as const)[
            booking.status
          ],
          due_at: clock(booking.scheduledTime),
          parcels: booking.passengers,
          note: booking.notes,
          created_at: booking.createdAt,
        }),
      },
      plan_run: {
        from: 'dispatchRuns',
        row: (run, { uuid }) =>
          run.requestedBy === null
            ? null
            : {
                id: uuid('plan', run.id),
                depot_id: run.companyId,
                requested_by: uuid('account', run.requestedBy),
                day: run.serviceDay,
                state: 'finished',
                planned: run.assignedCount,
                unplanned: run.unassignedCount,
                requested_at: run.createdAt,
                ended_at: run.finishedAt,
              },
      },
      stop: {
        from: 'assignments',
        row: (assignment, { uuid }) =>
          assignment.status !== 'completed'
            ? null
            : {
                id: assignment.id,
                plan_run_id: uuid('plan', assignment.dispatchRunId),
                courier_id: uuid('courier', assignment.driverId),
                parcel_order_id: assignment.bookingId,
                day: day(assignment.plannedPickupAt),
                position: assignment.sequence,
                arrives_at: clock(assignment.plannedDropoffAt),
                distance_m: assignment.approachM,
              },
      },
    },
  },
  dispatch: {
    offers: {
      sql: `SELECT depot_id, due_day::text AS day FROM parcel_order WHERE state = 'waiting'
            GROUP BY depot_id, due_day ORDER BY due_day, depot_id`,
    },
    request: { path: '/api/plans', body: { depot_id: '{depot_id}', day: '{day}' } },
    extract: { planId: 'plan_id' },
    // By the database and not by asking GET /api/plans/{planId}: that asks the database too, and how often depends on the clock.
    complete: { by: 'sql', sql: 'SELECT ended_at IS NOT NULL FROM plan_run WHERE id = :planId', everyMs: 10 },
    rows: `SELECT count(*) FILTER (WHERE state = 'waiting') AS open,
                  count(*) FILTER (WHERE state = 'planned') AS assigned,
                  count(*) FILTER (WHERE state = 'unplanned') AS unassigned
           FROM parcel_order WHERE depot_id = :depot_id AND due_day = :day`,
    drivers: 'SELECT count(*) FROM courier WHERE depot_id = :depot_id AND is_active',
  },
  outcome: {
    // References instead of ids; no id of the plan, which is another each time, and none of the stop, which the order of writing gives.
    sql: `SELECT o.reference, o.state, s.courier_id, s.position, s.arrives_at, s.distance_m
          FROM parcel_order o LEFT JOIN stop s ON s.parcel_order_id = o.id
          WHERE o.depot_id = :depot_id AND o.due_day = :day`,
    answers: [{ path: '/api/orders?day={day}&limit=500' }],
  },
  endpoints: {
    orders: {
      path: '/api/orders?day={day}&limit={limit}',
      extract: { orderId: '0.id' },
      page: { size: 'limit', items: '' },
    },
    order: { path: '/api/orders/{orderId}' },
    couriers: { path: '/api/couriers' },
  },
  scenarios: {
    load: {
      mix: [
        { weight: 3, visit: ['orders', 'order'] },
        { weight: 1, visit: ['couriers'] },
      ],
      steps: [
        { name: 'morning', ratePerSecond: 5, seconds: 10 },
        { name: 'rush hour', ratePerSecond: 10, seconds: 20 },
      ],
      dispatchEverySeconds: 5,
      thresholds: { p95Ms: { order: 200, orders: 500 }, errorRatio: 0.01 },
    },
  },
  variants: {
    before: { title: 'row by row', ...planner('before') },
    indexed: { title: 'row by row, with indexes', ...planner('before'), migration: indexes },
    after: { title: 'in sets, with indexes', ...planner('after'), migration: indexes },
  },
  week: { baseline: 'before', indexes: 'indexed', optimised: 'after' },
} satisfies RushhourConfig;

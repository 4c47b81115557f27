/**
 * Every endpoint of the dispatch service once: how to ask, and how to know a right answer. Shared by k6, autocannon and
 * Node, so this file imports nothing.
 */

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT';

export interface EndpointRequest {
  readonly method: Method;
  /** Path and query, to be appended to the origin. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** An endpoint whose requests are built from a `Context`. */
export interface Endpoint<Context> {
  /** Method and route. The tag of its requests in every result. */
  readonly name: string;
  readonly expectedStatuses: readonly number[];
  build(context: Context): EndpointRequest;
  /** `null` for a right answer, else what is wrong with its status or with the shape of its body. */
  check(status: number, body: unknown): string | null;
}

/**
 * Ends the name of a request that only asks whether something has ended yet. A slow service is asked more often than a
 * fast one, and the answers are quick: counted with the traffic they would make it look faster.
 */
export const POLL_SUFFIX = ' (poll)';

/** What a JSON answer has to look like. Members that are not named are allowed. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | { readonly kind: 'nullable'; readonly of: Shape }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'one-of'; readonly values: readonly string[] }
  | { readonly kind: 'record'; readonly members: Readonly<Record<string, Shape>> };

const nullable = (of: Shape): Shape => ({ kind: 'nullable', of });
const list = (of: Shape): Shape => ({ kind: 'list', of });
const oneOf = (...values: string[]): Shape => ({ kind: 'one-of', values });
const record = (members: Readonly<Record<string, Shape>>): Shape => ({ kind: 'record', members });

/** The first place where `value` is not of `shape`, or `null`. The reason names types, never values. */
export function findShapeFault(value: unknown, shape: Shape, path = 'body'): string | null {
  if (typeof shape === 'string') {
    return typeof value === shape ? null : `${path} is ${typeName(value)}, expected ${shape}`;
  }
  switch (shape.kind) {
    case 'nullable':
      return value === null ? null : findShapeFault(value, shape.of, path);
    case 'one-of':
      return shape.values.includes(value as string)
        ? null
        : `${path} is not one of ${shape.values.join(', ')}`;
    case 'list':
      return findListFault(value, shape.of, path);
    case 'record':
      return findRecordFault(value, shape.members, path);
  }
}

function findListFault(value: unknown, of: Shape, path: string): string | null {
  if (!Array.isArray(value)) return `${path} is ${typeName(value)}, expected a list`;
  for (const [index, item] of value.entries()) {
    const fault = findShapeFault(item, of, `${path}[${index}]`);
    if (fault !== null) return fault;
  }
  return null;
}

function findRecordFault(
  value: unknown,
  members: Readonly<Record<string, Shape>>,
  path: string,
): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `${path} is ${typeName(value)}, expected an object`;
  }
  for (const [name, shape] of Object.entries(members)) {
    const fault = findShapeFault((value as Record<string, unknown>)[name], shape, `${path}.${name}`);
    if (fault !== null) return fault;
  }
  return null;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  return Array.isArray(value) ? 'list' : typeof value;
}

const BOOKING_STATUS = oneOf('open', 'assigned', 'in_progress', 'completed', 'cancelled');
const ASSIGNMENT_STATUS = oneOf('proposed', 'accepted', 'declined', 'completed', 'cancelled');
const POINT = record({ lat: 'number', lon: 'number' });
const STOP = record({ address: 'string', lat: 'number', lon: 'number' });

const BOOKING = record({
  id: 'number',
  status: BOOKING_STATUS,
  scheduledTime: 'string',
  passengers: 'number',
  pickup: STOP,
  dropoff: STOP,
  distanceM: 'number',
  priceCents: 'number',
  notes: nullable('string'),
  client: record({ id: 'number', fullName: 'string', phone: 'string', needsWheelchair: 'boolean' }),
  driver: nullable(record({ id: 'number', fullName: 'string' })),
  latestAssignment: nullable(
    record({ id: 'number', status: ASSIGNMENT_STATUS, driverId: 'number', createdAt: 'string' }),
  ),
});

const DRIVER = record({
  id: 'number',
  fullName: 'string',
  seats: 'number',
  takesWheelchair: 'boolean',
  shift: record({ startMinute: 'number', endMinute: 'number' }),
  location: POINT,
  isAvailable: 'boolean',
  isActive: 'boolean',
});

const ASSIGNMENT = record({
  id: 'number',
  runId: 'number',
  status: ASSIGNMENT_STATUS,
  sequence: 'number',
  plannedPickupAt: 'string',
  plannedDropoffAt: 'string',
  approachM: 'number',
  booking: record({
    id: 'number',
    scheduledTime: 'string',
    pickupAddress: 'string',
    dropoffAddress: 'string',
    status: BOOKING_STATUS,
  }),
  driver: record({ id: 'number', fullName: 'string', phone: 'string' }),
});

const runWith = (status: Shape): Shape =>
  record({
    run: record({
      id: 'number',
      companyId: 'number',
      date: 'string',
      status,
      offered: 'number',
      assigned: 'number',
      unassigned: 'number',
      phases: nullable(record({ loadMs: 'number', decideMs: 'number', applyMs: 'number' })),
      error: nullable('string'),
    }),
  });
const RUN_STATUS = oneOf('running', 'completed', 'failed');

interface EndpointDefinition<Context> {
  readonly name: string;
  readonly expectedStatuses: readonly number[];
  readonly answer: Shape;
  build(context: Context): EndpointRequest;
}

function endpoint<Context>(definition: EndpointDefinition<Context>): Endpoint<Context> {
  const { name, expectedStatuses, answer, build } = definition;
  const check = (status: number, body: unknown) =>
    expectedStatuses.includes(status)
      ? findShapeFault(body, answer)
      : `status ${status}, expected ${expectedStatuses.join(' or ')}`;
  return { name, expectedStatuses, build, check };
}

type QueryValue = string | number | boolean | undefined;

function withQuery(path: string, values: Readonly<Record<string, QueryValue>>): string {
  const pairs = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

export interface BookingDraft {
  readonly clientId: number;
  /** ISO 8601 instant */
  readonly scheduledTime: string;
  readonly passengers: number;
  readonly pickup: { readonly address: string; readonly lat: number; readonly lon: number };
  readonly dropoff: { readonly address: string; readonly lat: number; readonly lon: number };
  readonly notes?: string;
}

const BOOKINGS = '/api/v1/bookings';
const DRIVERS = '/api/v1/drivers';
const DISPATCH = '/api/v1/company_dispatch';

/** The endpoints by what they do. */
export const ENDPOINTS = {
  login: endpoint<{ email: string; password: string }>({
    name: 'POST /api/v1/auth/login',
    expectedStatuses: [200],
    answer: record({ token: 'string', expiresInSeconds: 'number', user: record({ companyId: 'number' }) }),
    build: ({ email, password }) => ({
      method: 'POST',
      path: '/api/v1/auth/login',
      body: { email, password },
    }),
  }),
  health: endpoint<void>({
    name: 'GET /health',
    expectedStatuses: [200],
    answer: record({ status: oneOf('ok'), database: oneOf('ok') }),
    build: () => ({ method: 'GET', path: '/health' }),
  }),
  listBookings: endpoint<{
    date?: string;
    status?: string;
    clientId?: number;
    limit?: number;
    after?: number;
  }>({
    name: `GET ${BOOKINGS}`,
    expectedStatuses: [200],
    answer: record({ items: list(BOOKING), nextAfter: nullable('number') }),
    build: ({ date, status, clientId, limit, after }) => ({
      method: 'GET',
      path: withQuery(BOOKINGS, { date, status, clientId, limit, after }),
    }),
  }),
  createBooking: endpoint<BookingDraft>({
    name: `POST ${BOOKINGS}`,
    expectedStatuses: [201],
    answer: BOOKING,
    build: (draft) => ({ method: 'POST', path: BOOKINGS, body: { ...draft } }),
  }),
  readBooking: endpoint<{ id: number }>({
    name: `GET ${BOOKINGS}/:id`,
    expectedStatuses: [200],
    answer: BOOKING,
    build: ({ id }) => ({ method: 'GET', path: `${BOOKINGS}/${id}` }),
  }),
  changeBooking: endpoint<{ id: number; status?: string; scheduledTime?: string; notes?: string }>({
    name: `PATCH ${BOOKINGS}/:id`,
    expectedStatuses: [200],
    answer: BOOKING,
    build: ({ id, ...changes }) => ({ method: 'PATCH', path: `${BOOKINGS}/${id}`, body: changes }),
  }),
  listDrivers: endpoint<{ available?: boolean; limit?: number }>({
    name: `GET ${DRIVERS}`,
    expectedStatuses: [200],
    answer: record({ items: list(DRIVER) }),
    build: ({ available, limit }) => ({ method: 'GET', path: withQuery(DRIVERS, { available, limit }) }),
  }),
  setAvailability: endpoint<{ id: number; isAvailable: boolean }>({
    name: `PATCH ${DRIVERS}/:id/availability`,
    expectedStatuses: [200],
    answer: DRIVER,
    build: ({ id, isAvailable }) => ({
      method: 'PATCH',
      path: `${DRIVERS}/${id}/availability`,
      body: { isAvailable },
    }),
  }),
  setLocation: endpoint<{ id: number; lat: number; lon: number }>({
    name: `PUT ${DRIVERS}/:id/location`,
    expectedStatuses: [200],
    answer: DRIVER,
    build: ({ id, lat, lon }) => ({ method: 'PUT', path: `${DRIVERS}/${id}/location`, body: { lat, lon } }),
  }),
  startDispatch: endpoint<{ day: string }>({
    name: `POST ${DISPATCH}/run`,
    expectedStatuses: [202],
    answer: runWith(RUN_STATUS),
    build: ({ day }) => ({ method: 'POST', path: `${DISPATCH}/run`, body: { date: day } }),
  }),
  dispatchAndWait: endpoint<{ day: string }>({
    name: `POST ${DISPATCH}/run?wait=true`,
    expectedStatuses: [200],
    answer: runWith(oneOf('completed')),
    build: ({ day }) => ({ method: 'POST', path: `${DISPATCH}/run?wait=true`, body: { date: day } }),
  }),
  readDispatch: endpoint<{ id: number }>({
    name: `GET ${DISPATCH}/runs/:id`,
    expectedStatuses: [200],
    answer: runWith(RUN_STATUS),
    build: ({ id }) => ({ method: 'GET', path: `${DISPATCH}/runs/${id}` }),
  }),
  listAssignments: endpoint<{ runId?: number; status?: string; limit?: number; after?: number }>({
    name: `GET ${DISPATCH}/assignments`,
    expectedStatuses: [200],
    answer: record({ items: list(ASSIGNMENT), nextAfter: nullable('number') }),
    build: ({ runId, status, limit, after }) => ({
      method: 'GET',
      path: withQuery(`${DISPATCH}/assignments`, { runId, status, limit, after }),
    }),
  }),
  changeAssignment: endpoint<{ id: number; status: string }>({
    name: `PATCH ${DISPATCH}/assignments/:id`,
    expectedStatuses: [200],
    answer: ASSIGNMENT,
    build: ({ id, status }) => ({ method: 'PATCH', path: `${DISPATCH}/assignments/${id}`, body: { status } }),
  }),
} as const;

export type EndpointKey = keyof typeof ENDPOINTS;

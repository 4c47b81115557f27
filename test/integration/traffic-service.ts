/**
 * A dispatch service without a database, for tests of the load generators: real HTTP on a free port of 127.0.0.1, right
 * answers of every endpoint, known latencies, and faults on demand.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TrafficPlan } from '../../scenarios/traffic-plan.ts';

export const LOGIN_PASSWORD = 'a-password-that-no-file-may-hold';

export interface ServedRequest {
  readonly endpoint: string;
  /** Path and query. */
  readonly url: string;
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** Request complete → answer about to be sent. A client sees this or more. */
  readonly servedMs: number;
}

export interface ServiceFaults {
  /** Added before the answer; 0 unless told. */
  readonly latencyMs?: (endpoint: string, nth: number) => number;
  /** Answers with the right status and `{}`. */
  readonly wrongBody?: (endpoint: string, nth: number) => boolean;
  /** Closes the connection: before the answer, or in the middle of it. */
  readonly drop?: (endpoint: string, nth: number) => 'before' | 'middle' | false;
  readonly status?: (endpoint: string, nth: number) => number | undefined;
  /** How long a started dispatch is seen running; 0 unless told. */
  readonly dispatchMs?: number;
}

export interface TrafficService {
  readonly url: string;
  readonly served: ServedRequest[];
  /** Every token handed out. */
  readonly tokens: string[];
  /** Started dispatches, "companyId/day", in order. */
  readonly dispatched: string[];
  received(): number;
  close(): Promise<void>;
}

const ROUTES: readonly [string, RegExp][] = [
  ['POST /api/v1/auth/login', /^POST \/api\/v1\/auth\/login$/],
  ['GET /health', /^GET \/health$/],
  ['GET /api/v1/bookings', /^GET \/api\/v1\/bookings(\?|$)/],
  ['POST /api/v1/bookings', /^POST \/api\/v1\/bookings$/],
  ['GET /api/v1/bookings/:id', /^GET \/api\/v1\/bookings\/\d+$/],
  ['PATCH /api/v1/bookings/:id', /^PATCH \/api\/v1\/bookings\/\d+$/],
  ['GET /api/v1/drivers', /^GET \/api\/v1\/drivers(\?|$)/],
  ['PATCH /api/v1/drivers/:id/availability', /^PATCH \/api\/v1\/drivers\/\d+\/availability$/],
  ['PUT /api/v1/drivers/:id/location', /^PUT \/api\/v1\/drivers\/\d+\/location$/],
  ['POST /api/v1/company_dispatch/run', /^POST \/api\/v1\/company_dispatch\/run$/],
  ['POST /api/v1/company_dispatch/run?wait=true', /^POST \/api\/v1\/company_dispatch\/run\?wait=true$/],
  ['GET /api/v1/company_dispatch/runs/:id', /^GET \/api\/v1\/company_dispatch\/runs\/\d+$/],
  ['GET /api/v1/company_dispatch/assignments', /^GET \/api\/v1\/company_dispatch\/assignments(\?|$)/],
  ['PATCH /api/v1/company_dispatch/assignments/:id', /^PATCH \/api\/v1\/company_dispatch\/assignments\/\d+$/],
];

const place = { address: 'Long Lane 1', lat: 52.1, lon: 5.1 };
const booking = {
  id: 11,
  status: 'open',
  scheduledTime: '2026-03-02T08:00:00.000Z',
  passengers: 1,
  pickup: place,
  dropoff: place,
  distanceM: 1200,
  priceCents: 900,
  notes: null,
  client: { id: 1, fullName: 'Jo Müller', phone: '1', needsWheelchair: false },
  driver: null,
  latestAssignment: null,
};
const driver = {
  id: 1,
  fullName: 'Ann Driver',
  seats: 4,
  takesWheelchair: false,
  shift: { startMinute: 360, endMinute: 840 },
  location: { lat: 52.1, lon: 5.1 },
  isAvailable: true,
  isActive: true,
};
const assignment = {
  id: 21,
  runId: 1,
  status: 'proposed',
  sequence: 1,
  plannedPickupAt: '2026-03-02T08:00:00.000Z',
  plannedDropoffAt: '2026-03-02T08:20:00.000Z',
  approachM: 300,
  booking: {
    id: 11,
    scheduledTime: '2026-03-02T08:00:00.000Z',
    pickupAddress: 'Long Lane 1',
    dropoffAddress: 'Long Lane 1',
    status: 'assigned',
  },
  driver: { id: 1, fullName: 'Ann Driver', phone: '1' },
};
const run = (status: string, id = 1) => ({
  run: {
    id,
    companyId: 1,
    date: '2026-03-02',
    status,
    offered: 2,
    assigned: 2,
    unassigned: 0,
    phases: null,
    error: null,
  },
});

/** The right answer of every endpoint that remembers nothing. */
const ANSWERS: Readonly<Record<string, { status: number; body: unknown }>> = {
  'GET /health': { status: 200, body: { status: 'ok', database: 'ok', variant: 'stand-in' } },
  'GET /api/v1/bookings': { status: 200, body: { items: [booking, booking], nextAfter: null } },
  'POST /api/v1/bookings': { status: 201, body: booking },
  'GET /api/v1/bookings/:id': { status: 200, body: booking },
  'PATCH /api/v1/bookings/:id': { status: 200, body: booking },
  'GET /api/v1/drivers': { status: 200, body: { items: [driver, { ...driver, id: 2 }] } },
  'PATCH /api/v1/drivers/:id/availability': { status: 200, body: driver },
  'PUT /api/v1/drivers/:id/location': { status: 200, body: driver },
  'POST /api/v1/company_dispatch/run?wait=true': { status: 200, body: run('completed') },
  'GET /api/v1/company_dispatch/assignments': {
    status: 200,
    body: { items: [assignment, { ...assignment, id: 22 }], nextAfter: null },
  },
  'PATCH /api/v1/company_dispatch/assignments/:id': {
    status: 200,
    body: { ...assignment, status: 'accepted' },
  },
};

export async function startTrafficService(faults: ServiceFaults = {}): Promise<TrafficService> {
  const served: ServedRequest[] = [];
  const tokens: string[] = [];
  const dispatched: string[] = [];
  const companyOfToken = new Map<string, number>();
  const counts = new Map<string, number>();
  const runEndsAtMs: number[] = [];
  let received = 0;

  const login = (body: Record<string, unknown>) => {
    const companyId = Number(/^dispatcher(\d+)@/.exec(String(body.email))?.[1] ?? 0);
    if (body.password !== LOGIN_PASSWORD)
      return { status: 401, body: { error: { code: 'wrong', message: '' } } };
    const token = `token-${randomUUID()}`;
    tokens.push(token);
    companyOfToken.set(token, companyId);
    return {
      status: 200,
      body: { token, expiresInSeconds: 3600, user: { id: 1, companyId, role: 'dispatcher', fullName: 'D' } },
    };
  };

  const startRun = () => {
    runEndsAtMs.push(performance.now() + (faults.dispatchMs ?? 0));
    return { status: 202, body: run('running', runEndsAtMs.length) };
  };
  const readRun = (id: number) => {
    const ended = performance.now() >= (runEndsAtMs[id - 1] ?? Number.POSITIVE_INFINITY);
    return { status: 200, body: run(ended ? 'completed' : 'running', id) };
  };

  const answerOf = (
    endpoint: string,
    url: string,
    body: Record<string, unknown>,
    authorization: string | undefined,
  ) => {
    if (endpoint === 'POST /api/v1/auth/login') return login(body);
    const companyId = companyOfToken.get(authorization?.replace('Bearer ', '') ?? '');
    if (companyId === undefined && endpoint !== 'GET /health') return { status: 401, body: {} };
    if (endpoint.startsWith('POST /api/v1/company_dispatch/run'))
      dispatched.push(`${companyId}/${body.date}`);
    if (endpoint === 'POST /api/v1/company_dispatch/run') return startRun();
    if (endpoint === 'GET /api/v1/company_dispatch/runs/:id') return readRun(Number(url.split('/').at(-1)));
    return ANSWERS[endpoint] ?? { status: 404, body: {} };
  };

  const server = http.createServer(async (request, response) => {
    const arrived = performance.now();
    received += 1;
    const text: Buffer[] = [];
    for await (const chunk of request) text.push(chunk);
    const line = `${request.method} ${request.url}`;
    const endpoint = ROUTES.find(([, pattern]) => pattern.test(line))?.[0] ?? line;
    const nth = (counts.get(endpoint) ?? 0) + 1;
    counts.set(endpoint, nth);
    const body = text.length === 0 ? {} : JSON.parse(Buffer.concat(text).toString());
    const right = answerOf(endpoint, request.url ?? '', body, request.headers.authorization);
    const status = faults.status?.(endpoint, nth) ?? right.status;
    const payload = JSON.stringify(faults.wrongBody?.(endpoint, nth) ? {} : right.body);
    const latencyMs = faults.latencyMs?.(endpoint, nth) ?? 0;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs).unref());
    const drop = faults.drop?.(endpoint, nth) ?? false;
    if (drop === 'before') {
      request.socket.end();
      return;
    }
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
    });
    if (drop === 'middle') {
      response.write(payload.slice(0, payload.length / 2), () => request.socket.end());
      return;
    }
    // Taken before the answer goes: the client may have it before this process gets to go on.
    const servedMs = performance.now() - arrived;
    response.end(payload);
    served.push({ endpoint, url: request.url ?? '', status, body, servedMs });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    served,
    tokens,
    dispatched,
    received: () => received,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** A plan for two companies with `days` days each, alternating as the dataset does. */
export function trafficPlan(baseUrl: string, overrides: Partial<TrafficPlan> = {}, days = 4): TrafficPlan {
  const dates = Array.from({ length: days }, (_, day) => `2026-03-${String(2 + day).padStart(2, '0')}`);
  return {
    baseUrl,
    scenario: 'smoke',
    randomSeed: 7,
    durationFactor: 1,
    rateFactor: 1,
    logins: [1, 2].map((companyId) => ({ companyId, email: `dispatcher${companyId}@example.test` })),
    companyDays: dates.flatMap((day) => [1, 2].map((companyId) => ({ companyId, day }))),
    browseDays: dates,
    drivers: [1, 2].map((companyId) => ({ companyId, firstId: 2 * companyId - 1, count: 2 })),
    clients: [1, 2].map((companyId) => ({ companyId, firstId: 5 * companyId - 4, count: 5 })),
    ...overrides,
  };
}

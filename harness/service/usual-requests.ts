/** Makes the reference service do what it usually does, each kind of request once. */
import { ENDPOINTS, type Endpoint } from '../../scenarios/endpoints.ts';
import { PAGE_LIMIT } from '../../scenarios/traffic-choices.ts';
import { type CompanyDay, loginOf, SEED_PASSWORD } from '../../seed/profiles.ts';
import { DISPATCH_UNIT } from '../capture/unit-of-work.ts';
import { HarnessError } from '../errors.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { rememberSecret } from '../secrets.ts';
import type { EverythingOptions } from '../targets/target.ts';
import { exchange } from './service-client.ts';

export interface UsualRequests extends Omit<EverythingOptions, 'offers'> {
  readonly baseUrl: string;
  /** Dispatched before the other requests. */
  readonly companyDays: readonly CompanyDay[];
  /** Ids of the first company-day's company. */
  readonly clientId: number;
  readonly driverId: number;
}

/**
 * Dispatches, then asks each endpoint once in each of its usual forms, and writes through those that write.
 * @throws HarnessError DISPATCH_FAILED when the service answers anything but what its endpoint promises
 */
export async function askUsualRequests(options: UsualRequests): Promise<void> {
  const caller = new Caller(options);
  const { companyDays, clientId, driverId, onProgress } = options;
  const [first] = companyDays;
  if (!first) throw new HarnessError('INTERNAL', 'the dataset has no open company-day');
  const runs: number[] = [];
  for (const [index, { companyId, day }] of companyDays.entries()) {
    onProgress(`dispatch ${index + 1} of ${companyDays.length}`);
    await caller.logIn(companyId);
    const { run } = await caller.ask(ENDPOINTS.dispatchAndWait, { day }, DISPATCH_UNIT);
    runs.push((run as { id: number }).id);
  }
  onProgress('requests');
  await caller.logIn(first.companyId);
  await askBookings(caller, clientId, first.day);
  await askDrivers(caller, driverId);
  await askAssignments(caller, runs[0] ?? 0);
}

/** A client and a driver of a company: which they are depends on the size of the dataset. */
export async function someoneOf(
  server: PostgresServer,
  database: string,
  companyId: number,
): Promise<Pick<UsualRequests, 'clientId' | 'driverId'>> {
  return withAdmin(server, database, async (client) => {
    const { rows } = await client.query<{ client_id: number; driver_id: number }>(
      `SELECT (SELECT min(id) FROM client WHERE company_id = $1) AS client_id,
              (SELECT min(id) FROM driver WHERE company_id = $1) AS driver_id`,
      [companyId],
    );
    return { clientId: rows[0]?.client_id ?? 1, driverId: rows[0]?.driver_id ?? 1 };
  });
}

class Caller {
  readonly #options: UsualRequests;
  #token: string | undefined;

  constructor(options: UsualRequests) {
    this.#options = options;
  }

  async logIn(companyId: number): Promise<void> {
    const credentials = { email: loginOf(companyId).email, password: SEED_PASSWORD };
    const { token } = await this.ask(ENDPOINTS.login, credentials);
    this.#token = token as string;
    rememberSecret(this.#token);
  }

  /** Sends one request, lets it be heard, and gives the answer back. */
  async ask<Context>(
    endpoint: Endpoint<Context>,
    context: Context,
    unit?: string,
  ): Promise<Record<string, unknown>> {
    const request = endpoint.build(context);
    const { hear, baseUrl, signal } = this.#options;
    const answer = await hear(unit ?? unitName(endpoint.name, request.path), () =>
      exchange(baseUrl + request.path, {
        method: request.method,
        token: this.#token,
        body: request.body,
        signal,
      }),
    );
    const body = JSON.parse(answer.text) as Record<string, unknown>;
    const fault = endpoint.check(answer.status, body);
    if (fault !== null) throw new HarnessError('DISPATCH_FAILED', `${endpoint.name}: ${fault}.`);
    return body;
  }
}

/** The route with the names of the query: `GET /api/v1/bookings?date&limit`. */
function unitName(route: string, path: string): string {
  const names = [...new URL(path, 'http://service').searchParams.keys()];
  return route.includes('?') || names.length === 0 ? route : `${route}?${names.join('&')}`;
}

type Listed = { items: { id: number; status: string }[]; nextAfter: number | null };

async function askBookings(caller: Caller, clientId: number, day: string): Promise<void> {
  const page = { date: day, limit: PAGE_LIMIT };
  const { items, nextAfter } = (await caller.ask(ENDPOINTS.listBookings, page)) as unknown as Listed;
  if (nextAfter !== null) await caller.ask(ENDPOINTS.listBookings, { ...page, after: nextAfter });
  await caller.ask(ENDPOINTS.listBookings, { ...page, status: 'open' });
  await caller.ask(ENDPOINTS.listBookings, { clientId, limit: PAGE_LIMIT });
  await caller.ask(ENDPOINTS.listBookings, { limit: PAGE_LIMIT });
  const [seen] = items;
  if (seen) {
    await caller.ask(ENDPOINTS.readBooking, { id: seen.id });
    await caller.ask(ENDPOINTS.changeBooking, { id: seen.id, notes: 'changed while it was captured' });
  }
  const place = { address: 'Capture Street 1', lat: 48.1, lon: 11.5 };
  await caller.ask(ENDPOINTS.createBooking, {
    clientId,
    scheduledTime: `${day}T12:00:00.000Z`,
    passengers: 1,
    pickup: place,
    dropoff: { ...place, lat: 48.2 },
  });
}

async function askDrivers(caller: Caller, driverId: number): Promise<void> {
  await caller.ask(ENDPOINTS.listDrivers, { limit: 50 });
  await caller.ask(ENDPOINTS.listDrivers, { available: true, limit: 50 });
  await caller.ask(ENDPOINTS.setLocation, { id: driverId, lat: 48.1, lon: 11.5 });
  await caller.ask(ENDPOINTS.setAvailability, { id: driverId, isAvailable: true });
}

async function askAssignments(caller: Caller, runId: number): Promise<void> {
  await caller.ask(ENDPOINTS.readDispatch, { id: runId });
  await caller.ask(ENDPOINTS.listAssignments, { limit: PAGE_LIMIT });
  await caller.ask(ENDPOINTS.listAssignments, { status: 'completed', limit: PAGE_LIMIT });
  const { items } = (await caller.ask(ENDPOINTS.listAssignments, {
    runId,
    limit: PAGE_LIMIT,
  })) as unknown as Listed;
  await caller.ask(ENDPOINTS.listAssignments, { runId, status: 'proposed', limit: PAGE_LIMIT });
  const [proposed] = items;
  if (proposed) await caller.ask(ENDPOINTS.changeAssignment, { id: proposed.id, status: 'accepted' });
}

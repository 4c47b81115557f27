/** Makes the reference service do what it usually does, and hears what it says to its database. */

import { ENDPOINTS, type Endpoint } from '../../scenarios/endpoints.ts';
import { PAGE_LIMIT } from '../../scenarios/traffic-choices.ts';
import {
  clientIdsOf,
  companyDays,
  type DatasetShape,
  driverIdsOf,
  loginOf,
  SEED_PASSWORD,
} from '../../seed/profiles.ts';
import { listenTo, type TappedTarget, withTappedTarget } from '../capture/tapped-target.ts';
import { DISPATCH_UNIT } from '../capture/unit-of-work.ts';
import { HarnessError } from '../errors.ts';
import type { FreshTargetOptions } from '../experiment/fresh-target.ts';
import { exchange } from '../service/service-client.ts';
import type { Workload, WorkUnit } from './workload.ts';

export interface CaptureOptions {
  readonly shape: DatasetShape;
  /** Company-days to dispatch before the other requests. */
  readonly dispatches: number;
  readonly onProgress: (detail: string) => void;
}

/**
 * Dispatches, then asks each endpoint once in each of its usual forms, and writes through those that write.
 * @throws HarnessError DISPATCH_FAILED when the service answers anything but what its endpoint promises
 */
export async function captureWorkload(
  target: FreshTargetOptions,
  options: CaptureOptions,
): Promise<Workload> {
  return withTappedTarget(target, async (tapped) => {
    const caller = new CapturingCaller(tapped, target.signal);
    await dispatchAndAsk(caller, options);
    return { units: caller.units };
  });
}

class CapturingCaller {
  readonly units: WorkUnit[] = [];
  readonly #target: TappedTarget;
  readonly #signal: AbortSignal;
  #token: string | undefined;

  constructor(target: TappedTarget, signal: AbortSignal) {
    this.#target = target;
    this.#signal = signal;
  }

  async logIn(companyId: number): Promise<void> {
    const credentials = { email: loginOf(companyId).email, password: SEED_PASSWORD };
    const { token } = await this.ask(ENDPOINTS.login, credentials);
    this.#token = token as string;
  }

  /** Sends one request, keeps what the service said for it, and gives the answer back. */
  async ask<Context>(
    endpoint: Endpoint<Context>,
    context: Context,
    unit?: string,
  ): Promise<Record<string, unknown>> {
    const request = endpoint.build(context);
    const { answer, transcript } = await listenTo(this.#target.tap, () =>
      exchange(this.#target.service.baseUrl + request.path, {
        method: request.method,
        token: this.#token,
        body: request.body,
        signal: this.#signal,
      }),
    );
    const body = JSON.parse(answer.text) as Record<string, unknown>;
    const fault = endpoint.check(answer.status, body);
    if (fault !== null) throw new HarnessError('DISPATCH_FAILED', `${endpoint.name}: ${fault}.`);
    this.units.push({ unit: unit ?? unitName(endpoint.name, request.path), transcript });
    return body;
  }
}

/** The route with the names of the query: `GET /api/v1/bookings?date&limit`. */
function unitName(route: string, path: string): string {
  const names = [...new URL(path, 'http://service').searchParams.keys()];
  return route.includes('?') || names.length === 0 ? route : `${route}?${names.join('&')}`;
}

async function dispatchAndAsk(caller: CapturingCaller, { shape, dispatches, onProgress }: CaptureOptions) {
  const days = companyDays(shape).slice(0, dispatches);
  const [first] = days;
  if (!first) throw new HarnessError('INTERNAL', 'the dataset has no open company-day');
  const runs: number[] = [];
  for (const [index, { companyId, day }] of days.entries()) {
    onProgress(`dispatch ${index + 1} of ${days.length}`);
    await caller.logIn(companyId);
    const { run } = await caller.ask(ENDPOINTS.dispatchAndWait, { day }, DISPATCH_UNIT);
    runs.push((run as { id: number }).id);
  }
  onProgress('requests');
  await caller.logIn(first.companyId);
  await askBookings(caller, shape, first);
  await askDrivers(caller, driverIdsOf(shape, first.companyId).first);
  await askAssignments(caller, runs[0] ?? 0);
}

type Listed = { items: { id: number; status: string }[]; nextAfter: number | null };

async function askBookings(
  caller: CapturingCaller,
  shape: DatasetShape,
  { companyId, day }: { companyId: number; day: string },
): Promise<void> {
  const page = { date: day, limit: PAGE_LIMIT };
  const clientId = clientIdsOf(shape, companyId).first;
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

async function askDrivers(caller: CapturingCaller, driverId: number): Promise<void> {
  await caller.ask(ENDPOINTS.listDrivers, { limit: 50 });
  await caller.ask(ENDPOINTS.listDrivers, { available: true, limit: 50 });
  await caller.ask(ENDPOINTS.setLocation, { id: driverId, lat: 48.1, lon: 11.5 });
  await caller.ask(ENDPOINTS.setAvailability, { id: driverId, isAvailable: true });
}

async function askAssignments(caller: CapturingCaller, runId: number): Promise<void> {
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

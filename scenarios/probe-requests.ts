/** The requests of saturation probes. Pure; same requests in the same order for every variant. */
import { ENDPOINTS, type Endpoint, type EndpointRequest } from './endpoints.ts';
import {
  bookingDraftFor,
  browseDayFor,
  driverFor,
  PAGE_LIMIT,
  positionFor,
  type Session,
  sessionFor,
} from './traffic-choices.ts';
import type { CompanyDay, TrafficWork } from './traffic-plan.ts';
import type { SaturationProbe } from './workloads.ts';

export interface ProbeRequest extends EndpointRequest {
  readonly token: string;
}

export interface ProbeTraffic {
  readonly plan: TrafficWork;
  readonly sessions: readonly Session[];
  readonly endpoint: SaturationProbe['endpoint'];
  /** For dispatches, taken in order, each once. */
  readonly companyDays: readonly CompanyDay[];
}

/** What the endpoint of a probe checks its answers with. */
export function probedEndpoint(
  endpoint: SaturationProbe['endpoint'],
): Pick<Endpoint<never>, 'name' | 'check' | 'expectedStatuses'> {
  return ENDPOINTS[endpoint];
}

/** Request number `index` (from 0). Throws a RangeError when no company-day is left for it. */
export function probeRequest(traffic: ProbeTraffic, index: number): ProbeRequest {
  if (traffic.endpoint === 'dispatchAndWait') return dispatchRequest(traffic, index);
  const session = sessionFor(traffic.plan, traffic.sessions, index);
  return { ...buildRequest(traffic, session, index), token: session.token };
}

function buildRequest({ plan, endpoint }: ProbeTraffic, session: Session, index: number): EndpointRequest {
  switch (endpoint) {
    case 'listBookings':
      return ENDPOINTS.listBookings.build({ date: browseDayFor(plan, index), limit: PAGE_LIMIT });
    case 'listDrivers':
      return ENDPOINTS.listDrivers.build({ available: true, limit: 50 });
    case 'listAssignments':
      return ENDPOINTS.listAssignments.build({ status: 'completed', limit: PAGE_LIMIT });
    case 'createBooking':
      return ENDPOINTS.createBooking.build(bookingDraftFor(plan, session, index));
    case 'setLocation':
      return ENDPOINTS.setLocation.build(positionFor(plan, driverFor(plan, session, index), index));
    case 'dispatchAndWait':
      throw new RangeError('A dispatch takes its session from its company-day');
  }
}

function dispatchRequest({ companyDays, sessions }: ProbeTraffic, index: number): ProbeRequest {
  const companyDay = companyDays[index];
  const session = sessions.find(({ companyId }) => companyId === companyDay?.companyId);
  if (companyDay === undefined || session === undefined) {
    throw new RangeError(
      `Expected a company-day for dispatch ${index + 1}, got ${companyDays.length} company-days`,
    );
  }
  return { ...ENDPOINTS.dispatchAndWait.build({ day: companyDay.day }), token: session.token };
}

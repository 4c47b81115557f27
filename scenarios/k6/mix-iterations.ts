/** One iteration of the mix: what a dispatcher or a driver's phone does in one go. */
import { ENDPOINTS } from '../endpoints.ts';
import {
  bookingDraftFor,
  browseDayFor,
  driverFor,
  PAGE_LIMIT,
  positionFor,
  sessionFor,
} from '../traffic-choices.ts';
import type { MixAction } from '../workloads.ts';
import { send } from './client.ts';
import { plan } from './day-plan.ts';
import type { TargetSession } from './sessions.ts';

type Iteration = (session: TargetSession, index: number) => void;

const ITERATIONS: Readonly<Record<MixAction, Iteration>> = {
  'browse bookings': browseBookings,
  'create bookings': createBooking,
  'driver positions': (session, index) => {
    const position = positionFor(plan, driverFor(plan, session, index), index);
    send(ENDPOINTS.setLocation, position, session);
  },
  'driver availability': confirmAvailability,
  'read assignments': (session) => {
    send(ENDPOINTS.listAssignments, { status: 'completed', limit: PAGE_LIMIT }, session);
  },
};

export function runMixIteration(action: MixAction, sessions: readonly TargetSession[], index: number): void {
  ITERATIONS[action](sessionFor(plan, sessions, index), index);
}

function browseBookings(session: TargetSession, index: number): void {
  const page = { date: browseDayFor(plan, index), limit: PAGE_LIMIT };
  const answer = send(ENDPOINTS.listBookings, page, session) as { items: { id: number }[] } | null;
  const booking = answer?.items[index % answer.items.length];
  if (booking !== undefined) send(ENDPOINTS.readBooking, { id: booking.id }, session);
}

function createBooking(session: TargetSession, index: number): void {
  const draft = bookingDraftFor(plan, session, index);
  const booking = send(ENDPOINTS.createBooking, draft, session) as { id: number } | null;
  if (booking !== null) {
    send(ENDPOINTS.changeBooking, { id: booking.id, notes: 'changed by load traffic' }, session);
  }
}

function confirmAvailability(session: TargetSession, index: number): void {
  const answer = send(ENDPOINTS.listDrivers, { available: true, limit: 50 }, session);
  if (answer === null) return;
  const { id, isAvailable } = driverFor(plan, session, index);
  send(ENDPOINTS.setAvailability, { id, isAvailable }, session);
}

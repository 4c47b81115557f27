/** One iteration of the mix: what a dispatcher or a driver's phone does in one go. */
import { ENDPOINTS } from '../endpoints.ts';
import {
  bookingDraftFor,
  browseDayFor,
  driverFor,
  PAGE_LIMIT,
  positionFor,
  type Session,
  sessionFor,
} from '../traffic-choices.ts';
import type { MixAction } from '../workloads.ts';
import { send } from './client.ts';
import { plan } from './plan.ts';

type Iteration = (session: Session, index: number) => void;

const ITERATIONS: Readonly<Record<MixAction, Iteration>> = {
  'browse bookings': browseBookings,
  'create bookings': createBooking,
  'driver positions': (session, index) => {
    const position = positionFor(plan, driverFor(plan, session, index), index);
    send(ENDPOINTS.setLocation, position, session.token);
  },
  'driver availability': confirmAvailability,
  'read assignments': ({ token }) => {
    send(ENDPOINTS.listAssignments, { status: 'completed', limit: PAGE_LIMIT }, token);
  },
};

export function runMixIteration(action: MixAction, sessions: readonly Session[], index: number): void {
  ITERATIONS[action](sessionFor(plan, sessions, index), index);
}

function browseBookings({ token }: Session, index: number): void {
  const page = { date: browseDayFor(plan, index), limit: PAGE_LIMIT };
  const answer = send(ENDPOINTS.listBookings, page, token) as { items: { id: number }[] } | null;
  const booking = answer?.items[index % answer.items.length];
  if (booking !== undefined) send(ENDPOINTS.readBooking, { id: booking.id }, token);
}

function createBooking(session: Session, index: number): void {
  const draft = bookingDraftFor(plan, session, index);
  const booking = send(ENDPOINTS.createBooking, draft, session.token) as { id: number } | null;
  if (booking !== null) {
    send(ENDPOINTS.changeBooking, { id: booking.id, notes: 'changed by load traffic' }, session.token);
  }
}

function confirmAvailability(session: Session, index: number): void {
  const answer = send(ENDPOINTS.listDrivers, { available: true, limit: 50 }, session.token);
  if (answer === null) return;
  const { id, isAvailable } = driverFor(plan, session, index);
  send(ENDPOINTS.setAvailability, { id, isAvailable }, session.token);
}

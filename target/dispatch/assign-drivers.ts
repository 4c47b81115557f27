import { type Place, toSpherePoint } from './distance.ts';
import {
  type AvailableDriver,
  addTrip,
  type DriverDay,
  fitTrip,
  hasRoomFor,
  openDriverDay,
  type Trip,
  type TripRequest,
} from './driver-day.ts';
import { DISPATCH_RULES, type DispatchRules, drivingMs, minutesToMs } from './rules.ts';

/** A booking that waits for a driver. */
export interface OpenBooking {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly scheduledAtMs: number;
  readonly passengers: number;
  readonly needsWheelchair: boolean;
  readonly pickup: Place;
  readonly dropoff: Place;
  /** Road distance from pickup to destination, in metres. */
  readonly distanceM: number;
  /** Drivers who declined this booking before. */
  readonly refusedByDriverIds: readonly number[];
}

/** Everything a decision is made from. The order of the arrays has no meaning. */
export interface DispatchInput {
  readonly dayStartMs: number;
  readonly bookings: readonly OpenBooking[];
  readonly drivers: readonly AvailableDriver[];
}

export interface PlannedAssignment {
  readonly bookingId: number;
  readonly driverId: number;
  /** Position in the driver's day, from 1, trips of earlier dispatches included. */
  readonly sequence: number;
  readonly plannedPickupAtMs: number;
  readonly plannedDropoffAtMs: number;
  /** Empty metres from the driver's previous place to the pickup, whole metres. */
  readonly approachM: number;
}

export interface DispatchPlan {
  /** By scheduled time of the booking, then by its id. */
  readonly assignments: readonly PlannedAssignment[];
  /** Bookings no available driver can make; same order. */
  readonly unassignedBookingIds: readonly number[];
}

/**
 * Decides who drives whom on one service day. Bookings are taken in the order of the day; each goes to the driver
 * who can make it at the least cost: empty metres, plus a charge for recent assignments and for trips today, so that
 * work is shared. Ties go to the lower driver id.
 *
 * A function of its input alone: equal input in any order gives the equal plan. Greedy, bookings × drivers steps.
 */
export function assignDrivers(input: DispatchInput, rules: DispatchRules = DISPATCH_RULES): DispatchPlan {
  const bookings = [...input.bookings].sort((a, b) => a.scheduledAtMs - b.scheduledAtMs || a.id - b.id);
  const days = [...input.drivers]
    .sort((a, b) => a.id - b.id)
    .map((driver) => openDriverDay(driver, input.dayStartMs));
  const driverDayOf = new Map<number, DriverDay>();
  for (const booking of bookings) {
    const request = toRequest(booking, rules);
    const choice = cheapestTrip(days, request, new Set(booking.refusedByDriverIds), rules);
    if (!choice) continue;
    addTrip(choice.day, choice.trip, request.latestPickupMs);
    driverDayOf.set(booking.id, choice.day);
  }
  return toPlan(bookings, driverDayOf);
}

function toRequest(booking: OpenBooking, rules: DispatchRules): TripRequest {
  const windowMs = minutesToMs(rules.windowMinutes);
  return {
    bookingId: booking.id,
    passengers: booking.passengers,
    needsWheelchair: booking.needsWheelchair,
    earliestPickupMs: booking.scheduledAtMs - windowMs,
    latestPickupMs: booking.scheduledAtMs + windowMs,
    rideMs: minutesToMs(rules.serviceMinutes) + drivingMs(booking.distanceM, rules),
    pickup: toSpherePoint(booking.pickup),
    dropoff: toSpherePoint(booking.dropoff),
  };
}

function cheapestTrip(
  days: readonly DriverDay[],
  request: TripRequest,
  refusedBy: ReadonlySet<number>,
  rules: DispatchRules,
): { day: DriverDay; trip: Trip } | null {
  let best: { day: DriverDay; trip: Trip } | null = null;
  let bestCostM = Number.POSITIVE_INFINITY;
  for (const day of days) {
    const fairnessM = fairnessCostM(day, rules);
    // The approach only adds to it, so this driver cannot win; saves most of the trigonometry.
    if (fairnessM >= bestCostM) continue;
    if (!hasRoomFor(day.driver, request) || refusedBy.has(day.driver.id)) continue;
    const trip = fitTrip(day, request, rules);
    if (!trip || fairnessM + trip.approachM >= bestCostM) continue;
    best = { day, trip };
    bestCostM = fairnessM + trip.approachM;
  }
  return best;
}

function fairnessCostM(day: DriverDay, rules: DispatchRules): number {
  return day.driver.recentAssignments * rules.recentAssignmentCostM + day.trips.length * rules.todayTripCostM;
}

/** Positions are only known at the end: a later booking can still be placed between two trips. */
function toPlan(bookings: readonly OpenBooking[], driverDayOf: ReadonlyMap<number, DriverDay>): DispatchPlan {
  const planned = new Map<number, PlannedAssignment>();
  for (const day of new Set(driverDayOf.values())) {
    for (const [index, trip] of day.trips.entries()) {
      if (trip.bookingId === null) continue;
      planned.set(trip.bookingId, {
        bookingId: trip.bookingId,
        driverId: day.driver.id,
        sequence: index + 1,
        plannedPickupAtMs: trip.pickupAtMs,
        plannedDropoffAtMs: trip.dropoffAtMs,
        approachM: trip.approachM,
      });
    }
  }
  return {
    assignments: bookings.flatMap((booking) => planned.get(booking.id) ?? []),
    unassignedBookingIds: bookings.filter(({ id }) => !planned.has(id)).map(({ id }) => id),
  };
}

import { haversineM, type Place, type SpherePoint, toSpherePoint } from './distance.ts';
import { type DispatchRules, drivingMs, minutesToMs, toRoadM } from './rules.ts';

/** A trip that a driver already has on the service day. */
export interface CommittedTrip {
  readonly pickupAtMs: number;
  readonly dropoffAtMs: number;
  readonly pickup: Place;
  readonly dropoff: Place;
}

/** A driver who may be sent today. Times are milliseconds since the epoch, minutes count from the day's start. */
export interface AvailableDriver {
  readonly id: number;
  readonly seats: number;
  readonly takesWheelchair: boolean;
  readonly shiftStartMinute: number;
  readonly shiftEndMinute: number;
  /** Where the shift begins. The live position is left out: a plan for a day must not depend on it. */
  readonly home: Place;
  /** Assignments in the 28 days before the service day. */
  readonly recentAssignments: number;
  readonly committedTrips: readonly CommittedTrip[];
}

/** One trip in a driver's day. */
export interface Trip {
  /** null for a trip that was committed before this dispatch. */
  readonly bookingId: number | null;
  readonly pickupAtMs: number;
  readonly dropoffAtMs: number;
  /** Whole metres. */
  readonly approachM: number;
  readonly pickup: SpherePoint;
  readonly dropoff: SpherePoint;
}

/** What a booking asks of any driver, computed once for all of them. */
export interface TripRequest {
  readonly bookingId: number;
  readonly passengers: number;
  readonly needsWheelchair: boolean;
  readonly earliestPickupMs: number;
  readonly latestPickupMs: number;
  /** From the pickup stop to the arrival at the destination, boarding included. */
  readonly rideMs: number;
  readonly pickup: SpherePoint;
  readonly dropoff: SpherePoint;
}

/** The plan of one driver, grown trip by trip. */
export interface DriverDay {
  readonly driver: AvailableDriver;
  readonly home: SpherePoint;
  readonly shiftStartMs: number;
  readonly shiftEndMs: number;
  /** By pickup time. */
  readonly trips: Trip[];
}

export function openDriverDay(driver: AvailableDriver, dayStartMs: number): DriverDay {
  const trips = driver.committedTrips.map((trip) => ({
    bookingId: null,
    pickupAtMs: trip.pickupAtMs,
    dropoffAtMs: trip.dropoffAtMs,
    approachM: 0,
    pickup: toSpherePoint(trip.pickup),
    dropoff: toSpherePoint(trip.dropoff),
  }));
  return {
    driver,
    home: toSpherePoint(driver.home),
    shiftStartMs: dayStartMs + minutesToMs(driver.shiftStartMinute),
    shiftEndMs: dayStartMs + minutesToMs(driver.shiftEndMinute),
    // Two committed trips may begin together (a person planned them by hand); the end decides which comes last.
    trips: trips.sort((a, b) => a.pickupAtMs - b.pickupAtMs || a.dropoffAtMs - b.dropoffAtMs),
  };
}

/** Whether the vehicle can carry the party at all. */
export function hasRoomFor(driver: AvailableDriver, request: TripRequest): boolean {
  return driver.seats >= request.passengers && (driver.takesWheelchair || !request.needsWheelchair);
}

/**
 * The trip as this driver would make it: after the last trip that begins before the window closes, as early as the
 * window and the way there allow. null when it does not fit between the neighbouring trips and into the shift.
 */
export function fitTrip(day: DriverDay, request: TripRequest, rules: DispatchRules): Trip | null {
  const index = insertionIndex(day.trips, request.latestPickupMs);
  const previous = day.trips[index - 1];
  const serviceMs = minutesToMs(rules.serviceMinutes);
  const freeAtMs = previous ? previous.dropoffAtMs + serviceMs : day.shiftStartMs;
  if (freeAtMs > request.latestPickupMs) return null;

  const approachM = toRoadM(haversineM(previous ? previous.dropoff : day.home, request.pickup), rules);
  const arrivalMs = Math.max(freeAtMs, day.shiftStartMs) + drivingMs(approachM, rules);
  const pickupAtMs = Math.max(request.earliestPickupMs, arrivalMs);
  if (pickupAtMs > request.latestPickupMs) return null;

  const dropoffAtMs = pickupAtMs + request.rideMs;
  const endMs = dropoffAtMs + serviceMs;
  if (endMs > day.shiftEndMs || !reachesInTime(endMs, request, day.trips[index], rules)) return null;
  const { bookingId, pickup, dropoff } = request;
  return { bookingId, pickupAtMs, dropoffAtMs, approachM, pickup, dropoff };
}

export function addTrip(day: DriverDay, trip: Trip, latestPickupMs: number): void {
  day.trips.splice(insertionIndex(day.trips, latestPickupMs), 0, trip);
}

/** Looks from the end: bookings are placed in the order of the day, so the gap is nearly always the last one. */
function insertionIndex(trips: readonly Trip[], latestPickupMs: number): number {
  for (let index = trips.length; index > 0; index--) {
    const before = trips[index - 1];
    if (before && before.pickupAtMs <= latestPickupMs) return index;
  }
  return 0;
}

function reachesInTime(
  endMs: number,
  request: TripRequest,
  next: Trip | undefined,
  rules: DispatchRules,
): boolean {
  if (!next) return true;
  const approachM = toRoadM(haversineM(request.dropoff, next.pickup), rules);
  return endMs + drivingMs(approachM, rules) <= next.pickupAtMs;
}

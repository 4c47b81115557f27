import type { OpenBooking } from '../dispatch/assign-drivers.ts';
import type { AvailableDriver, CommittedTrip } from '../dispatch/driver-day.ts';
import { DAY_MS, dayBounds } from '../service-day.ts';

export interface OpenBookingRow {
  readonly id: number;
  readonly client_id: number;
  readonly scheduled_time: Date;
  readonly passengers: number;
  readonly pickup_lat: number;
  readonly pickup_lon: number;
  readonly dropoff_lat: number;
  readonly dropoff_lon: number;
  readonly distance_m: number;
}

/** An assignment that a booking had before. */
export interface EarlierAssignmentRow {
  readonly booking_id: number;
  readonly driver_id: number;
  readonly status: string;
}

export interface AvailableDriverRow {
  readonly id: number;
  readonly seats: number;
  readonly takes_wheelchair: boolean;
  readonly shift_start_minute: number;
  readonly shift_end_minute: number;
  readonly home_lat: number;
  readonly home_lon: number;
}

/** A booking that a driver has on the service day already. */
export interface TakenBookingRow {
  readonly id: number;
  readonly driver_id: number;
  readonly pickup_lat: number;
  readonly pickup_lon: number;
  readonly dropoff_lat: number;
  readonly dropoff_lon: number;
}

/** The assignment that plans it. */
export interface LiveAssignmentRow {
  readonly booking_id: number;
  readonly planned_pickup_at: Date;
  readonly planned_dropoff_at: Date;
}

/** How far back fairness looks. */
const RECENT_DAYS = 28;

/** `[from, to)`: the days before the service day whose assignments count as recent. */
export function recentPeriod(day: string): { readonly from: Date; readonly to: Date } {
  const { start } = dayBounds(day);
  return { from: new Date(start.getTime() - RECENT_DAYS * DAY_MS), to: start };
}

export function toOpenBooking(
  row: OpenBookingRow,
  needsWheelchair: boolean,
  earlier: readonly EarlierAssignmentRow[],
): OpenBooking {
  return {
    id: row.id,
    scheduledAtMs: row.scheduled_time.getTime(),
    passengers: row.passengers,
    needsWheelchair,
    pickup: { lat: row.pickup_lat, lon: row.pickup_lon },
    dropoff: { lat: row.dropoff_lat, lon: row.dropoff_lon },
    distanceM: row.distance_m,
    refusedByDriverIds: earlier.filter(({ status }) => status === 'declined').map((row) => row.driver_id),
  };
}

export function toAvailableDriver(
  row: AvailableDriverRow,
  recentAssignments: number,
  committedTrips: readonly CommittedTrip[],
): AvailableDriver {
  return {
    id: row.id,
    seats: row.seats,
    takesWheelchair: row.takes_wheelchair,
    shiftStartMinute: row.shift_start_minute,
    shiftEndMinute: row.shift_end_minute,
    home: { lat: row.home_lat, lon: row.home_lon },
    recentAssignments,
    committedTrips,
  };
}

export function toCommittedTrip(booking: TakenBookingRow, planned: LiveAssignmentRow): CommittedTrip {
  return {
    pickupAtMs: planned.planned_pickup_at.getTime(),
    dropoffAtMs: planned.planned_dropoff_at.getTime(),
    pickup: { lat: booking.pickup_lat, lon: booking.pickup_lon },
    dropoff: { lat: booking.dropoff_lat, lon: booking.dropoff_lon },
  };
}

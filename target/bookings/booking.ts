import { haversineM, type Place, toSpherePoint } from '../dispatch/distance.ts';
import { DISPATCH_RULES, toRoadM } from '../dispatch/rules.ts';

export const BOOKING_STATUSES = ['open', 'assigned', 'in_progress', 'completed', 'cancelled'] as const;
export type BookingStatus = (typeof BOOKING_STATUSES)[number];

/** What a person may make of a booking. Only a dispatch makes it `assigned`. */
const TRANSITIONS: Record<BookingStatus, readonly BookingStatus[]> = {
  open: ['cancelled'],
  assigned: ['open', 'in_progress', 'cancelled'],
  in_progress: ['completed', 'cancelled'],
  completed: [],
  cancelled: [],
};

export interface BookingRow {
  readonly id: number;
  readonly client_id: number;
  readonly driver_id: number | null;
  readonly status: BookingStatus;
  readonly scheduled_time: Date;
  readonly passengers: number;
  readonly pickup_address: string;
  readonly pickup_lat: number;
  readonly pickup_lon: number;
  readonly dropoff_address: string;
  readonly dropoff_lat: number;
  readonly dropoff_lon: number;
  readonly distance_m: number;
  readonly price_cents: number;
  readonly notes: string | null;
}

export interface ClientRow {
  readonly id: number;
  readonly full_name: string;
  readonly phone: string;
  readonly needs_wheelchair: boolean;
}

export interface LatestAssignmentRow {
  readonly id: number;
  readonly booking_id: number;
  readonly status: string;
  readonly driver_id: number;
  readonly created_at: Date;
}

/** The rows that belong to a booking and are shown with it. */
export interface BookingParts {
  readonly client: ClientRow;
  readonly driver: { readonly id: number; readonly full_name: string } | null;
  readonly latestAssignment: LatestAssignmentRow | null;
}

export interface AddressedPlace extends Place {
  readonly address: string;
}

/** A booking as the API shows it. Times are ISO 8601 in UTC, money is in cents, distances are in metres. */
export interface Booking {
  readonly id: number;
  readonly status: BookingStatus;
  readonly scheduledTime: string;
  readonly passengers: number;
  readonly pickup: AddressedPlace;
  readonly dropoff: AddressedPlace;
  readonly distanceM: number;
  readonly priceCents: number;
  readonly notes: string | null;
  readonly client: { id: number; fullName: string; phone: string; needsWheelchair: boolean };
  readonly driver: { id: number; fullName: string } | null;
  readonly latestAssignment: { id: number; status: string; driverId: number; createdAt: string } | null;
}

export function toBooking(row: BookingRow, { client, driver, latestAssignment }: BookingParts): Booking {
  return {
    id: row.id,
    status: row.status,
    scheduledTime: row.scheduled_time.toISOString(),
    passengers: row.passengers,
    pickup: { address: row.pickup_address, lat: row.pickup_lat, lon: row.pickup_lon },
    dropoff: { address: row.dropoff_address, lat: row.dropoff_lat, lon: row.dropoff_lon },
    distanceM: row.distance_m,
    priceCents: row.price_cents,
    notes: row.notes,
    client: {
      id: client.id,
      fullName: client.full_name,
      phone: client.phone,
      needsWheelchair: client.needs_wheelchair,
    },
    driver: driver && { id: driver.id, fullName: driver.full_name },
    latestAssignment: latestAssignment && {
      id: latestAssignment.id,
      status: latestAssignment.status,
      driverId: latestAssignment.driver_id,
      createdAt: latestAssignment.created_at.toISOString(),
    },
  };
}

/** Whether a person may change a booking from one status to another; keeping the status is always allowed. */
export function mayBecome(from: BookingStatus, to: BookingStatus): boolean {
  return from === to || TRANSITIONS[from].includes(to);
}

/** Road distance in metres between two places, estimated from the straight line; at least 1. */
export function roadDistanceM(pickup: Place, dropoff: Place): number {
  const straightM = haversineM(toSpherePoint(pickup), toSpherePoint(dropoff));
  return Math.max(1, toRoadM(straightM, DISPATCH_RULES));
}

const BASE_FARE_CENTS = 350;
const FARE_CENTS_PER_KM = 180;

export function fareCents(distanceM: number): number {
  return BASE_FARE_CENTS + Math.round((distanceM / 1_000) * FARE_CENTS_PER_KM);
}

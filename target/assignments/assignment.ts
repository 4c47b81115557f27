import type { BookingStatus } from '../bookings/booking.ts';

export const ASSIGNMENT_STATUSES = ['proposed', 'accepted', 'declined', 'completed', 'cancelled'] as const;
export type AssignmentStatus = (typeof ASSIGNMENT_STATUSES)[number];

/** A driver answers a proposal once; what has ended stays ended. */
const TRANSITIONS: Record<AssignmentStatus, readonly AssignmentStatus[]> = {
  proposed: ['accepted', 'declined', 'cancelled'],
  accepted: ['completed', 'declined', 'cancelled'],
  declined: [],
  completed: [],
  cancelled: [],
};

export interface AssignmentRow {
  readonly id: number;
  readonly dispatch_run_id: number;
  readonly booking_id: number;
  readonly driver_id: number;
  readonly status: AssignmentStatus;
  readonly sequence: number;
  readonly planned_pickup_at: Date;
  readonly planned_dropoff_at: Date;
  readonly approach_m: number;
}

export interface AssignedBookingRow {
  readonly id: number;
  readonly scheduled_time: Date;
  readonly pickup_address: string;
  readonly dropoff_address: string;
  readonly status: BookingStatus;
}

export interface AssignedDriverRow {
  readonly id: number;
  readonly full_name: string;
  readonly phone: string;
}

/** An assignment as the API shows it. Times are ISO 8601 in UTC, distances are in metres. */
export interface Assignment {
  readonly id: number;
  readonly runId: number;
  readonly status: AssignmentStatus;
  readonly sequence: number;
  readonly plannedPickupAt: string;
  readonly plannedDropoffAt: string;
  readonly approachM: number;
  readonly booking: {
    id: number;
    scheduledTime: string;
    pickupAddress: string;
    dropoffAddress: string;
    status: BookingStatus;
  };
  readonly driver: { id: number; fullName: string; phone: string };
}

export function toAssignment(
  row: AssignmentRow,
  booking: AssignedBookingRow,
  driver: AssignedDriverRow,
): Assignment {
  return {
    id: row.id,
    runId: row.dispatch_run_id,
    status: row.status,
    sequence: row.sequence,
    plannedPickupAt: row.planned_pickup_at.toISOString(),
    plannedDropoffAt: row.planned_dropoff_at.toISOString(),
    approachM: row.approach_m,
    booking: {
      id: booking.id,
      scheduledTime: booking.scheduled_time.toISOString(),
      pickupAddress: booking.pickup_address,
      dropoffAddress: booking.dropoff_address,
      status: booking.status,
    },
    driver: { id: driver.id, fullName: driver.full_name, phone: driver.phone },
  };
}

export function mayTurn(from: AssignmentStatus, to: AssignmentStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** What becomes of the booking when its assignment turns into `status`; null when it stays as it is. */
export function bookingStatusAfter(status: AssignmentStatus): BookingStatus | null {
  if (status === 'completed') return 'completed';
  return status === 'declined' || status === 'cancelled' ? 'open' : null;
}

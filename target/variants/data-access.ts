import type { Assignment, AssignmentRow } from '../assignments/assignment.ts';
import type { Booking, BookingRow } from '../bookings/booking.ts';
import type { Queryable } from '../database.ts';
import type { DispatchInput, PlannedAssignment } from '../dispatch/assign-drivers.ts';
import type { CompanyDay } from '../service-day.ts';
import type { VariantSwitches } from '../variants.ts';
import { applyInBulk } from './apply-bulk.ts';
import { applyRowByRow } from './apply-row-by-row.ts';
import { describeAssignmentsBatched, describeBookingsBatched } from './describe-batched.ts';
import { describeAssignmentsPerRow, describeBookingsPerRow } from './describe-per-row.ts';
import { loadDispatchBatched } from './load-dispatch-batched.ts';
import { loadDispatchPerRow } from './load-dispatch-per-row.ts';

/** Everything that differs between variants. Whatever the implementation, equal rows give equal answers. */
export interface DataAccess {
  /** Reads what a dispatch decides from. */
  loadDispatch(db: Queryable, companyDay: CompanyDay): Promise<DispatchInput>;
  /**
   * Writes assignments and gives their bookings to the drivers. A booking that is no longer open gets none.
   * `db` is one connection, outside a transaction.
   *
   * @returns how many were written
   */
  applyAssignments(db: Queryable, runId: number, planned: readonly PlannedAssignment[]): Promise<number>;
  /** Adds to bookings what the API shows with them; same order. */
  describeBookings(db: Queryable, rows: readonly BookingRow[]): Promise<Booking[]>;
  /** Adds to assignments what the API shows with them; same order. */
  describeAssignments(db: Queryable, rows: readonly AssignmentRow[]): Promise<Assignment[]>;
}

export function dataAccessFor(switches: VariantSwitches): DataAccess {
  const applyAssignments = switches.bulkApply ? applyInBulk : applyRowByRow;
  return switches.eagerLoading
    ? {
        loadDispatch: loadDispatchBatched,
        applyAssignments,
        describeBookings: describeBookingsBatched,
        describeAssignments: describeAssignmentsBatched,
      }
    : {
        loadDispatch: loadDispatchPerRow,
        applyAssignments,
        describeBookings: describeBookingsPerRow,
        describeAssignments: describeAssignmentsPerRow,
      };
}

import type { Queryable } from '../database.ts';
import type { DispatchInput } from '../dispatch/assign-drivers.ts';
import { readQuery } from '../queries/read-query.ts';
import { type CompanyDay, dayBounds } from '../service-day.ts';
import {
  type AvailableDriverRow,
  type CommittedTripRow,
  type EarlierAssignmentRow,
  type OpenBookingRow,
  recentPeriod,
  toAvailableDriver,
  toOpenBooking,
} from './dispatch-rows.ts';
import { groupBy } from './group-by.ts';

const OPEN_BOOKINGS = readQuery('open-bookings-with-clients');
const AVAILABLE_DRIVERS = readQuery('available-drivers-with-counts');
const TRIPS_OF_DRIVERS = readQuery('trips-of-drivers');

type BookingWithClientRow = OpenBookingRow & { readonly needs_wheelchair: boolean };
type DriverWithCountRow = AvailableDriverRow & { readonly recent_assignments: number };

/** Reads the same rows as the per-row way in four statements, however many bookings and drivers there are. */
export async function loadDispatchBatched(db: Queryable, companyDay: CompanyDay): Promise<DispatchInput> {
  const { companyId, day } = companyDay;
  const { start, end } = dayBounds(day);
  const recent = recentPeriod(day);
  const open = await db.query<BookingWithClientRow>(OPEN_BOOKINGS, [companyId, start, end]);
  const earlier = await db.query<EarlierAssignmentRow>(
    'SELECT booking_id, driver_id, status FROM assignment WHERE booking_id = ANY($1::bigint[])',
    [open.rows.map((row) => row.id)],
  );
  const available = await db.query<DriverWithCountRow>(AVAILABLE_DRIVERS, [
    companyId,
    recent.from,
    recent.to,
  ]);
  const driverIds = available.rows.map((row) => row.id);
  const trips = await db.query<CommittedTripRow>(TRIPS_OF_DRIVERS, [driverIds, start, end]);

  const earlierOf = groupBy(earlier.rows, (row) => row.booking_id);
  const tripsOf = groupBy(trips.rows, (row) => row.driver_id);
  return {
    dayStartMs: start.getTime(),
    bookings: open.rows.map((row) => toOpenBooking(row, row.needs_wheelchair, earlierOf(row.id))),
    drivers: available.rows.map((row) => toAvailableDriver(row, row.recent_assignments, tripsOf(row.id))),
  };
}

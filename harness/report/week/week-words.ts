import { countOf, formatCount } from '../../quantity.ts';
import type { LoadTestFact } from '../../week-record.ts';

/** "100 bookings a dispatch, 50 drivers, 100,000 past bookings" */
export function loadDatasetText({ openBookings, drivers, history }: LoadTestFact): string {
  return `${countOf(openBookings, 'booking')} a dispatch, ${countOf(drivers, 'driver')}, ${formatCount(history)} past bookings`;
}

import { countOf, formatCount } from '../quantity.ts';
import type { DatasetIdentity } from '../result.ts';

/** "100 bookings a dispatch", "50 drivers": what is known of it. Data of a size of its own says nothing. */
export function dispatchSizeWords({
  openBookingsPerDay,
  driversPerCompany,
}: Pick<DatasetIdentity, 'openBookingsPerDay' | 'driversPerCompany'>): string[] {
  return [
    ...(openBookingsPerDay === null ? [] : [`${countOf(openBookingsPerDay, 'booking')} a dispatch`]),
    ...(driversPerCompany === null ? [] : [countOf(driversPerCompany, 'driver')]),
  ];
}

/** "100,000 past bookings", or nothing. */
export function historyWords({ historyBookings }: Pick<DatasetIdentity, 'historyBookings'>): string[] {
  return historyBookings === null ? [] : [`${formatCount(historyBookings)} past bookings`];
}

/** "load: 100 bookings a dispatch, 50 drivers", or the name alone. */
export function namedSize(name: string, words: readonly string[]): string {
  return words.length === 0 ? name : `${name}: ${words.join(', ')}`;
}

import { type Booking, BookingSource } from './bookings.ts';
import { timestampText } from './calendar.ts';
import { copyField } from './copy-text.ts';
import type { Dataset } from './dataset.ts';
import { historyDays } from './history-days.ts';
import { NOTES } from './pools.ts';
import { openBookingCount } from './profiles.ts';
import { RowRandom } from './random.ts';
import { RouteSource } from './routes.ts';
import type { TableRows } from './table-rows.ts';

const COLUMNS = [
  ...['id', 'company_id', 'client_id', 'driver_id', 'status', 'scheduled_time', 'passengers'],
  ...['pickup_address', 'pickup_lat', 'pickup_lon', 'dropoff_address', 'dropoff_lat', 'dropoff_lon'],
  ...['distance_m', 'price_cents', 'notes', 'created_at', 'updated_at'],
];

const NOTES_PER_MILLE = 150;
const NOTE_TEXTS = NOTES.map(copyField);

/** Table `booking`: history by day, then the open bookings. */
export function bookingRows(dataset: Dataset): TableRows {
  const { shape } = dataset;
  return {
    table: 'booking',
    columns: COLUMNS,
    rowCount: () => shape.history + openBookingCount(shape),
    lines: () => bookingLines(dataset),
  };
}

function* bookingLines(dataset: Dataset): Generator<string> {
  const { shape } = dataset;
  const bookings = new BookingSource(dataset);
  const past = new DetailSource(dataset, 'history');
  for (const { day, first, count } of historyDays(shape)) {
    for (let index = first; index < first + count; index++) {
      yield bookingLine(bookings.historyBooking(index, day), past, index);
    }
  }
  const open = new DetailSource(dataset, 'open');
  const openCount = openBookingCount(shape);
  for (let index = 0; index < openCount; index++) {
    yield bookingLine(bookings.openBooking(index), open, index);
  }
}

/** The columns of a booking that no other table refers to. */
class DetailSource {
  readonly routes: RouteSource;
  private readonly notes: RowRandom;

  constructor(dataset: Dataset, part: 'history' | 'open') {
    this.routes = new RouteSource(dataset, part);
    this.notes = new RowRandom(dataset.shape.randomSeed, `booking-note/${part}`);
  }

  note(index: number): string {
    if (!this.notes.at(index).chance(NOTES_PER_MILLE)) return '\\N';
    return NOTE_TEXTS[this.notes.below(NOTE_TEXTS.length)] ?? '\\N';
  }
}

/** Written out, not through `copyLine`: the one encoder whose speed decides how long a load takes. */
function bookingLine(booking: Booking, details: DetailSource, index: number): string {
  const { companyId, distanceM } = booking;
  const who = `${booking.id}\t${companyId}\t${booking.clientId}\t${booking.driverId ?? '\\N'}\t${booking.status}`;
  const trip = `${timestampText(booking.scheduledMinute)}\t${booking.passengers}\t${details.routes.columns(index, companyId, distanceM)}`;
  const times = `${timestampText(booking.createdMinute)}\t${timestampText(booking.updatedMinute)}`;
  return `${who}\t${trip}\t${distanceM}\t${priceCents(distanceM)}\t${details.note(index)}\t${times}\n`;
}

/** 3.20 and 1.80 per kilometre, rounded to tens of cents. */
export function priceCents(distanceM: number): number {
  return 320 + 10 * Math.round((distanceM * 18) / 1_000);
}

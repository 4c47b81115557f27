import { type Booking, BookingSource } from './bookings.ts';
import { writeTimestamp } from './calendar.ts';
import { type CopyBuffer, encodeRows } from './copy-buffer.ts';
import { copyField } from './copy-text.ts';
import type { Dataset } from './dataset.ts';
import { historyDays } from './history-days.ts';
import { PieceTable } from './piece-table.ts';
import { NOTES } from './pools.ts';
import { openBookingCount } from './profiles.ts';
import { RowRandom } from './random.ts';
import { type Route, RouteSource, writeRoute } from './routes.ts';
import type { TableRows } from './table-rows.ts';

const COLUMNS = [
  ...['id', 'company_id', 'client_id', 'driver_id', 'status', 'scheduled_time', 'passengers'],
  ...['pickup_address', 'pickup_lat', 'pickup_lon', 'dropoff_address', 'dropoff_lat', 'dropoff_lon'],
  ...['distance_m', 'price_cents', 'notes', 'created_at', 'updated_at'],
];

const NOTES_PER_MILLE = 150;

/** A booking with the columns that no other table refers to. */
export interface BookingRow {
  readonly booking: Booking;
  readonly route: Route;
  /** Index into `NOTES`, or null. */
  readonly note: number | null;
}

/** Table `booking`: history by day, then the open bookings. */
export function bookingRows(dataset: Dataset): TableRows {
  return {
    table: 'booking',
    columns: COLUMNS,
    rowCount: () => dataset.shape.history + openBookingCount(dataset.shape),
    chunks: (chunkBytes) =>
      encodeRows(bookings(dataset), (row, out) => writeBooking(row, dataset, out), chunkBytes),
  };
}

export function* bookings(dataset: Dataset): Generator<BookingRow> {
  const { shape } = dataset;
  const source = new BookingSource(dataset);
  const past = new DetailSource(dataset, 'history');
  for (const { day, first, count } of historyDays(shape)) {
    for (let index = first; index < first + count; index++) {
      yield past.complete(index, source.historyBooking(index, day));
    }
  }
  const open = new DetailSource(dataset, 'open');
  const openCount = openBookingCount(shape);
  for (let index = 0; index < openCount; index++) yield open.complete(index, source.openBooking(index));
}

class DetailSource {
  private readonly routes: RouteSource;
  private readonly notes: RowRandom;

  constructor(dataset: Dataset, part: 'history' | 'open') {
    this.routes = new RouteSource(dataset, part);
    this.notes = new RowRandom(dataset.shape.randomSeed, `booking-note/${part}`);
  }

  complete(index: number, booking: Booking): BookingRow {
    return {
      booking,
      route: this.routes.route(index, booking.companyId, booking.distanceM),
      note: this.notes.at(index).chance(NOTES_PER_MILLE) ? this.notes.below(NOTES.length) : null,
    };
  }
}

const STATUS_PIECES = new PieceTable(['open', 'completed', 'cancelled']);
const STATUS_INDEX = { open: 0, completed: 1, cancelled: 2 } as const satisfies Record<
  Booking['status'],
  number
>;

/** The notes, and behind them NULL. */
const NOTE_PIECES = new PieceTable([...NOTES, null].map(copyField));
const NULL_NOTE = NOTES.length;

/** Written out by hand, not through `row`: the encoder whose speed decides how long a load takes. */
function writeBooking({ booking, route, note }: BookingRow, dataset: Dataset, out: CopyBuffer): void {
  out.integer(booking.id);
  out.tab();
  out.integer(booking.companyId);
  out.tab();
  out.integer(booking.clientId);
  out.tab();
  if (booking.driverId === null) out.piece(NOTE_PIECES, NULL_NOTE);
  else out.integer(booking.driverId);
  out.tab();
  out.piece(STATUS_PIECES, STATUS_INDEX[booking.status]);
  out.tab();
  writeTimestamp(booking.scheduledMinute, out);
  out.tab();
  out.integer(booking.passengers);
  out.tab();
  writeRoute(route, dataset, out);
  out.tab();
  out.integer(booking.distanceM);
  out.tab();
  out.integer(priceCents(booking.distanceM));
  out.tab();
  out.piece(NOTE_PIECES, note ?? NULL_NOTE);
  out.tab();
  writeTimestamp(booking.createdMinute, out);
  out.tab();
  writeTimestamp(booking.updatedMinute, out);
  out.endRow();
}

/** 3.20 and 1.80 per kilometre, rounded to tens of cents. */
export function priceCents(distanceM: number): number {
  return 320 + 10 * Math.round((distanceM * 18) / 1_000);
}

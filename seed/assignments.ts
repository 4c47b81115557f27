import { type Booking, BookingSource, tripMinutes } from './bookings.ts';
import { MINUTES_PER_DAY, writeTimestamp } from './calendar.ts';
import { type CopyBuffer, encodeRows } from './copy-buffer.ts';
import type { Dataset } from './dataset.ts';
import { dispatchMinute, dispatchRunId } from './dispatch-runs.ts';
import { logNormalTable } from './distributions.ts';
import { type HistoryDay, historyDays } from './history-days.ts';
import { PieceTable } from './piece-table.ts';
import { type DatasetShape, openBookingCount } from './profiles.ts';
import { RowRandom } from './random.ts';
import type { TableRows } from './table-rows.ts';

/** A past decision of a dispatch, still valid or not. */
export interface Assignment {
  readonly id: number;
  readonly booking: Booking;
  readonly runId: number;
  readonly driverId: number;
  readonly status: 'declined' | 'completed';
  /** Position in the driver's day, from 1. */
  readonly sequence: number;
  readonly approachM: number;
  readonly createdMinute: number;
  readonly updatedMinute: number;
}

const APPROACH_M = logNormalTable({ median: 1_900, sigma: 0.7, lowest: 50, highest: 25_000 }, 4_096);

/** A refusal comes ten minutes after the plan, the next driver is found another ten later. */
const REFUSED_AFTER_MINUTES = 10;
const REPLACED_AFTER_MINUTES = 20;

/** `sequence` is a smallint; only a dataset with thousands of trips per driver and day comes near its end. */
const MAX_SEQUENCE = 32_767;

/**
 * Table `assignment`, run by run as dispatches write it: of each completed booking the assignment that was driven, for
 * a few of them a declined one before it, and at the end the refusals of open bookings, which the run of the last past
 * day had offered too early.
 */
export function assignmentRows(dataset: Dataset): TableRows {
  return {
    table: 'assignment',
    columns: [
      ...['id', 'dispatch_run_id', 'booking_id', 'driver_id', 'status', 'sequence'],
      ...['planned_pickup_at', 'planned_dropoff_at', 'approach_m', 'created_at', 'updated_at'],
    ],
    rowCount: () => countAssignments(dataset),
    chunks: (chunkBytes) => encodeRows(assignments(dataset), writeAssignment, chunkBytes),
  };
}

function countAssignments(dataset: Dataset): number {
  const bookings = new BookingSource(dataset);
  let count = 0;
  for (const { day, first, count: bookingCount } of historyDays(dataset.shape)) {
    for (let index = first; index < first + bookingCount; index++) {
      const { status, refusedBy } = bookings.historyBooking(index, day);
      if (status === 'completed') count += refusedBy === null ? 1 : 2;
    }
  }
  const openCount = openBookingCount(dataset.shape);
  for (let index = 0; index < openCount; index++) {
    if (bookings.openBooking(index).refusedBy !== null) count += 1;
  }
  return count;
}

/** Every assignment in the order of the table. */
export function* assignments(dataset: Dataset): Generator<Assignment> {
  const { shape } = dataset;
  const bookings = new BookingSource(dataset);
  const planner = new PastPlanner(dataset);
  for (const historyDay of historyDays(shape)) {
    planner.beginDay(historyDay.day);
    for (const index of planningOrder(bookings, historyDay)) {
      const booking = bookings.historyBooking(index, historyDay.day);
      if (booking.refusedBy !== null) yield planner.declined(booking, booking.refusedBy);
      if (booking.driverId !== null) yield planner.completed(booking, booking.driverId);
    }
  }
  // The last past day's runs are the latest there are.
  const openCount = openBookingCount(shape);
  for (let index = 0; index < openCount; index++) {
    const booking = bookings.openBooking(index);
    if (booking.refusedBy !== null) yield planner.declined(booking, booking.refusedBy);
  }
}

/** The day's bookings company by company, each in the order of the day. */
function* planningOrder(bookings: BookingSource, { day, first, count }: HistoryDay): Generator<number> {
  const keys = new Float64Array(count);
  for (let offset = 0; offset < count; offset++) {
    const { companyId, scheduledMinute } = bookings.historyBooking(first + offset, day);
    const minuteOfDay = scheduledMinute - day * MINUTES_PER_DAY;
    // Company, minute and booking in one number: typed arrays sort fast without a comparison function. Below 2^53.
    keys[offset] = (companyId * MINUTES_PER_DAY + minuteOfDay) * count + offset;
  }
  for (const key of keys.sort()) yield first + (key % count);
}

/** Turns past bookings into what the dispatch of their day had written. */
class PastPlanner {
  private readonly shape: DatasetShape;
  private readonly random: RowRandom;
  /** Trips so far of each driver on the current day, by driver id. */
  private readonly trips: Uint16Array;
  private day = 0;
  private lastId = 0;

  constructor({ shape }: Dataset) {
    this.shape = shape;
    this.random = new RowRandom(shape.randomSeed, 'assignment');
    this.trips = new Uint16Array(shape.companies * shape.drivers + 1);
  }

  beginDay(day: number): void {
    this.day = day;
    this.trips.fill(0);
  }

  completed(booking: Booking, driverId: number): Assignment {
    const sequence = this.nextSequence(driverId);
    this.trips[driverId] = sequence;
    return {
      id: this.nextId(),
      booking,
      runId: dispatchRunId(this.shape, booking.companyId, this.day),
      driverId,
      status: 'completed',
      sequence,
      approachM: this.approachM(booking),
      createdMinute: this.runMinute(booking) + (booking.refusedBy === null ? 0 : REPLACED_AFTER_MINUTES),
      updatedMinute: booking.updatedMinute,
    };
  }

  /** A refused trip does not count in the driver's day. An open booking may have joined the run after it had begun. */
  declined(booking: Booking, driverId: number): Assignment {
    const createdMinute = Math.max(this.runMinute(booking), booking.createdMinute + 1);
    return {
      id: this.nextId(),
      booking,
      runId: dispatchRunId(this.shape, booking.companyId, this.day),
      driverId,
      status: 'declined',
      sequence: this.nextSequence(driverId),
      approachM: this.approachM(booking),
      createdMinute,
      updatedMinute: createdMinute + REFUSED_AFTER_MINUTES,
    };
  }

  private approachM(booking: Booking): number {
    return this.random.at(booking.id).pick(APPROACH_M);
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  private nextSequence(driverId: number): number {
    return Math.min(MAX_SEQUENCE, (this.trips[driverId] ?? 0) + 1);
  }

  private runMinute(booking: Booking): number {
    return dispatchMinute(booking.companyId, this.day);
  }
}

const STATUS_PIECES = new PieceTable(['declined', 'completed']);
const STATUS_INDEX = { declined: 0, completed: 1 } as const satisfies Record<Assignment['status'], number>;

/** Written out by hand for speed, as bookings are. */
function writeAssignment(assignment: Assignment, out: CopyBuffer): void {
  const { booking } = assignment;
  out.integer(assignment.id);
  out.tab();
  out.integer(assignment.runId);
  out.tab();
  out.integer(booking.id);
  out.tab();
  out.integer(assignment.driverId);
  out.tab();
  out.piece(STATUS_PIECES, STATUS_INDEX[assignment.status]);
  out.tab();
  out.integer(assignment.sequence);
  out.tab();
  writeTimestamp(booking.scheduledMinute, out);
  out.tab();
  writeTimestamp(booking.scheduledMinute + tripMinutes(booking.distanceM), out);
  out.tab();
  out.integer(assignment.approachM);
  out.tab();
  writeTimestamp(assignment.createdMinute, out);
  out.tab();
  writeTimestamp(assignment.updatedMinute, out);
  out.endRow();
}

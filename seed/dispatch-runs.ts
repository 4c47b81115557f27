import { BookingSource, DISPATCH_HOUR } from './bookings.ts';
import { dayText, HISTORY_DAYS, MINUTES_PER_DAY, timestampText } from './calendar.ts';
import { type CopyBuffer, encodeRows } from './copy-buffer.ts';
import type { Dataset } from './dataset.ts';
import { historyDays } from './history-days.ts';
import type { DatasetShape } from './profiles.ts';
import type { TableRows } from './table-rows.ts';
import { dispatcherIdOf } from './users.ts';

/** One past dispatch per company and day of history, also of a company that had no bookings that day. */
export function dispatchRunId(shape: DatasetShape, companyId: number, day: number): number {
  return (day + HISTORY_DAYS) * shape.companies + companyId;
}

/** When the company's dispatch for a day began: the evening before, one company after the other. */
export function dispatchMinute(companyId: number, day: number): number {
  return (day - 1) * MINUTES_PER_DAY + DISPATCH_HOUR * 60 + (companyId % 60);
}

/** A past dispatch. A booking without a driver was one it could not place; that was then cancelled. */
export interface PastRun {
  readonly companyId: number;
  /** Its service day, counted from the first open day. */
  readonly day: number;
  readonly offered: number;
  readonly assigned: number;
}

/** Table `dispatch_run`, by day. Nobody timed these runs, so the phase columns stay NULL. */
export function dispatchRunRows(dataset: Dataset): TableRows {
  const { shape } = dataset;
  return {
    table: 'dispatch_run',
    columns: [
      ...['id', 'company_id', 'service_day', 'status', 'requested_by'],
      ...['bookings_offered', 'assigned_count', 'unassigned_count', 'created_at', 'finished_at'],
    ],
    rowCount: () => HISTORY_DAYS * shape.companies,
    chunks: (chunkBytes) =>
      encodeRows(pastRuns(dataset), (run, out) => writeRun(shape, run, out), chunkBytes),
  };
}

export function* pastRuns(dataset: Dataset): Generator<PastRun> {
  const { shape } = dataset;
  const bookings = new BookingSource(dataset);
  const offered = new Uint32Array(shape.companies + 1);
  const assigned = new Uint32Array(shape.companies + 1);
  for (const { day, first, count } of historyDays(shape)) {
    offered.fill(0);
    assigned.fill(0);
    for (let index = first; index < first + count; index++) {
      const { companyId, status } = bookings.historyBooking(index, day);
      offered[companyId] = (offered[companyId] ?? 0) + 1;
      if (status === 'completed') assigned[companyId] = (assigned[companyId] ?? 0) + 1;
    }
    for (let companyId = 1; companyId <= shape.companies; companyId++) {
      yield { companyId, day, offered: offered[companyId] ?? 0, assigned: assigned[companyId] ?? 0 };
    }
  }
}

function writeRun(
  shape: DatasetShape,
  { companyId, day, offered, assigned }: PastRun,
  out: CopyBuffer,
): void {
  const startMinute = dispatchMinute(companyId, day);
  out.row([
    ...[
      dispatchRunId(shape, companyId, day),
      companyId,
      dayText(day),
      'completed',
      dispatcherIdOf(companyId),
    ],
    ...[offered, assigned, offered - assigned, timestampText(startMinute), timestampText(startMinute + 1)],
  ]);
}

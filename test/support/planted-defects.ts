import path from 'node:path';
import type { FindingKind } from '../../harness/profiling/finding.ts';
import type { Dimension } from '../../harness/profiling/growth-sample.ts';
import type { DefectName } from '../fixtures/planted/planted-access.ts';

/** One planted defect of the reference target and what is true of it, by its code. */
export interface PlantedDefect {
  readonly name: DefectName;
  /** The unit of work in which its slope is told. */
  readonly unit: string;
  /** Found in the text of the one statement that grows; of commits, in the COMMIT. */
  readonly statement: RegExp;
  readonly kind: FindingKind;
  /** Calls for each one of the dimension. */
  readonly slope: number;
  readonly dimension: Dimension;
  /** Why the slope is that. */
  readonly because: string;
  /** Defects that it cannot be without. */
  readonly brings?: readonly DefectName[];
}

const DISPATCH = 'dispatch';
const BOOKING_PAGE = 'GET /api/v1/bookings';
const ASSIGNMENT_PAGE = 'GET /api/v1/company_dispatch/assignments';

export const PLANTED_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'client-per-booking',
    unit: DISPATCH,
    statement: /FROM client WHERE id = \$/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'bookings',
    because: 'once for each open booking of the company-day, also when two have one client',
  },
  {
    name: 'earlier-assignments-per-booking',
    unit: DISPATCH,
    statement: /FROM assignment WHERE booking_id = \$ ORDER BY/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'bookings',
    because: 'once for each open booking of the company-day',
  },
  {
    name: 'recent-count-per-driver',
    unit: DISPATCH,
    statement: /FROM assignment WHERE driver_id = \$/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'drivers',
    because: 'once for each driver of the company who is available and active',
  },
  {
    name: 'trips-per-driver',
    unit: DISPATCH,
    statement: /FROM booking (AS )?b WHERE b\.driver_id = \$/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'drivers',
    because: 'once for each driver of the company who is available and active',
  },
  {
    name: 'plan-per-trip',
    unit: DISPATCH,
    statement: /planned_pickup_at.* FROM assignment WHERE booking_id = \$/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'trips',
    because:
      'once for each trip that a driver has that day: none in the first dispatch of a day, in the second what the first assigned',
  },
  {
    name: 'claim-per-assignment',
    unit: DISPATCH,
    statement: /^UPDATE booking/,
    kind: 'row-by-row-write',
    slope: 1,
    dimension: 'assignments',
    because: 'once for each assignment; nobody else takes a booking, so none is refused',
  },
  {
    name: 'insert-per-assignment',
    unit: DISPATCH,
    statement: /^INSERT INTO assignment/,
    kind: 'row-by-row-write',
    slope: 1,
    dimension: 'assignments',
    because: 'once for each assignment',
  },
  {
    name: 'commit-per-assignment',
    unit: DISPATCH,
    statement: /^COMMIT/,
    kind: 'commit-per-row',
    slope: 1,
    dimension: 'assignments',
    because:
      'a transaction for each assignment; it holds one UPDATE and one INSERT, which are row by row as well',
    brings: ['claim-per-assignment', 'insert-per-assignment'],
  },
  {
    name: 'page-client-per-booking',
    unit: BOOKING_PAGE,
    statement: /FROM client WHERE id = \$/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'items',
    because: 'once for each booking of the page, also when two have one client',
  },
  {
    name: 'page-driver-per-booking',
    unit: BOOKING_PAGE,
    statement: /FROM driver WHERE id = \$/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'items',
    because: 'once for each booking of the page that has a driver: all, because the day has been dispatched',
  },
  {
    name: 'page-latest-assignment-per-booking',
    unit: BOOKING_PAGE,
    statement: /FROM assignment WHERE booking_id = \$ ORDER BY .* LIMIT/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'items',
    because: 'once for each booking of the page',
  },
  {
    name: 'page-booking-per-assignment',
    unit: ASSIGNMENT_PAGE,
    statement: /FROM booking WHERE id = \$/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'items',
    because: 'once for each assignment of the page',
  },
  {
    name: 'page-driver-per-assignment',
    unit: ASSIGNMENT_PAGE,
    statement: /FROM driver WHERE id = \$/,
    kind: 'n-plus-one',
    slope: 1,
    dimension: 'items',
    because: 'once for each assignment of the page, also when two have one driver',
  },
];

/** Node's arguments for the reference service with this defect alone. */
export function plantedEntry(name: DefectName): readonly string[] {
  return [path.join(import.meta.dirname, '../fixtures/planted/planted-service.ts'), name];
}

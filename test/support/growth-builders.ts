/** Samples of growth as a tap would give them, from a rule that says what a statement does at given sizes. */
import type { Dimension, GrowthSample, StatementUse } from '../../harness/profiling/growth-sample.ts';

export type Sizes = GrowthSample['sizes'];

/** What one statement does at these sizes in this repeat. Left out: one row a call, all parameters different, 0.5 ms a call. */
export type StatementRule = (
  sizes: Sizes,
  repeat: number,
) => number | (Pick<StatementUse, 'calls'> & Partial<StatementUse>);

export interface GrowthShape {
  readonly statements: Readonly<Record<string, StatementRule>>;
  readonly commits?: (sizes: Sizes) => number;
  readonly unit?: string;
}

/** One size, and which dimension was varied to come to it. */
export interface Step {
  readonly varied: Dimension;
  readonly sizes: Sizes;
}

export const REPEATS = 3;

/** 8, 16, 32 and 64 bookings with 50 drivers; every booking is assigned. */
export const BOOKING_STEPS: readonly Step[] = [8, 16, 32, 64].map((bookings) => ({
  varied: 'bookings',
  sizes: { bookings, assignments: bookings, drivers: 50 },
}));

/** 6, 12, 25 and 50 drivers with 32 bookings. */
export const DRIVER_STEPS: readonly Step[] = [6, 12, 25, 50].map((drivers) => ({
  varied: 'drivers',
  sizes: { bookings: 32, assignments: 32, drivers },
}));

/** Three repeats of each step, smallest first. */
export function buildGrowth(shape: GrowthShape, steps: readonly Step[] = BOOKING_STEPS): GrowthSample[] {
  return steps.flatMap(({ varied, sizes }) =>
    Array.from({ length: REPEATS }, (_, repeat) => ({
      unit: shape.unit ?? 'dispatch',
      sample: `${varied} ${JSON.stringify(sizes)}`,
      varied,
      sizes,
      statements: Object.entries(shape.statements).map(([statement, rule]) =>
        useOf(statement, rule(sizes, repeat)),
      ),
      commits: shape.commits?.(sizes) ?? 0,
    })),
  );
}

function useOf(statement: string, use: ReturnType<StatementRule>): StatementUse {
  const given = typeof use === 'number' ? { calls: use } : use;
  return {
    statement,
    rows: given.calls,
    distinctParameters: given.calls,
    waitMs: given.calls * 0.5,
    ...given,
  };
}

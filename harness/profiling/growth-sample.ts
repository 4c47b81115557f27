import type { Waiting } from '../capture/waiting.ts';

/** What a unit of work grows with. Trips are what drivers have to do already on the day that is dispatched. */
export type Dimension = 'bookings' | 'assignments' | 'trips' | 'drivers' | 'companies' | 'items';

/** What one statement did in one unit of work. */
export interface StatementUse {
  /** Folded text: see `capture/statement-identity.ts`. */
  readonly statement: string;
  readonly calls: number;
  /** Rows returned or written, all calls together. */
  readonly rows: number;
  /** Different parameter lists among the calls; null where parameters were not seen (no tap). */
  readonly distinctParameters: number | null;
  /** Waiting for it as the service saw it, all calls together; null where only the database's counters were read. */
  readonly waitMs: number | null;
}

/**
 * One unit of work, a dispatch or one request for a page, of a known size. Runs with the same `sample` key are repeats: the
 * same work on another fresh clone.
 */
export interface GrowthSample {
  /** `dispatch`, or the endpoint: `GET /api/v1/bookings`. */
  readonly unit: string;
  /** Names the work done, for example `n=32 company 1 2026-03-02`: equal keys, equal work. */
  readonly sample: string;
  /** Which dimension was varied on purpose when this was measured. */
  readonly varied: Dimension;
  /** How many there were of everything that may matter: `{ bookings: 32, assignments: 31, drivers: 50 }`. */
  readonly sizes: Readonly<Partial<Record<Dimension, number>>>;
  readonly statements: readonly StatementUse[];
  /** Transactions that wrote and ended well: COMMIT of an explicit one, or a writing statement outside of one; null without a tap. */
  readonly commits: number | null;
}

/** The part of a sample that the tap has heard. */
export function heardUse({
  uses,
  transactionControl,
  commits,
}: Waiting): Pick<GrowthSample, 'statements' | 'commits'> {
  return { statements: [...uses, ...transactionControl], commits };
}

import { equalRows, type OfferRows } from './judge-dispatch.ts';
import { pause } from './pause.ts';
import type { Stillness } from './service-activity.ts';

export interface FinalRows {
  readonly rows: OfferRows;
  /** Of `performance.now()`: when rows were last seen to have changed after the dispatch was said to be complete. `null`: they had not. */
  readonly changedAt: number | null;
  /** Whether the statements of the service stopped. */
  readonly settled: boolean;
}

export interface FinalRowsOptions {
  readonly readRows: () => Promise<OfferRows>;
  readonly stillness: Stillness;
  /** Longest wait for statements to stop, counted anew whenever rows have changed. */
  readonly boundMs: number;
  /** No wait is longer than up to here, but for one look. Of `performance.now()`. */
  readonly deadlineAt: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/**
 * Reads the rows of an offer until nothing is open any more or the service has stopped working, then waits until it has stopped. An
 * answer may come before the work is committed: what counts is when the rows are there.
 */
export async function readFinalRows(options: FinalRowsOptions): Promise<FinalRows> {
  const { readRows, stillness, signal } = options;
  let rows = await readRows();
  let changedAt: number | null = null;
  const beganAt = performance.now();
  for (;;) {
    await pause(options.everyMs, signal);
    const isStill = await stillness.isStill();
    if (rows.open > 0) {
      const now = await readRows();
      if (!equalRows(now, rows)) changedAt = performance.now();
      rows = now;
    }
    if (isStill) return { rows, changedAt, settled: true };
    const boundAt = Math.min(
      (changedAt ?? beganAt) + options.boundMs,
      Math.max(options.deadlineAt, beganAt + options.everyMs),
    );
    if (performance.now() > boundAt) return { rows, changedAt, settled: false };
  }
}

import path from 'node:path';
import type { NightRecord } from '../night-record.ts';
import { countOf } from '../quantity.ts';
import { listResultIds } from '../store/read-results.ts';
import { thinSamples } from '../store/thinned-samples.ts';

export interface ThinnedNights {
  readonly freedBytes: number;
  /** Results that this call has thinned. */
  readonly thinned: readonly { readonly id: string; readonly bytes: number }[];
  /** Results of old nights that were left as they are: without an end record they may be under way, or be resumed. */
  readonly left: readonly string[];
}

/**
 * Removes the raw samples of nights older than the newest `keep`; verdicts, intervals, counters, charts and reports stay. A result that
 * no night names is never touched, nor one that a newer night names too, nor one without an end record. Interrupted, the next
 * call goes on.
 *
 * @param nights oldest first, see `readHistory`
 * @param keep whole number from 0
 * @throws HarnessError RESULT_WRITE_FAILED; RangeError for another `keep`
 */
export async function thinNights(
  resultsRoot: string,
  nights: readonly NightRecord[],
  keep: number,
): Promise<ThinnedNights> {
  const ids = thinnable(nights, keep);
  const thinned: { id: string; bytes: number }[] = [];
  const left: string[] = [];
  // Only folders that are there under the very name: a history is merged from elsewhere, and may name any path.
  for (const id of (await listResultIds(resultsRoot)).filter((one) => ids.has(one))) {
    const bytes = await thinSamples(
      path.join(resultsRoot, id),
      `older than the newest ${countOf(keep, 'night')}`,
    );
    if (bytes === null) left.push(id);
    else if (bytes > 0) thinned.push({ id, bytes });
  }
  return { freedBytes: thinned.reduce((sum, { bytes }) => sum + bytes, 0), thinned, left };
}

/** Ids of results that only nights older than the newest `keep` name. */
export function thinnable(nights: readonly NightRecord[], keep: number): ReadonlySet<string> {
  if (!Number.isInteger(keep) || keep < 0)
    throw new RangeError(`expected a whole number of nights from 0, got ${keep}`);
  const kept = new Set(nights.slice(Math.max(0, nights.length - keep)).flatMap(resultsOf));
  const older = nights.slice(0, Math.max(0, nights.length - keep)).flatMap(resultsOf);
  return new Set(older.filter((id) => !kept.has(id)));
}

function resultsOf({ scenarios }: NightRecord): string[] {
  return scenarios.flatMap(({ resultId, sinceLastNight }) =>
    [resultId, sinceLastNight?.resultId].flatMap((id) => id ?? []),
  );
}

import type { Transcript } from '../capture/transcript.ts';

/** One piece of work of a service and what it said to its database meanwhile. */
export interface WorkUnit {
  /** `dispatch`, or the request with the names of what it asks for: `GET /api/v1/bookings?date&limit`. */
  readonly unit: string;
  readonly transcript: Transcript;
}

/**
 * What a service does, in the order it did it, from the first statement on a clone to the last. Units of one name are
 * repeats: what they cost is told as their mean. When units are weighed against each other, each name counts once.
 */
export interface Workload {
  readonly units: readonly WorkUnit[];
}

/** How often each unit was done. */
export function unitCounts({ units }: Workload): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { unit } of units) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return counts;
}

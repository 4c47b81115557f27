import { createHash } from 'node:crypto';

/**
 * Hash of the structure of a JSON answer: names and types, not values. Lists count by the shapes of their members, so
 * that a page with other rows has the same shape.
 */
export function responseShapeHash(body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(shapeOf(body)))
    .digest('hex')
    .slice(0, 16);
}

function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))].sort();
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, shapeOf(item)])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

/** Members that are clock times, durations or ids that follow the order of writing. */
const DIFFERING = new Set(['createdAt', 'nextAfter', 'phases']);

/**
 * An answer without what legitimately differs between two services that did the same work: ids of assignments, which
 * follow the order of writing, clock times of writing, and how long the phases of a dispatch took. The assignments
 * themselves are compared row by row elsewhere.
 */
export function comparableAnswer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparableAnswer);
  if (value === null || typeof value !== 'object') return value;
  const isAssignment = 'driverId' in value || 'sequence' in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DIFFERING.has(key) && !(isAssignment && key === 'id'))
      .map(([key, item]): [string, unknown] => [key, comparableAnswer(item)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

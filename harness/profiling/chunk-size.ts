import type { SizedCalls } from './fit-line.ts';

/** Sizes of a batch that explain every call; equal ends when there is one only. */
export interface Chunk {
  readonly least: number;
  readonly most: number;
  /** Calls that come whatever the size. */
  readonly intercept: number;
}

/** Two rows a call are hardly a batch: they halve the calls and leave them growing. */
const SMALLEST = 3;

/**
 * The size of a batch when the calls are exactly `intercept + ceil(n / size)`, or, as for a page that has to be empty
 * before a reader knows the end, `intercept + floor(n / size) + 1`. Null when no size explains every call.
 */
export function findChunk(points: readonly SizedCalls[]): Chunk | null {
  return chunkOf(points, 0) ?? chunkOf(points, 1);
}

function chunkOf(points: readonly SizedCalls[], extra: 0 | 1): Chunk | null {
  const [first] = points;
  const largest = Math.max(...points.map(({ n }) => n));
  if (first === undefined || largest < SMALLEST) return null;
  const batches = (n: number, size: number) => Math.ceil((n + extra) / size);
  const explaining = Array.from({ length: largest - SMALLEST + 1 }, (_, index) => SMALLEST + index)
    .map((size) => ({ size, intercept: first.calls - batches(first.n, size) }))
    .filter(
      ({ size, intercept }) =>
        intercept >= 0 && points.every(({ n, calls }) => calls === intercept + batches(n, size)),
    );
  const [simplest] = explaining.toSorted((a, b) => a.intercept - b.intercept);
  if (simplest === undefined) return null;
  const sizes = explaining
    .filter(({ intercept }) => intercept === simplest.intercept)
    .map(({ size }) => size);
  return { least: Math.min(...sizes), most: Math.max(...sizes), intercept: simplest.intercept };
}

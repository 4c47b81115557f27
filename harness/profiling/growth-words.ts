import { countOf, formatCount } from '../quantity.ts';
import type { Dimension } from './growth-sample.ts';
import type { GrowthFit, GrowthPoint } from './judgement.ts';

const SINGULAR: Record<Dimension, string> = {
  bookings: 'booking',
  assignments: 'assignment',
  trips: 'trip',
  drivers: 'driver',
  companies: 'company',
  items: 'item',
};

export function oneOf(dimension: Dimension): string {
  return SINGULAR[dimension];
}

/** "64 bookings", "1 company" */
export function amountOf(count: number, dimension: Dimension): string {
  return countOf(count, SINGULAR[dimension], dimension);
}

/** A slope as it is read: "1", "0.97", "12". */
export function slopeText(slope: number): string {
  return String(Number(slope.toFixed(Math.abs(slope) < 10 ? 2 : 1)));
}

/** "2 + bookings + 0.5 × bookings × drivers", "0.5 × bookings² − 0.5 × bookings" */
export function formulaText({ intercept, terms }: GrowthFit): string {
  const sum = [
    ...(Math.abs(intercept) < 0.005 ? [] : [{ factor: '', slope: intercept }]),
    ...terms.map(({ of, slope }) => ({ factor: productText(of), slope })),
  ];
  return sum
    .filter(({ slope }) => slope !== 0)
    .toSorted((a, b) => Number(b.slope > 0) - Number(a.slope > 0))
    .map(({ factor, slope }, index) => signText(slope, index) + termText(Math.abs(slope), factor))
    .join('');
}

function productText(of: readonly Dimension[]): string {
  return of.length === 2 && of[0] === of[1] ? `${of[0]}²` : of.join(' × ');
}

function signText(slope: number, index: number): string {
  if (index === 0) return slope < 0 ? '−' : '';
  return slope < 0 ? ' − ' : ' + ';
}

function termText(slope: number, factor: string): string {
  if (factor === '') return slopeText(slope);
  return slope === 1 ? factor : `${slopeText(slope)} × ${factor}`;
}

/** Calls at each size: "8 → 8, 16 → 16, 32 → 31–32". One size with several samples is a range. */
export function pointsText(points: readonly GrowthPoint[], dimension: Dimension): string {
  const sizes = [...new Set(points.map(({ sizes }) => sizes[dimension] ?? 0))].toSorted((a, b) => a - b);
  return sizes
    .map((n) => {
      const calls = points.filter(({ sizes }) => sizes[dimension] === n).flatMap((point) => point.calls);
      return `${formatCount(n)} → ${rangeText(calls)}`;
    })
    .join(', ');
}

/** "31" or "30–32" */
export function rangeText(calls: readonly number[]): string {
  const [least, most] = [Math.min(...calls), Math.max(...calls)];
  return least === most ? formatCount(least) : `${formatCount(least)}–${formatCount(most)}`;
}

export function chunkText({ least, most }: { least: number; most: number }): string {
  return least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
}

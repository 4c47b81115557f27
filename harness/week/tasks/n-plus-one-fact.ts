import { mean } from 'simple-statistics';
import { DISPATCH_UNIT } from '../../capture/unit-of-work.ts';
import type { ProfileRecord } from '../../profile-record.ts';
import { amountOf } from '../../profiling/growth-words.ts';
import type { Dimension, Judgement } from '../../profiling/judgement.ts';
import type { NPlusOneFact } from '../../week-record.ts';

type Unit = NPlusOneFact['units'][number];
type Growth = ProfileRecord['growth'];

/** What was found in each unit of work that both profiles have measured, and what one of them asks of the database. */
export function nPlusOneUnits(before: Growth, after: Growth): Unit[] {
  const measured = new Set(after.units.map(({ unit }) => unit));
  return before.units
    .filter(({ unit }) => measured.has(unit))
    .map(({ unit }) => {
      const [asked, askedAfter] = [queriesAtLargest(before, unit), queriesAtLargest(after, unit)];
      return {
        unit,
        found: { before: foundIn(before, unit), after: foundIn(after, unit) },
        queries: { before: asked.queries, after: askedAfter.queries },
        size: amountOf(asked.size, asked.dimension),
      };
    });
}

function foundIn({ findings }: Growth, unit: string): number {
  return findings.filter((finding) => finding.unit === unit).length;
}

interface AtLargest {
  readonly dimension: Dimension;
  readonly size: number;
  readonly queries: number;
}

/**
 * Statements of one unit at its largest size, transaction control included: the sum over statements, each the mean of its repeats and
 * of the samples of that size. Only samples count that every statement was judged by: some rest on one sweep of several.
 */
function queriesAtLargest({ judgements }: Growth, unit: string): AtLargest {
  const dimension: Dimension = unit === DISPATCH_UNIT ? 'bookings' : 'items';
  const statements = judgements.filter((one) => one.unit === unit && one.statement !== null);
  const sizes = sharedSizes(statements, dimension);
  const size = sizes.length === 0 ? 0 : Math.max(...sizes);
  const queries = statements.map(({ points }) =>
    mean(points.filter((point) => point.sizes[dimension] === size).flatMap(({ calls }) => calls)),
  );
  return {
    dimension,
    size,
    queries: sizes.length === 0 ? 0 : queries.reduce((sum, calls) => sum + calls, 0),
  };
}

/** Sizes at which every statement was observed. */
function sharedSizes(statements: readonly Judgement[], dimension: Dimension): number[] {
  const sizesOf = ({ points }: Judgement) => new Set(points.flatMap(({ sizes }) => sizes[dimension] ?? []));
  const [first, ...others] = statements.map(sizesOf);
  return [...(first ?? [])].filter((size) => others.every((sizes) => sizes.has(size)));
}

import { countOf, formatCount, shortenPath } from '../../quantity.ts';
import type { NPlusOneFact } from '../../week-record.ts';
import type { Chart } from './chart.ts';
import { contextLine } from './context.ts';
import { drawDumbbells } from './dumbbells.ts';
import { variantStyles } from './palette.ts';

/** Queries of one of each unit of work, before and after. `null` when no unit was measured. */
export function queriesPerUnitChart({ units, before, after }: NPlusOneFact, context: string): Chart | null {
  if (units.length === 0) return null;
  const rows = units
    .toSorted((a, b) => b.queries.before - a.queries.before)
    .map(({ unit, size, queries }) => ({
      text: `${unit} (${size})`,
      before: { queries: queries.before },
      after: { queries: queries.after },
    }));
  return {
    name: 'queries-per-unit',
    finding: queriesFinding(units),
    context: contextLine(
      context,
      `${before.variant} against ${after.variant}`,
      'at the largest size measured',
    ),
    reading:
      'A row is one dispatch or one request, its two points are the statements of it before and after. The scale begins at 0 and is logarithmic.',
    draw: (widthPx) =>
      drawDumbbells(
        {
          rows,
          measures: [{ field: 'queries', title: 'Queries', unit: 'statements' }],
          styles: variantStyles([before.variant, after.variant]),
          baseline: before.variant,
          candidate: after.variant,
          label: shortenPath,
          everyRowOnAPhone: true,
        },
        widthPx,
      ),
  };
}

function queriesFinding(units: NPlusOneFact['units']): string {
  const found = units.reduce((sum, unit) => sum + unit.found.before, 0);
  const left = units.reduce((sum, unit) => sum + unit.found.after, 0);
  const most = units.toSorted((a, b) => b.queries.before - a.queries.before)[0];
  const queries = `${most?.unit} needs ${formatCount(most?.queries.after ?? 0)} queries instead of ${formatCount(most?.queries.before ?? 0)}`;
  if (found === 0) return `No N+1 was found; ${queries}`;
  return left === 0
    ? `All ${countOf(found, 'finding')} are gone: ${queries}`
    : `${formatCount(left)} of ${countOf(found, 'finding')} ${left === 1 ? 'is' : 'are'} left; ${queries}`;
}

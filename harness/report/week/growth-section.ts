import { formatCount, formatDuration } from '../../quantity.ts';
import type { GrowthPointFact, WeekGrowthFact } from '../../week-record.ts';
import type { Chart } from '../charts/chart.ts';
import { type Block, blocks, type Section, type Table, table, variantCell } from '../view/blocks.ts';
import { section } from './week-section.ts';

/** How time and queries of a dispatch grow with its bookings and with history. */
export function growthSection(growth: WeekGrowthFact | null, chart: Chart | null): Section {
  return section('growth', 'How it grows', {
    blocks: blocks(
      chart && { kind: 'chart', chart },
      growth && growthTable(growth.points),
      growth && leftOut(growth),
    ),
    missing: 'Growth was not measured.',
  });
}

function growthTable(points: readonly GrowthPointFact[]): Table | null {
  return table(
    'Dispatches alone, by size',
    ['Varied', 'Variant', 'Bookings', 'Drivers', 'Past bookings', 'Time', 'Queries', 'Blocks'],
    points.map((point) => [
      point.varied,
      variantCell(point.variant),
      formatCount(point.bookings),
      formatCount(point.drivers),
      formatCount(point.history),
      formatDuration(point.dispatchMs),
      formatCount(point.queries),
      formatCount(point.blocks),
    ]),
    { numericFrom: 2, folded: true },
  );
}

function leftOut({ notMeasured }: WeekGrowthFact): Block | null {
  return notMeasured.length === 0
    ? null
    : { kind: 'missing', text: `Not measured: ${notMeasured.join('; ')}` };
}

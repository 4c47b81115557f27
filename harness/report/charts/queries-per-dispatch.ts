import { formatCount } from '../../quantity.ts';
import type { DispatchSummary } from '../dispatch-summary.ts';
import { type Chart, isNarrow, labelColumnPx } from './chart.ts';
import { aloneText, contextLine } from './context.ts';
import type { VariantStyle } from './palette.ts';
import { themed, variantColour, variantColumnPx, variantRows } from './theme.ts';

export interface QueriesPerDispatchData {
  summaries: readonly DispatchSummary[];
  styles: ReadonlyMap<string, VariantStyle>;
  context: string;
  baseline: string;
  candidate: string;
}

/** Beyond this ratio of the longest to the shortest bar, the shortest would vanish on a linear axis. */
const LINEAR_UP_TO = 300;

/** Queries of one dispatch, counted alone. `null` when no variant was probed. */
export function queriesPerDispatchChart(data: QueriesPerDispatchData): Chart | null {
  const [first] = data.summaries;
  if (first === undefined) return null;
  const exact = data.summaries.every(({ queriesRange: [least, most] }) => least === most);
  return {
    name: 'queries-per-dispatch',
    finding: queriesFinding(data),
    context: contextLine(
      data.context,
      aloneText(data.summaries),
      exact ? 'all counts equal' : 'medians: counts differ between dispatches',
    ),
    reading: 'Statements the database executed for one dispatch, transaction control included.',
    draw: (widthPx) => drawBars(data, widthPx),
  };
}

function queriesFinding({ summaries, baseline, candidate }: QueriesPerDispatchData): string {
  const after = summaries.find((summary) => summary.variant === candidate);
  const before = summaries.find((summary) => summary.variant === baseline);
  const only = after ?? before ?? (summaries[0] as DispatchSummary);
  if (after === undefined || before === undefined || after === before) {
    return `${only.variant} needs ${formatCount(only.queries)} queries for a dispatch of ${formatCount(only.offered)} bookings`;
  }
  if (after.queries === before.queries) {
    return `${candidate} needs as many queries a dispatch as ${baseline}: ${formatCount(after.queries)}`;
  }
  return `${candidate} needs ${formatCount(after.queries)} queries a dispatch instead of ${formatCount(before.queries)}`;
}

function drawBars({ summaries, styles }: QueriesPerDispatchData, widthPx: number) {
  const most = Math.max(...summaries.map(({ queries }) => queries), 1);
  const least = Math.min(...summaries.map(({ queries }) => queries));
  const log = least > 0 && most / least > LINEAR_UP_TO;
  const narrow = isNarrow(widthPx);
  const values = summaries.map((summary) => ({
    variant: summary.variant,
    queries: summary.queries,
    label: barLabel(summary, narrow),
  }));
  const names = variantColumnPx(
    summaries.map(({ variant }) => variant),
    widthPx,
  );
  const labels = labelColumnPx(
    values.map(({ label }) => label),
    8.4,
  );
  const width = widthPx - 36 - names - labels;
  return themed(widthPx, {
    data: { values },
    width,
    height: { step: 44 },
    encoding: {
      y: variantRows(widthPx),
      x: {
        field: 'queries',
        type: 'quantitative',
        scale: log ? { type: 'log', domain: [1, most] } : { domain: [0, most], nice: true },
        axis: {
          title: `queries per dispatch${log ? ' (log scale)' : ''}`,
          tickCount: narrow ? 3 : 5,
          format: '~s',
        },
      },
    },
    layer: [
      {
        mark: { type: 'bar', cornerRadiusEnd: 3 },
        encoding: {
          color: variantColour(styles, null),
          ...(log ? { x2: { datum: 1 } } : {}),
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 12, fontWeight: 'bold' },
        encoding: { text: { field: 'label' } },
      },
    ],
  });
}

function barLabel({ queries, offered }: DispatchSummary, narrow: boolean): string {
  if (narrow || offered === 0) return formatCount(queries);
  return `${formatCount(queries)}  (${Number((queries / offered).toPrecision(2))} per booking)`;
}

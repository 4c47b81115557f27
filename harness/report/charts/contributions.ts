import type { TopLevelSpec } from 'vega-lite';
import { formatFactor } from '../../change.ts';
import { DURATION_AXIS_LABEL, formatDuration } from '../../quantity.ts';
import type { Contributions, OrderStep } from '../../week-record.ts';
import { factorRange, otherOrder, widestShare } from '../week/order-words.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { logAxis } from './log-ticks.ts';
import { INK, variantStyles } from './palette.ts';
import { panelTitle, themed } from './theme.ts';

type Order = Contributions['orders'][number];

/** The time of a dispatch from the first variant to the last, step by step, in two orders. `null` without an order. */
export function contributionsChart(contributions: Contributions, context: string): Chart | null {
  const [week] = contributions.orders;
  if (week === undefined || week.steps.length === 0) return null;
  const other = otherOrder(contributions);
  const orders = other === null ? [week] : [week, other];
  return {
    name: 'contributions',
    finding: contributionsFinding(contributions, week),
    context: contextLine(
      context,
      'time of a dispatch, medians of pairs',
      'log scale: equal lengths are equal factors',
    ),
    reading:
      'Each bar runs from the time before a step to the time after it, and the next begins there. The longer the bar, the larger the factor of that step. The second panel takes the same steps in another order: it ends at the same time, by bars of other lengths.',
    draw: (widthPx) => drawOrders(contributions, orders, widthPx),
  };
}

function contributionsFinding(contributions: Contributions, { steps }: Order): string {
  const [first, last] = [steps[0], steps.at(-1)];
  const whole = `${formatDuration(first?.beforeMs ?? 0)} → ${formatDuration(last?.afterMs ?? 0)} in ${steps.length} steps`;
  const widest = widestShare(contributions);
  if (widest === null || contributions.orders.length < 2) {
    const largest = steps.toSorted((a, b) => a.ratio - b.ratio)[0];
    return largest === undefined
      ? whole
      : `${whole}; ${largest.switch} gives most in this order: ${factorText(largest)}`;
  }
  return `${whole}; “${widest.switch}” alone ${factorRange(widest)}, by its place in the order`;
}

function factorText({ ratio }: OrderStep): string {
  return ratio <= 1 ? `${formatFactor(1 / ratio)} faster` : `${formatFactor(ratio)} slower`;
}

function drawOrders({ shares }: Contributions, orders: readonly Order[], widthPx: number): TopLevelSpec {
  const narrow = isNarrow(widthPx);
  const names = shares.map((share) => share.switch);
  const styles = variantStyles(names.length === 0 ? orders.flatMap(({ switches }) => switches) : names);
  const axis = logAxis(
    orders.flatMap(({ steps }) => steps.flatMap(({ beforeMs, afterMs }) => [beforeMs, afterMs])),
    narrow ? 4 : 8,
  );
  const width = narrow ? widthPx - 56 : widthPx - 36 - 130 - 170;
  return themed(widthPx, {
    vconcat: orders.map((order, index) => ({
      title: panelTitle(orderTitle(order, index, narrow)),
      width,
      height: { step: narrow ? 56 : 40 },
      data: { values: stepRows(order) },
      encoding: { y: { field: 'row', type: 'ordinal', axis: null, scale: { padding: 0.2 } } },
      layer: [
        {
          mark: { type: 'bar', height: narrow ? 14 : 20 },
          encoding: {
            x: timeChannel('afterMs', axis, index === orders.length - 1),
            x2: { field: 'beforeMs' },
            color: {
              field: 'switch',
              type: 'nominal',
              scale: {
                domain: [...styles.keys()],
                range: [...styles.values()].map(({ colour }) => colour.light),
              },
              legend: null,
            },
          },
        },
        {
          mark: { type: 'tick', color: INK.strong.light, thickness: 2, size: narrow ? 22 : 30, opacity: 1 },
          encoding: { x: timeChannel('afterMs', axis, index === orders.length - 1) },
        },
        ...(narrow ? narrowTexts(width) : wideTexts(width)),
      ],
    })),
  });
}

function orderTitle({ switches }: Order, index: number, narrow: boolean): string {
  const name = index === 0 ? 'The order of the week' : 'Another order';
  return narrow ? name : `${name}: ${switches.join(', then ')}`;
}

function stepRows({ steps }: Order): SpecPart[] {
  return steps.map((step, row) => ({
    row,
    switch: step.switch,
    label: `+ ${step.switch}`,
    beforeMs: step.beforeMs,
    afterMs: step.afterMs,
    factor: factorText(step),
    times: `${formatDuration(step.beforeMs)} → ${formatDuration(step.afterMs)}`,
  }));
}

function timeChannel(field: string, axis: ReturnType<typeof logAxis>, last: boolean): SpecPart {
  return {
    field,
    type: 'quantitative',
    scale: { type: 'log', domain: axis.domain, nice: false },
    axis: {
      title: last ? 'time of a dispatch (log scale)' : null,
      values: axis.ticks,
      labelExpr: DURATION_AXIS_LABEL,
    },
  };
}

function text(field: string, mark: SpecPart): SpecPart {
  return {
    mark: { type: 'text', baseline: 'middle', align: 'left', ...mark },
    encoding: { text: { field }, x: { value: 0 } },
  };
}

function wideTexts(width: number): SpecPart[] {
  return [
    text('label', { xOffset: -14, align: 'right', fontSize: 12 }),
    text('factor', { xOffset: width + 16, dy: -8, fontSize: 12, fontWeight: 'bold' }),
    text('times', { xOffset: width + 16, dy: 8, color: INK.soft.light }),
  ];
}

function narrowTexts(width: number): SpecPart[] {
  return [
    text('label', { dy: -18 }),
    text('factor', { xOffset: width, dy: -18, align: 'right', fontWeight: 'bold' }),
    text('times', { dy: 17, color: INK.soft.light }),
  ];
}

import { countOf, formatInstant, formatInUnit } from '../../quantity.ts';
import type { CounterSteps } from '../counter-steps.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { INK, variantStyles } from './palette.ts';
import { panelTitle, themed } from './theme.ts';

const LINE = variantStyles(['optimised']).get('optimised')?.colour.light ?? INK.strong.light;

/** Exact counters of the candidate over the nights, a panel each; `null` where none was counted. */
export function nightCountersChart(steps: readonly CounterSteps[], name: string): Chart | null {
  if (steps.length === 0) return null;
  const changed = steps.filter(({ changes }) => changes.length > 0);
  const last = changed
    .flatMap(({ metric, unit, changes }) => changes.map((change) => ({ metric, unit, ...change })))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
  return {
    name,
    finding:
      last === undefined
        ? `None of ${countOf(steps.length, 'exact counter')} has changed`
        : `${changed.length} of ${countOf(steps.length, 'exact counter')} changed; the last is ${last.metric}, ${formatInUnit(last.before, last.unit)} → ${formatInUnit(last.now, last.unit)} on ${formatInstant(last.at)}`,
    context: contextLine(
      countOf(Math.max(...steps.map(({ nights }) => nights)), 'night'),
      'counted, not timed: the candidate alone',
    ),
    reading:
      'A step is a night from which the counter is another; the upright line marks it. Each panel has an axis of its own.',
    draw: (widthPx) =>
      themed(widthPx, { vconcat: steps.map((one) => panel(one, widthPx, one === steps.at(-1))) }),
  };
}

function panel({ metric, points, changes }: CounterSteps, widthPx: number, last: boolean): SpecPart {
  return {
    title: panelTitle(metric),
    width: widthPx - 36 - 62,
    height: 56,
    data: { values: points.map((point) => ({ ...point })) },
    encoding: {
      x: {
        field: 'at',
        type: 'temporal',
        scale: { type: 'utc', nice: false, padding: 12 },
        axis: {
          title: null,
          tickCount: isNarrow(widthPx) ? 3 : 7,
          grid: false,
          labels: last,
          labelOverlap: 'greedy',
          format: '%-d %b %Y',
        },
      },
    },
    layer: [
      ...(changes.length === 0
        ? []
        : [
            {
              data: { values: changes.map(({ at }) => ({ at })) },
              mark: { type: 'rule', color: INK.soft.light, strokeDash: [4, 3] },
            },
          ]),
      {
        mark: { type: 'line', interpolate: 'step-after', color: LINE, strokeWidth: 2 },
        encoding: {
          y: {
            field: 'value',
            type: 'quantitative',
            scale: { zero: false, nice: true },
            axis: { title: null, tickCount: 3, tickMinStep: 1 },
          },
        },
      },
    ],
  };
}

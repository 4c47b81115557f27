import { formatChangeInterval, formatRatioTick } from '../../change.ts';
import type { Comparison, Part, PlannedSlot, TimingComparison } from '../../experiment-record.ts';
import { countOf, shorten } from '../../quantity.ts';
import { gateTimings } from '../gate.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { INK, type VariantStyle } from './palette.ts';
import { type RatioAxis, ratioAxis } from './ratio-axis.ts';
import { panelTitle, themed } from './theme.ts';

export interface PairedRatiosData {
  comparison: Comparison;
  /** The whole pairs of each part, in their order: what the ratios of its metrics belong to. */
  pairs: Readonly<Record<Part, readonly number[]>>;
  slots: readonly PlannedSlot[];
  styles: ReadonlyMap<string, VariantStyle>;
  context: string;
  name: string;
}

const MOST_PANELS = 4;

/** Room one label of a pair needs. */
const LABEL_PX = 44;

/** The ratio of every single pair, so that an outlier or a drift cannot hide in an estimate. `null` below two pairs. */
export function pairedRatiosChart(data: PairedRatiosData): Chart | null {
  const shown = shownTimings(data.comparison);
  const [first] = shown;
  if (first === undefined) return null;
  return {
    name: data.name,
    finding: pairsFinding(first),
    context: contextLine(countOf(first.pairs, 'pair'), data.context),
    reading:
      'One point a pair, in the order they ran, its shape by which variant came first; all panels have one scale. The dashed line is the estimate, the block its interval; “same” is the line of no change.',
    draw: (widthPx) => drawPairs(data, shown, widthPx),
  };
}

/** The metrics that decide; where none has two pairs, the first others of one part. */
function shownTimings(comparison: Comparison): TimingComparison[] {
  const drawable = (timing: TimingComparison) => timing.ratios.length >= 2;
  const gates = gateTimings(comparison).filter(drawable);
  if (gates.length > 0) return gates.slice(0, MOST_PANELS);
  const others = comparison.timings.filter(drawable);
  return others.filter(({ source }) => source === others[0]?.source).slice(0, MOST_PANELS);
}

function pairsFinding(timing: TimingComparison): string {
  const least = Math.min(...timing.ratios);
  const most = Math.max(...timing.ratios);
  const better = timing.ratios.filter((ratio) => (timing.higherIsBetter ? ratio > 1 : ratio < 1)).length;
  const range = formatChangeInterval(least, most, timing);
  const total = timing.ratios.length;
  if (better === total || better === 0) return `${timing.metric}: all ${total} pairs agree, ${range}`;
  return `${timing.metric}: better in ${better} of ${total} pairs (${range})`;
}

function pairRows(data: PairedRatiosData, timing: TimingComparison): SpecPart[] {
  const pairs = data.pairs[timing.source];
  const known = pairs.length === timing.ratios.length;
  return timing.ratios.map((ratio, index) => {
    const pair = known ? (pairs[index] as number) : index + 1;
    return {
      pair,
      ratio,
      label: formatRatioTick(ratio),
      first: known ? firstOf(data, timing.source, pair) : 'order not known',
    };
  });
}

function firstOf({ slots, comparison }: PairedRatiosData, part: Part, pair: number): string {
  const mine = slots
    .filter(
      (slot) =>
        slot.part === part &&
        slot.pair === pair &&
        [comparison.baseline, comparison.candidate].includes(slot.variant),
    )
    .sort((a, b) => a.slot - b.slot);
  return mine[0] === undefined ? 'order not known' : `first: ${mine[0].variant}`;
}

function drawPairs(data: PairedRatiosData, shown: readonly TimingComparison[], widthPx: number) {
  const columns = isNarrow(widthPx) || shown.length === 1 ? 1 : 2;
  const panelPx = Math.floor((widthPx - 36) / columns - 58);
  const orders = [
    ...new Set(shown.flatMap((timing) => pairRows(data, timing).map((row) => row.first))),
  ].sort();
  // One scale for all: a quiet metric must not look as restless as a noisy one.
  const axis = ratioAxis(
    shown.flatMap(({ ratios, low, high }) => [...ratios, low ?? 1, high ?? 1]),
    6,
  );
  return themed(widthPx, {
    columns,
    concat: shown.map((timing, index) =>
      drawPanel(data, timing, {
        panelPx,
        axis,
        orders,
        lowest: index >= shown.length - columns,
        labelled: timing.ratios.length * LABEL_PX <= panelPx,
      }),
    ),
  });
}

function drawPanel(
  data: PairedRatiosData,
  timing: TimingComparison,
  shape: { panelPx: number; axis: RatioAxis; orders: unknown[]; lowest: boolean; labelled: boolean },
): SpecPart {
  const { axis } = shape;
  const colour = data.styles.get(data.comparison.candidate)?.colour.light ?? INK.strong.light;
  const y = {
    type: 'quantitative',
    scale: { type: 'log', domain: axis.domain, nice: false },
    axis: { title: null, values: axis.ticks, labelExpr: axis.labelExpr },
  };
  const level = (at: number, mark: SpecPart): SpecPart => ({
    data: { values: [{ at }] },
    mark: { type: 'rule', ...mark },
    encoding: { y: { field: 'at', ...y } },
  });
  const interval: SpecPart[] =
    timing.low === null || timing.high === null
      ? []
      : [
          {
            data: { values: [{ low: timing.low, high: timing.high }] },
            mark: { type: 'rect', color: colour, opacity: 0.14 },
            encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
          },
        ];
  return {
    title: panelTitle(shorten(timing.metric, Math.floor((shape.panelPx + 40) / 7.6))),
    width: shape.panelPx,
    height: 150,
    layer: [
      ...interval,
      level(1, { color: INK.soft.light, strokeWidth: 1 }),
      level(timing.ratio, { color: colour, strokeWidth: 1.5, strokeDash: [5, 3] }),
      {
        data: { values: pairRows(data, timing) },
        mark: { type: 'point', filled: true, size: 70, opacity: 1, color: colour },
        encoding: {
          x: {
            field: 'pair',
            type: 'ordinal',
            axis: {
              title: shape.lowest ? 'pair, in the order they ran' : null,
              labelAngle: 0,
              labelOverlap: 'greedy',
            },
          },
          y: { field: 'ratio', ...y },
          shape: {
            field: 'first',
            type: 'nominal',
            scale: { domain: shape.orders, range: ['circle', 'diamond', 'square'] },
            legend: { symbolFillColor: colour, symbolStrokeColor: colour },
          },
        },
      },
      ...(shape.labelled ? [pairLabels(pairRows(data, timing), y)] : []),
    ],
  };
}

function pairLabels(values: readonly SpecPart[], y: SpecPart): SpecPart {
  return {
    data: { values },
    mark: { type: 'text', dy: -13, fontSize: 10, color: INK.soft.light },
    encoding: {
      x: { field: 'pair', type: 'ordinal' },
      y: { field: 'ratio', ...y },
      text: { field: 'label' },
    },
  };
}

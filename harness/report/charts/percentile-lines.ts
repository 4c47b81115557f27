import type { TopLevelSpec } from 'vega-lite';
import { DURATION_AXIS_LABEL, shortenPath } from '../../quantity.ts';
import type { PercentilePoint } from '../../result.ts';
import { isNarrow, type SpecPart } from './chart.ts';
import type { LatencyPanel } from './latency-finding.ts';
import { logAxis } from './log-ticks.ts';
import type { VariantStyle } from './palette.ts';
import { POINT_LEGEND, panelTitle, themed, variantColour, variantDash, variantShape } from './theme.ts';

/** Percentiles on the axis, by 1 ÷ (1 − q). */
const MARKED = [
  { inverse: 2, label: '50 %' },
  { inverse: 10, label: '90 %' },
  { inverse: 100, label: '99 %' },
  { inverse: 1000, label: '99.9 %' },
  { inverse: 10_000, label: '99.99 %' },
];

/** More of them where the scale ends before 99 %. */
const MARKED_CLOSELY = [
  { inverse: 2, label: '50 %' },
  { inverse: 4, label: '75 %' },
  { inverse: 10, label: '90 %' },
  { inverse: 20, label: '95 %' },
];

/** A letter of a panel's title, generously. */
const LETTER_PX = 7.8;

/** The axis spends a tenth of its length on the fastest half, so the curve begins where it can be read. */
const FROM_QUANTILE = 0.1;

interface Row {
  panel: number;
  endpoint: string;
  variant: string;
  run: string;
  inverse: number;
  ms: number;
}

function panelRows({ endpoint, lines }: LatencyPanel, panel: number): Row[] {
  return lines
    .flatMap(({ variant, merged, runs }) => [
      ...merged.map((point) => ({ variant, run: 'merged', point })),
      ...runs.flatMap((points, run) => points.map((point) => ({ variant, run: `run ${run}`, point }))),
    ])
    .filter(({ point }) => point.quantile >= FROM_QUANTILE)
    .map(({ variant, run, point }) => ({ panel, endpoint, variant, run, ...placeOf(point) }));
}

function placeOf({ quantile, ms }: PercentilePoint): Pick<Row, 'inverse' | 'ms'> {
  return { inverse: Number((1 / (1 - quantile)).toPrecision(6)), ms };
}

/** Whether there is a percentile to draw. */
export function hasPoints(panels: readonly LatencyPanel[]): boolean {
  return panels.some((panel) => panelRows(panel, 0).length > 0);
}

export interface PercentileLines {
  panels: readonly LatencyPanel[];
  styles: ReadonlyMap<string, VariantStyle>;
  axisTitle: string;
  /** In pixels. */
  panelHeight: number;
}

/** Panels of latency by percentile on a scale of nines: thick lines for what was merged, thin ones for single runs. */
export function drawPercentiles(data: PercentileLines, widthPx: number): TopLevelSpec {
  const rows = data.panels.flatMap((panel, index) => panelRows(panel, index));
  const columns = isNarrow(widthPx) ? 1 : data.panels.length === 1 ? 1 : data.panels.length === 2 ? 2 : 3;
  const most = rows.reduce((largest, { inverse }) => Math.max(largest, inverse), 2);
  const marked = (most < 100 ? MARKED_CLOSELY : MARKED).filter(({ inverse }) => inverse <= most * 1.001);
  const panelPx = Math.floor((widthPx - 36) / columns - 70);
  const y = logAxis(
    rows.map(({ ms }) => ms),
    7,
  );
  return themed(widthPx, {
    data: { values: rows },
    columns,
    concat: data.panels.map((panel, index) =>
      drawPanel({
        title: shortenPath(panel.endpoint, Math.floor((panelPx + 40) / LETTER_PX)),
        index,
        panelPx,
        marked,
        most,
        y,
        styles: data.styles,
        height: data.panelHeight,
        axisTitle: index >= data.panels.length - columns ? data.axisTitle : null,
      }),
    ),
  });
}

interface PanelShape {
  title: string;
  index: number;
  panelPx: number;
  marked: readonly { inverse: number; label: string }[];
  most: number;
  y: ReturnType<typeof logAxis>;
  styles: ReadonlyMap<string, VariantStyle>;
  height: number;
  /** Only in the last row. */
  axisTitle: string | null;
}

function drawPanel({ title, index, panelPx, marked, most, y, styles, ...shape }: PanelShape): SpecPart {
  const labels = marked.map(({ inverse, label }) => `datum.value === ${inverse} ? '${label}'`).join(' : ');
  const legend = styles.size > 1 ? POINT_LEGEND : null;
  const merged = { filter: "datum.run === 'merged'" };
  return {
    title: panelTitle(title),
    width: panelPx,
    height: shape.height,
    transform: [{ filter: `datum.panel === ${index}` }],
    encoding: {
      x: {
        field: 'inverse',
        type: 'quantitative',
        scale: { type: 'log', domain: [1, Math.max(10, most)] },
        axis: {
          title: shape.axisTitle,
          values: marked.map(({ inverse }) => inverse),
          labelExpr: `${labels} : ''`,
          labelOverlap: 'greedy',
          labelFlush: false,
        },
      },
      y: {
        field: 'ms',
        type: 'quantitative',
        scale: { type: 'log', domain: y.domain },
        axis: { title: null, values: y.ticks, labelExpr: DURATION_AXIS_LABEL },
      },
      color: variantColour(styles, legend),
    },
    layer: [
      {
        transform: [{ filter: "datum.run !== 'merged'" }],
        mark: { type: 'line', strokeWidth: 1, opacity: 0.22 },
        encoding: { detail: { field: 'run' } },
      },
      {
        transform: [merged],
        mark: { type: 'line', strokeWidth: 2.5 },
        encoding: { strokeDash: variantDash(styles, legend) },
      },
      {
        transform: [
          merged,
          { filter: `indexof([${marked.map(({ inverse }) => inverse)}], datum.inverse) >= 0` },
        ],
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { shape: variantShape(styles, legend) },
      },
    ],
  };
}

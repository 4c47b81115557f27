import type { TopLevelSpec } from 'vega-lite';
import { isNarrow, labelColumnPx, nameLimitPx, type SpecPart } from './chart.ts';
import { INK, type VariantStyle } from './palette.ts';

export const CHART_FONT = 'DejaVu Sans';

export const FONT_PX = { title: 17, context: 12, label: 11, note: 11 } as const;

const CONFIG: SpecPart = {
  aria: false,
  font: CHART_FONT,
  background: INK.paper.light,
  padding: { left: 16, right: 20, top: 16, bottom: 14 },
  lineBreak: '\n',
  view: { stroke: null },
  concat: { spacing: 22 },
  title: {
    anchor: 'start',
    frame: 'bounds',
    offset: 18,
    color: INK.strong.light,
    fontSize: FONT_PX.title,
    fontWeight: 'bold',
    lineHeight: 23,
    subtitleColor: INK.soft.light,
    subtitleFontSize: FONT_PX.context,
    subtitleLineHeight: 17,
    subtitlePadding: 7,
  },
  axis: {
    labelColor: INK.soft.light,
    labelFontSize: FONT_PX.label,
    labelPadding: 6,
    labelLimit: 0,
    titleColor: INK.soft.light,
    titleFontSize: FONT_PX.label,
    titleFontWeight: 'normal',
    titlePadding: 10,
    titleLimit: 0,
    gridColor: INK.grid.light,
    domainColor: INK.line.light,
    tickColor: INK.line.light,
    tickSize: 4,
  },
  legend: {
    orient: 'top',
    direction: 'horizontal',
    title: null,
    labelColor: INK.strong.light,
    labelFontSize: FONT_PX.context,
    symbolSize: 90,
    symbolStrokeWidth: 2,
    columnPadding: 18,
    offset: 10,
  },
  text: { color: INK.strong.light, fontSize: FONT_PX.label, font: CHART_FONT },
};

/** Makes a whole specification of a body: schema, theme and white paper, for a width in pixels. */
export function themed(widthPx: number, body: SpecPart): TopLevelSpec {
  const legend = {
    ...(CONFIG.legend as SpecPart),
    labelLimit: nameLimitPx(widthPx),
    ...(isNarrow(widthPx) ? { columns: 2 } : {}),
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: { ...CONFIG, legend },
    ...body,
  } as unknown as TopLevelSpec;
}

/** A legend of points: lines of other layers would smear their dashes over its symbols. */
export const POINT_LEGEND: SpecPart = { symbolOpacity: 1, symbolStrokeWidth: 0 };

/** The title of one panel among several. */
export function panelTitle(text: string): SpecPart {
  return {
    text,
    anchor: 'start',
    frame: 'group',
    fontSize: FONT_PX.context,
    fontWeight: 'bold',
    offset: 8,
    color: INK.strong.light,
  };
}

/** A row a variant, in the order of the report, with its name on the left. */
export function variantRows(widthPx: number): SpecPart {
  return {
    field: 'variant',
    type: 'nominal',
    sort: null,
    scale: { paddingInner: 0.32, paddingOuter: 0.18 },
    axis: { title: null, ticks: false, domain: false, labelFontSize: 12, labelLimit: nameLimitPx(widthPx) },
  };
}

/** Room for the names of `variantRows`, in pixels. */
export function variantColumnPx(names: readonly string[], widthPx: number): number {
  return Math.min(labelColumnPx(names), nameLimitPx(widthPx) + 12);
}

/** Colour by variant, with the variants of the whole report as domain so that each keeps its colour in every panel. */
export function variantColour(styles: ReadonlyMap<string, VariantStyle>, legend: SpecPart | null): SpecPart {
  return {
    field: 'variant',
    type: 'nominal',
    scale: {
      domain: [...styles.keys()],
      range: [...styles.values()].map((style) => style.colour.light),
    },
    legend,
  };
}

export function variantDash(styles: ReadonlyMap<string, VariantStyle>, legend: SpecPart | null): SpecPart {
  return {
    field: 'variant',
    type: 'nominal',
    scale: { domain: [...styles.keys()], range: [...styles.values()].map((style) => style.dash) },
    legend,
  };
}

export function variantShape(styles: ReadonlyMap<string, VariantStyle>, legend: SpecPart | null): SpecPart {
  return {
    field: 'variant',
    type: 'nominal',
    scale: { domain: [...styles.keys()], range: [...styles.values()].map((style) => style.shape) },
    legend,
  };
}

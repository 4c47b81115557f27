import type { TopLevelSpec } from 'vega-lite';

/** One chart, before it is drawn. Everything in it is computed from the record. */
export interface Chart {
  /** File name without extension; unique in a report. */
  name: string;
  /** What the data says, in one sentence: the title, and the text for those who cannot see the chart. */
  finding: string;
  /** n, level and dataset: the subtitle. */
  context: string;
  /** How to read the marks, in one sentence. */
  reading: string;
  /** The drawing without its title, for a width in pixels. */
  draw(widthPx: number): TopLevelSpec;
}

/** A part of a Vega-Lite specification. */
export type SpecPart = Readonly<Record<string, unknown>>;

/** Width of a chart in a file and on a wide page, in pixels. */
export const WIDE_PX = 820;

/** Width of a chart on a phone, in pixels. */
export const PHONE_PX = 350;

/** Room a column of labels needs, in pixels: letters of the longest, generously measured. */
export function labelColumnPx(labels: readonly string[], letterPx = 7.4): number {
  return Math.ceil(labels.reduce((longest, label) => Math.max(longest, label.length), 0) * letterPx) + 12;
}

/** The longest a variant's name may be drawn, in pixels; the tables have it whole. */
export function nameLimitPx(widthPx: number): number {
  return isNarrow(widthPx) ? 110 : 250;
}

export function isNarrow(widthPx: number): boolean {
  return widthPx < 520;
}

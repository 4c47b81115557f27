import type { Chart } from '../charts/chart.ts';
import type { VerdictLook } from '../verdict-words.ts';

/** A file that lies beside the page or above it. */
export interface Link {
  text: string;
  /** Relative to the page's folder. */
  file: string;
}

/** A table cell: plain text, code, a variant with its colour, a word with the look of a verdict, or links. */
export type Cell =
  | string
  | { kind: 'code'; text: string }
  | { kind: 'variant'; text: string }
  | { kind: 'verdict'; look: VerdictLook; note: string | null }
  | { kind: 'links'; links: readonly Link[] };

export interface Table {
  kind: 'table';
  caption: string;
  columns: readonly { heading: string; numeric: boolean }[];
  rows: readonly (readonly Cell[])[];
  note: string | null;
  /** Shown only when a reader asks for it, where the medium can fold. */
  folded: boolean;
}

/** What a section is made of. HTML and Markdown draw the same blocks. */
export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'bullets'; items: readonly string[] }
  | { kind: 'chart'; chart: Chart }
  | { kind: 'facts'; facts: readonly { name: string; value: string }[] }
  | { kind: 'command'; text: string }
  | { kind: 'missing'; text: string }
  | { kind: 'links'; links: readonly Link[] }
  | Table;

export interface Section {
  id: string;
  heading: string;
  lead: string | null;
  blocks: readonly Block[];
}

/** A table of text and numeric columns; `null` without rows, so that no empty table is ever shown. */
export function table(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: {
    numericFrom?: number;
    textColumns?: readonly number[];
    note?: string | null;
    folded?: boolean;
  } = {},
): Table | null {
  if (rows.length === 0) return null;
  const { numericFrom = 1, textColumns = [], note = null, folded = false } = options;
  return {
    kind: 'table',
    caption,
    columns: headings.map((heading, index) => ({
      heading,
      numeric: index >= numericFrom && !textColumns.includes(index),
    })),
    rows,
    note,
    folded,
  };
}

export function variantCell(text: string): Cell {
  return { kind: 'variant', text };
}

/** The blocks that exist. */
export function blocks(...candidates: readonly (Block | null | readonly Block[])[]): Block[] {
  return candidates.flatMap((candidate) => candidate ?? []);
}

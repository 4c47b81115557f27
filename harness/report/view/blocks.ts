import type { Chart } from '../charts/chart.ts';
import type { VerdictLook } from '../verdict-words.ts';

/** A file that lies beside the page or above it. */
export interface Link {
  text: string;
  /** Relative to the page's folder. */
  file: string;
}

/** A part of a sentence that stands out, or is code. */
export interface Span {
  kind: 'strong' | 'emphasis' | 'code';
  text: string;
}

/** A sentence: plain, or with parts that stand out. */
export type Phrase = string | readonly (string | Span)[];

/** A table cell: plain text, code, a way to another part of the page, a variant with its colour, a word with the look of a verdict, or links. */
export type Cell =
  | string
  /** `name` is short and stands for the text where a table has no room for it. */
  | { kind: 'code'; text: string; name?: string }
  /** `id` is that of a section below another one. Markdown has the text alone. */
  | { kind: 'anchor'; text: string; id: string }
  | { kind: 'variant'; text: string }
  | { kind: 'verdict'; look: VerdictLook; note: string | null }
  | { kind: 'links'; links: readonly Link[] };

export interface Table {
  kind: 'table';
  caption: string;
  /** The words before the table say it already: it names the table only for those who do not see it. */
  captionHidden: boolean;
  columns: readonly { heading: string; numeric: boolean }[];
  rows: readonly (readonly Cell[])[];
  note: string | null;
  /** Shown only when a reader asks for it, where the medium can fold. */
  folded: boolean;
}

/** What a section is made of. HTML and Markdown draw the same blocks. */
export type Block =
  | { kind: 'paragraph'; text: Phrase }
  | { kind: 'subheading'; text: string }
  | { kind: 'bullets'; items: readonly string[] }
  | { kind: 'chart'; chart: Chart }
  | { kind: 'facts'; facts: readonly { name: string; value: string }[] }
  | { kind: 'command'; text: string }
  | { kind: 'sql'; text: string }
  /** A plan of PostgreSQL as `planText` has it: a line for each node, indented, and its marks. */
  | { kind: 'plan'; text: string }
  | { kind: 'missing'; text: string }
  | { kind: 'links'; links: readonly Link[] }
  | Table;

export interface Section {
  id: string;
  heading: string;
  lead: string | null;
  blocks: readonly Block[];
  /** Sections below this one, each with a heading of its own; HTML folds all but the first. */
  parts?: readonly Section[];
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
    captionHidden?: boolean;
  } = {},
): Table | null {
  if (rows.length === 0) return null;
  const { numericFrom = 1, textColumns = [], note = null, folded = false, captionHidden = false } = options;
  return {
    kind: 'table',
    caption,
    captionHidden,
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

export function strong(text: string): Span {
  return { kind: 'strong', text };
}

/** The blocks that exist. */
export function blocks(...candidates: readonly (Block | null | readonly Block[])[]): Block[] {
  return candidates.flatMap((candidate) => candidate ?? []);
}

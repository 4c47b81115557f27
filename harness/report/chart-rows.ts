/** What a chart is drawn from, as one table. Pure. */
import type { TopLevelSpec } from 'vega-lite';
import type { SpecPart } from './charts/chart.ts';
import type { CsvRows } from './csv.ts';

/** Rows of one panel, or of marks in it. */
interface DataSet {
  /** Title of the panel; empty in a chart of one. */
  readonly panel: string;
  readonly rows: readonly SpecPart[];
}

const PANEL_COLUMN = 'panelTitle';

/**
 * Every row that the marks of a drawing stand for, once, under the names of all columns. Rows of different marks fill different columns.
 * Left out: notes (texts with nothing beside them) and colours.
 */
export function chartRows(spec: TopLevelSpec): CsvRows {
  const sets = withoutTwins(dataSets(spec as unknown as SpecPart, ''));
  const columns = [...new Set(sets.flatMap(({ rows }) => rows.flatMap(Object.keys)))].filter(
    (name) => !sets.every(({ rows }) => rows.every((row) => row[name] === undefined || isColour(row[name]))),
  );
  const panels = sets.some(({ panel }) => panel !== '');
  return [
    [...(panels ? [PANEL_COLUMN] : []), ...columns],
    ...sets.flatMap(({ panel, rows }) =>
      rows.map((row) => [...(panels ? [panel] : []), ...columns.map((name) => cellOf(row[name]))]),
    ),
  ];
}

/** Parts of a specification that hold others. */
const PARTS = ['layer', 'concat', 'hconcat', 'vconcat', 'spec'] as const;

function dataSets(part: SpecPart, panel: string): DataSet[] {
  const values = (part.data as { values?: readonly SpecPart[] } | undefined)?.values ?? [];
  const rows = values.filter((row) => Object.keys(row).some((name) => name !== 'text'));
  const own = rows.length === 0 ? [] : [{ panel, rows }];
  const inner = PARTS.flatMap((name) => [part[name] ?? []].flat() as SpecPart[]);
  return [...own, ...inner.flatMap((one) => dataSets(one, titleOf(one) ?? panel))];
}

function titleOf({ title }: SpecPart): string | null {
  const text = typeof title === 'object' && title !== null ? (title as { text?: unknown }).text : title;
  if (text === undefined || text === null) return null;
  return Array.isArray(text) ? text.join(' ') : String(text);
}

/** The same rows lie under the points, their labels and their lines. */
function withoutTwins(sets: readonly DataSet[]): DataSet[] {
  const texts = sets.map((set) => JSON.stringify(set));
  return sets.filter((_, index) => texts.indexOf(texts[index] as string) === index);
}

function isColour(value: unknown): boolean {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value);
}

function cellOf(value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

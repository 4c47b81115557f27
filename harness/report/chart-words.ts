/** What a chart says without a picture, with its numbers. Pure. */
import { groupBy } from '../group-by.ts';
import { countOf, formatBytes, formatCount, formatDuration, formatRate, formatShare } from '../quantity.ts';
import type { Chart } from './charts/chart.ts';
import type { CsvRows } from './csv.ts';

export interface ChartWords {
  /** Finding, what it rests on, how it is drawn. */
  readonly sentences: readonly string[];
  /** The numbers: a line for each row of a small chart, else for each group of rows, else for each column. */
  readonly lines: readonly string[];
}

/** More lines than that nobody listens to: then ranges are told. */
const MOST_LINES = 24;

export function chartWords({ finding, context, reading }: Chart, rows: CsvRows): ChartWords {
  return { sentences: [finding, context, reading].filter((one) => one !== ''), lines: numberLines(rows) };
}

/** The same as a file. */
export function wordsText({ sentences, lines }: ChartWords): string {
  return `${sentences.join('\n')}\n\n${lines.map((line) => `- ${line}\n`).join('')}`;
}

type Cell = CsvRows[number][number];
type Row = ReadonlyMap<string, Cell>;

/** Columns that only say where a row is drawn, or repeat others as the chart prints them. */
const OF_THE_DRAWING = new Set(['row', 'index', 'order', 'panel', 'label']);
/** Columns that name the groups of a large chart. */
const GROUPING = ['panelTitle', 'endpoint', 'variant', 'metric'];

function numberLines([columns = [], ...cells]: CsvRows): string[] {
  const names = columns.map(String);
  const rows = cells.map(
    (row): Row =>
      new Map(
        row.flatMap((cell, index): [string, Cell][] => {
          const name = names[index] as string;
          const isWritten =
            cell !== null && cell !== '' && cell !== 'true' && cell !== 'false' && !OF_THE_DRAWING.has(name);
          return isWritten ? [[name, cell]] : [];
        }),
      ),
  );
  if (rows.length <= MOST_LINES) return rows.map(rowLine);
  const groups = [...groupBy(rows, groupOf)];
  return groups.length <= MOST_LINES
    ? groups.map(([name, group]) => rangeLine(name, group))
    : [rangeLine('', rows)];
}

function groupOf(row: Row): string {
  return GROUPING.flatMap((name) => row.get(name) ?? []).join(', ');
}

function rowLine(row: Row): string {
  const texts = [...row.values()].filter((cell) => typeof cell === 'string');
  // A cell that holds another one was put together of it.
  const own = texts.filter((text, index) => !texts.some((other, at) => at !== index && text.includes(other)));
  const numbers = [...row].flatMap(([name, cell]) =>
    typeof cell === 'number' ? [numberText(name, cell)] : [],
  );
  return said(own.join(', ').replaceAll(/\s+/g, ' '), numbers);
}

function rangeLine(group: string, rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const ranges = names.flatMap((name) => {
    const numbers = rows.flatMap((row) => row.get(name) ?? []).filter((cell) => typeof cell === 'number');
    if (numbers.length === 0) return [];
    const [least, most] = [lowest(numbers), highest(numbers)];
    return [
      least === most ? numberText(name, least) : `${numberText(name, least)} to ${valueText(name, most)}`,
    ];
  });
  return said(
    group === '' ? countOf(rows.length, 'row') : `${group} (${countOf(rows.length, 'row')})`,
    ranges,
  );
}

// A spread into Math.min has a limit of arguments.
function lowest(numbers: readonly number[]): number {
  return numbers.reduce((least, one) => Math.min(least, one));
}

function highest(numbers: readonly number[]): number {
  return numbers.reduce((most, one) => Math.max(most, one));
}

function said(subject: string, numbers: readonly string[]): string {
  return [subject, numbers.join('; ')].filter((part) => part !== '').join(': ');
}

function numberText(name: string, value: number): string {
  const words = name
    .replace(/(Ms|Bytes|PerSecond|Share)$/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return `${words === '' || words === 'ms' ? 'time' : words} ${valueText(name, value)}`;
}

/** In the unit that the name of the column ends with. */
function valueText(name: string, value: number): string {
  if (/(^ms|Ms)$/.test(name)) return formatDuration(value);
  if (/Bytes$/.test(name)) return formatBytes(value);
  if (/PerSecond$/.test(name)) return formatRate(value);
  if (/Share$/.test(name)) return formatShare(value);
  return Number.isInteger(value) || Math.abs(value) >= 100
    ? formatCount(value)
    : String(Number(value.toPrecision(3)));
}

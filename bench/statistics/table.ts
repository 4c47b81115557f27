/** One line of the printed table, and whether it meets its bar. */
export interface VerifiedRow {
  readonly cells: readonly string[];
  /** What it had to reach, in words. */
  readonly bar: string;
  readonly met: boolean;
}

export interface VerifiedTable {
  readonly title: string;
  readonly columns: readonly string[];
  /** Made while they are printed, so that a long table can be watched. */
  readonly rows: Iterable<VerifiedRow>;
}

/** Prints a table as its rows come. @returns how many rows missed their bar. */
export function printTable({ title, columns, rows }: VerifiedTable): number {
  console.log(`\n${title}\n`);
  const widths = columns.map((column) => Math.max(column.length, 9));
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  console.log(line([...columns, 'bar']));
  let missed = 0;
  for (const { cells, bar, met } of rows) {
    console.log(`${line(cells)}  ${met ? 'ok    ' : 'MISSED'} ${bar}`);
    if (!met) missed++;
  }
  return missed;
}

/** A ratio as a percentage with so many decimals. */
export function percent(ratio: number, decimals = 1): string {
  return `${(100 * ratio).toFixed(decimals)} %`;
}

/** Standard error of a ratio counted over `trials` independent trials. */
export function binomialError(ratio: number, trials: number): number {
  return Math.sqrt((ratio * (1 - ratio)) / trials);
}

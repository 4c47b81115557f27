/** The name that was probably meant, or `undefined`: at most two edits away, and no more than a third of its length. */
export function similarName(name: string, known: Iterable<string>): string | undefined {
  const near = [...known]
    .map((candidate) => ({ candidate, edits: editsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= 2 && edits <= Math.max(1, Math.floor(candidate.length / 3)));
  return near.sort((one, other) => one.edits - other.edits)[0]?.candidate;
}

/** `; did you mean 'health'?`, or all names that there are. */
export function namesToChoose(name: string, known: readonly string[]): string {
  const similar = similarName(name, known);
  if (similar !== undefined) return `; did you mean '${similar}'?`;
  return known.length === 0 ? '' : `; there are ${known.map((each) => `'${each}'`).join(', ')}`;
}

/** Letters to put in, take out, exchange, or swap with their neighbour (optimal string alignment). */
export function editsBetween(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= one.length; row++) {
    rows[row] = [row];
    for (let column = 1; column <= other.length; column++) {
      const exchange = one[row - 1] === other[column - 1] ? 0 : 1;
      let edits = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + exchange,
      );
      const isSwap =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwap) edits = Math.min(edits, at(row - 2, column - 2) + 1);
      rows[row]?.push(edits);
    }
  }
  return at(one.length, other.length);
}

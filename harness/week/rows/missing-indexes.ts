import type { MigrationFact } from '../../week-record.ts';

/**
 * Indexes that the migration's text creates and that the catalogue does not hold as it says: none of that name, another table
 * or other columns, or one that is not valid. A sentence each.
 */
export function missingIndexes({ declared, present }: Pick<MigrationFact, 'declared' | 'present'>): string[] {
  return declared.flatMap(({ name, table, columns }) => {
    const found = present.find((one) => one.name === name);
    if (!found) return [`${name} is missing.`];
    const [expected, got] = [describe(table, columns), describe(found.table, found.columns)];
    if (expected !== got) return [`${name}: expected ${expected}, got ${got}.`];
    return found.valid ? [] : [`${name} is not valid.`];
  });
}

function describe(table: string, columns: readonly string[]): string {
  return `${table} (${columns.join(', ')})`;
}

import type pg from 'pg';
import { type ForeignTable, readForeignSchema, tableName } from '../targets/foreign-schema.ts';

/** A sequence whose next value is taken already. */
export interface LateSequence {
  /** `stop.id` */
  readonly column: string;
  readonly next: string;
  readonly largest: string;
}

/** The sequences of a filled database that would give a value which is there: the service's first insert would fail. */
export async function lateSequences(client: pg.Client): Promise<LateSequence[]> {
  const late: LateSequence[] = [];
  for (const table of await readForeignSchema(client)) {
    for (const { name, sequence, type } of table.columns) {
      if (sequence === null || !/^int[248]$/.test(type)) continue;
      const found = await nextAndLargest(client, table, name, sequence);
      if (found) late.push({ column: `${tableName(table)}.${name}`, ...found });
    }
  }
  return late;
}

async function nextAndLargest(
  client: pg.Client,
  { schema, name }: ForeignTable,
  column: string,
  sequence: string,
): Promise<Pick<LateSequence, 'next' | 'largest'> | null> {
  const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
  const { rows } = await client.query<{ next: string; largest: string | null; late: boolean }>(
    `SELECT next::text, largest::text, coalesce(largest >= next, false) AS late FROM (
       SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END AS next,
              (SELECT max(${client.escapeIdentifier(column)}) FROM ${table}) AS largest
       FROM ${sequence}) AS both_values`,
  );
  const [row] = rows;
  return row?.late && row.largest !== null ? { next: row.next, largest: row.largest } : null;
}

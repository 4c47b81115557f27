import pg from 'pg';
import type { Value, Values } from '../config/rushhour-config.ts';

/** Has pg leave every value as the text in which PostgreSQL writes it. */
export const AS_TEXT = { getTypeParser: () => (text: string) => text };

/** Rows of such texts by column. Whole numbers and truth values are such, everything else stays text. */
export function valuesOf(
  rows: readonly (readonly (string | null)[])[],
  fields: readonly Pick<pg.FieldDef, 'name' | 'dataTypeID'>[],
): Values[] {
  return rows.map((row) =>
    Object.fromEntries(
      fields.map(({ name, dataTypeID }, at) => [name, typedValue(dataTypeID, row[at] ?? null)]),
    ),
  );
}

const { BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8 } = pg.types.builtins;

/** A value as requests are filled with it, of its text. Numbers that a double cannot hold stay text. */
function typedValue(type: number, text: string | null): Value {
  if (text === null) return null;
  if (type === BOOL) return text === 't';
  if (type === INT2 || type === INT4 || type === FLOAT4 || type === FLOAT8) return Number(text);
  if (type === INT8 && Number.isSafeInteger(Number(text))) return Number(text);
  return text;
}

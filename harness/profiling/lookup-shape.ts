import type { Node, SelectStmt } from 'libpg-query';
import type { Suggestion } from './finding.ts';
import {
  edited,
  type FoldedStatement,
  finishSketch,
  type Key,
  keysOf,
  letterAt,
  namesOf,
  outerKeyword,
  quoted,
} from './folded-statement.ts';
import type { Dimension } from './growth-sample.ts';
import { oneOf } from './growth-words.ts';

const AGGREGATES: ReadonlySet<string> = new Set(
  'count sum avg min max array_agg string_agg json_agg jsonb_agg bool_and bool_or every json_object_agg jsonb_object_agg'.split(
    ' ',
  ),
);

/** One read for all keys in place of one for each; null when the statement has no key that it is called with. */
export function lookupShape(statement: FoldedStatement, dimension: Dimension | null): Suggestion | null {
  if (!('SelectStmt' in statement.tree)) return null;
  const select = statement.tree.SelectStmt;
  const key = rowKey(keysOf(select.whereClause, statement), dimension);
  if (key === null) return null;
  if (select.limitCount !== undefined || select.groupClause !== undefined)
    return lateralShape(statement, key);
  if (isAggregate(select)) {
    return select.sortClause === undefined
      ? groupedShape(statement, select, key)
      : lateralShape(statement, key);
  }
  return {
    sentence: `Ask once for all keys and match the rows by ${key.column} in the service, or join it to the query that lists them.`,
    sql: finishSketch(withKeyListed(statement, select, key)),
  };
}

/** The same row for every key is no sketch: the key that follows the rows is the one named for them, or an id. */
export function rowKey(keys: readonly Key[], dimension: Dimension | null): Key | null {
  const word = dimension === null ? '' : oneOf(dimension);
  const rank = ({ column }: Key) => {
    if (word !== '' && word !== 'item' && column.includes(word)) return 0;
    if (column === 'id') return 1;
    return /_?(?:id|uuid|key)$/i.test(column) ? 2 : 3;
  };
  return keys.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** `key = ANY($1)` in place of `key = $1`. */
export function anyOf({ placeholder: { from, to, marked, cast } }: Key) {
  return { from, to, text: `ANY(${marked}${cast === '' ? '' : `${cast}[]`})` };
}

function withKeyListed(statement: FoldedStatement, select: SelectStmt, key: Key): string {
  const first = select.targetList?.[0];
  const listed = (select.targetList ?? []).some((target) => lists(target, key.column));
  const at =
    first !== undefined && 'ResTarget' in first
      ? letterAt(statement.text, first.ResTarget.location ?? 0)
      : null;
  const added = listed || at === null ? [] : [{ from: at, to: at, text: `${key.written}, ` }];
  return edited(statement.text, [anyOf(key), ...added]);
}

/** Whether a column of the list is this one, or `*`. */
function lists(target: Node, column: string): boolean {
  if (!('ResTarget' in target)) return false;
  const value = target.ResTarget.val;
  if (value === undefined || !('ColumnRef' in value)) return false;
  const isStar = (value.ColumnRef.fields ?? []).some((field) => 'A_Star' in field);
  return isStar || namesOf(value.ColumnRef).at(-1) === column;
}

function isAggregate({ targetList }: SelectStmt): boolean {
  return (targetList ?? []).some((target) => {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
    if (value === undefined || !('FuncCall' in value) || value.FuncCall.over !== undefined) return false;
    const name = value.FuncCall.funcname?.at(-1);
    return name !== undefined && 'String' in name && AGGREGATES.has(name.String.sval ?? '');
  });
}

function groupedShape(statement: FoldedStatement, select: SelectStmt, key: Key): Suggestion {
  return {
    sentence: `Ask once for all keys, grouped by ${key.column}; a key without rows is missing from the answer.`,
    sql: finishSketch(`${withKeyListed(statement, select, key)} GROUP BY ${key.written}`),
  };
}

/** The first rows of each key: the same statement beside a list of the keys. */
function lateralShape(statement: FoldedStatement, key: Key): Suggestion {
  const wanted = `wanted.${quoted(key.column)}`;
  const { from, to, marked, cast } = key.placeholder;
  const inner = edited(statement.text, [{ from, to, text: wanted }]);
  const type = cast === '' ? ` /* ${key.column} */` : `${cast}[]`;
  const locks = outerKeyword(statement, 'FOR UPDATE') !== null;
  const list = `unnest(${marked}${type}) AS wanted (${quoted(key.column)})`;
  return {
    sentence: 'Ask once for all keys, with the same statement beside each of them (LATERAL).',
    sql: locks
      ? null
      : finishSketch(`SELECT ${wanted}, found.* FROM ${list} CROSS JOIN LATERAL (${inner}) AS found`),
  };
}

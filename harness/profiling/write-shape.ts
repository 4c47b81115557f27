import type { DeleteStmt, InsertStmt, Node, UpdateStmt } from 'libpg-query';
import type { Suggestion } from './finding.ts';
import {
  edited,
  type FoldedStatement,
  finishSketch,
  keysOf,
  outerKeyword,
  type Placeholder,
  placeholdersIn,
  quoted,
} from './folded-statement.ts';
import type { Dimension } from './growth-sample.ts';
import { anyOf, rowKey } from './lookup-shape.ts';

/** One write for all rows in place of one for each; null when the statement is of another form. */
export function writeShape(statement: FoldedStatement, dimension: Dimension | null): Suggestion | null {
  const { tree } = statement;
  if ('InsertStmt' in tree) return insertShape(statement, tree.InsertStmt);
  if ('UpdateStmt' in tree) return updateShape(statement, tree.UpdateStmt, dimension);
  if ('DeleteStmt' in tree) return deleteShape(statement, tree.DeleteStmt, dimension);
  return null;
}

/** A column of the list of rows that is handed over, and the place that it fills. */
interface GivenColumn {
  readonly name: string;
  readonly placeholder: Placeholder;
}

/** The values that a column is made of: one as a rule, more within an expression. */
function givenColumns(name: string, value: Node | undefined, statement: FoldedStatement): GivenColumn[] {
  return placeholdersIn(value, statement).map((placeholder, index) => ({
    name: quoted(index === 0 ? name : `${name}_${index + 1}`),
    placeholder,
  }));
}

/** `unnest($1, $2) AS given (a, b)`: an array for each column. Its type is the cast's, or told by a comment. */
function givenRows(columns: readonly GivenColumn[]): string {
  const arrays = columns.map(({ name, placeholder: { marked, cast } }) =>
    cast === '' ? `${marked} /* ${name} */` : `${marked}${cast}[]`,
  );
  return `unnest(${arrays.join(', ')}) AS given (${columns.map(({ name }) => name).join(', ')})`;
}

function fill(columns: readonly GivenColumn[]) {
  return columns.map(({ name, placeholder: { from, to } }) => ({ from, to, text: `given.${name}` }));
}

function insertShape(statement: FoldedStatement, { cols, selectStmt }: InsertStmt): Suggestion | null {
  const sentence =
    'Insert all rows with one statement, an array for each column (what is the same in all rows may stay one value); ' +
    'from some thousands of rows on, COPY is faster still.';
  const values =
    selectStmt !== undefined && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt.valuesLists : undefined;
  const start = outerKeyword(statement, 'VALUES');
  if (values?.length !== 1 || start === null) return { sentence, sql: null };
  const items = itemsOf(values[0]);
  const columns = items.flatMap((item, index) => {
    const column = cols?.[index];
    const name = column !== undefined && 'ResTarget' in column ? column.ResTarget.name : undefined;
    return givenColumns(name ?? `column${index + 1}`, item, statement);
  });
  const open = statement.text.indexOf('(', start);
  const close = closingBracket(statement.text, open);
  if (columns.length === 0 || close === null || items.some((item) => 'SetToDefault' in item)) {
    return { sentence, sql: null };
  }
  const text = edited(statement.text, [
    { from: start, to: open + 1, text: 'SELECT ' },
    ...fill(columns),
    { from: close, to: close + 1, text: ` FROM ${givenRows(columns)}` },
  ]);
  return { sentence, sql: finishSketch(text) };
}

function itemsOf(list: Node | undefined): readonly Node[] {
  return list !== undefined && 'List' in list ? (list.List.items ?? []) : [];
}

/** Where the bracket that opens at `open` closes; null when it does not. */
function closingBracket(text: string, open: number): number | null {
  let depth = 0;
  for (let at = open; at >= 0 && at < text.length; at++) {
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    if (depth === 0) return at;
  }
  return null;
}

function updateShape(
  statement: FoldedStatement,
  { targetList, whereClause, fromClause }: UpdateStmt,
  dimension: Dimension | null,
): Suggestion | null {
  const key = rowKey(keysOf(whereClause, statement), dimension);
  const where = outerKeyword(statement, 'WHERE');
  if (key === null || where === null || fromClause !== undefined) return null;
  // Names of their own: a column of the table with the same name would make either ambiguous.
  const set = (targetList ?? []).flatMap((target) => {
    if (!('ResTarget' in target)) return [];
    return givenColumns(`new_${target.ResTarget.name}`, target.ResTarget.val, statement);
  });
  const columns = [{ name: quoted(`the_${key.column}`), placeholder: key.placeholder }, ...set];
  const text = edited(statement.text, [
    ...fill(columns),
    { from: where, to: where, text: `FROM ${givenRows(columns)} ` },
  ]);
  return {
    sentence:
      'Update all rows with one statement that joins the table to the new values, an array for each column (what is the ' +
      'same in all rows may stay one value).',
    sql: finishSketch(text),
  };
}

function deleteShape(
  statement: FoldedStatement,
  { whereClause }: DeleteStmt,
  dimension: Dimension | null,
): Suggestion | null {
  const key = rowKey(keysOf(whereClause, statement), dimension);
  if (key === null) return null;
  return {
    sentence: 'Delete all rows with one statement.',
    sql: finishSketch(edited(statement.text, [anyOf(key)])),
  };
}

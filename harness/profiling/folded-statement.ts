import type { A_Expr, ColumnRef, Node } from 'libpg-query';
import { parseSync } from 'libpg-query';

/**
 * A folded statement that PostgreSQL's parser could read. A folded `$` stands for parameters and constants alike, and
 * `INTERVAL $1` is no SQL: so each became a string constant `'$1'`, which may stand wherever either may.
 */
export interface FoldedStatement {
  readonly text: string;
  readonly tree: Node;
}

/** Null when the parser cannot read it. The parser must have been loaded. */
export function parseFolded(statement: string): FoldedStatement | null {
  const text = markPlaceholders(statement);
  try {
    const tree = parseSync(text).stmts?.[0]?.stmt;
    return tree === undefined ? null : { text, tree };
  } catch (error) {
    if (error instanceof Error && error.name === 'SqlError') return null;
    throw error;
  }
}

const QUOTED_OR_PLACEHOLDER =
  /"(?:[^"]|"")*"|'(?:[^']|'')*'|(?<![\w$])\$(\d*)(?![\w$])|,\s*\.\.\.(?=\s*[)\]])/g;

/** How PostgreSQL 18 shows a list of any length. */
const LIST_GOES_ON = ' /*, ... */';

function markPlaceholders(statement: string): string {
  let next = 0;
  return statement.replace(QUOTED_OR_PLACEHOLDER, (found, digits: string | undefined) => {
    if (found.startsWith(',')) return LIST_GOES_ON;
    if (digits === undefined) return found;
    next += 1;
    return `'$${digits === '' ? next : digits}'`;
  });
}

/** `INTERVAL '…'`, which a parameter cannot follow. */
const TYPED_CONSTANT =
  /\b(interval|date|timestamptz|timestamp(?: with(?:out)? time zone)?|time|uuid|jsonb?)\s+('\$\d+')/gi;

/** A sketch as it is shown: parameters numbered as they come, and a line for each clause. */
export function finishSketch(text: string): string {
  const numbers = new Map<string, number>();
  const cast = text.replace(
    TYPED_CONSTANT,
    (_, type: string, marked: string) => `${marked}::${type.toLowerCase()}`,
  );
  const numbered = cast.replace(/'(\$\d+)'/g, (_, marked: string) => {
    if (!numbers.has(marked)) numbers.set(marked, numbers.size + 1);
    return `$${numbers.get(marked)}`;
  });
  return breakLines(numbered);
}

const CLAUSE =
  /\s+(?=(?:FROM|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|SET|VALUES|RETURNING|ON CONFLICT|CROSS JOIN|LEFT JOIN|JOIN|SELECT)\b)/iy;

/** What goes on with the next clause. */
const SAME_LINE = /\b(?:DO UPDATE|DELETE|CROSS|LEFT|RIGHT|INNER|OUTER|FULL|NATURAL|DISTINCT)$/i;

function breakLines(text: string): string {
  let depth = 0;
  let lines = '';
  for (let at = 0; at < text.length; at++) {
    CLAUSE.lastIndex = at;
    const gap = depth === 0 ? CLAUSE.exec(text)?.[0] : undefined;
    if (gap !== undefined && !SAME_LINE.test(lines)) {
      lines += '\n';
      at += gap.length - 1;
      continue;
    }
    const letter = text[at] as string;
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    lines += letter;
  }
  return lines;
}

/** Where a key word of the statement itself begins, not one within brackets; null without. */
export function outerKeyword({ text }: FoldedStatement, word: string): number | null {
  const pattern = new RegExp(`(?<![\\w"])${word}(?![\\w"])`, 'iy');
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    pattern.lastIndex = at;
    if (depth === 0 && pattern.test(text)) return at;
  }
  return null;
}

/** A placeholder and where it stands, with the cast behind it. */
export interface Placeholder {
  readonly from: number;
  readonly to: number;
  /** `'$1'` */
  readonly marked: string;
  /** `::int`, or nothing. */
  readonly cast: string;
}

/** The placeholder that a node is, a cast of it included; null when it is something else. */
export function placeholderOf(node: Node | undefined, { text }: FoldedStatement): Placeholder | null {
  if (node === undefined) return null;
  if ('TypeCast' in node) return placeholderOf(node.TypeCast.arg, { text } as FoldedStatement);
  if (!('A_Const' in node)) return null;
  const value = node.A_Const.sval?.sval ?? '';
  if (!/^\$\d+$/.test(value)) return null;
  const from = letterAt(text, node.A_Const.location ?? 0);
  const marked = `'${value}'`;
  if (!text.startsWith(marked, from)) return null;
  const cast = /^\s*::\s*[\w."]+(?:\(\d+\))?/.exec(text.slice(from + marked.length))?.[0] ?? '';
  return { from, to: from + marked.length + cast.length, marked, cast };
}

/** Every placeholder inside of a node. */
export function placeholdersIn(node: unknown, statement: FoldedStatement): Placeholder[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = placeholderOf(node as Node, statement);
  return own === null ? Object.values(node).flatMap((inner) => placeholdersIn(inner, statement)) : [own];
}

/** The parser counts bytes of UTF-8. */
export function letterAt(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().length;
}

/** A column that is compared with one placeholder: a key that the statement is called with. */
export interface Key {
  /** As it is written, with its qualifier: `b.id`. */
  readonly written: string;
  /** The column alone. */
  readonly column: string;
  readonly placeholder: Placeholder;
}

/** Columns that the whole condition compares with one placeholder each. */
export function keysOf(where: Node | undefined, statement: FoldedStatement): Key[] {
  if (where === undefined) return [];
  if ('BoolExpr' in where) {
    return where.BoolExpr.boolop === 'AND_EXPR'
      ? (where.BoolExpr.args ?? []).flatMap((part) => keysOf(part, statement))
      : [];
  }
  return 'A_Expr' in where ? keyOf(where.A_Expr, statement) : [];
}

function keyOf({ kind, name, lexpr, rexpr }: A_Expr, statement: FoldedStatement): Key[] {
  const operator = name?.[0];
  const isEqual = operator !== undefined && 'String' in operator && operator.String.sval === '=';
  if (kind !== 'AEXPR_OP' || !isEqual) return [];
  return [
    [lexpr, rexpr],
    [rexpr, lexpr],
  ].flatMap(([column, value]) => {
    const placeholder = placeholderOf(value, statement);
    if (placeholder === null || column === undefined || !('ColumnRef' in column)) return [];
    const parts = namesOf(column.ColumnRef);
    const last = parts.at(-1);
    return last === undefined ? [] : [{ written: parts.map(quoted).join('.'), column: last, placeholder }];
  });
}

/** `b.id` as its parts; `*` is left out. */
export function namesOf({ fields }: ColumnRef): string[] {
  return (fields ?? []).flatMap((field) => ('String' in field ? (field.String.sval ?? []) : []));
}

/** A name as SQL writes it: quoted only where it has to be. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A text with some places replaced; the places are those of the text before. */
export function edited(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text);
}

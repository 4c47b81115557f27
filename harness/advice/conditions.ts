/** What the conditions of a statement compare with what. */
import { columnPath, type Fields, fieldsOf, lastName, listOf, nodeOf, type TreeNode } from './parse-tree.ts';
import { type ColumnOrigin, newUse, type Outputs, type Scope, type TableUse } from './scope.ts';

export interface ConditionReader {
  /** Reads a condition whose parts must all hold. */
  read(condition: unknown, scope: Scope): void;
  /** Looks for subqueries in anything else. */
  search(value: unknown, scope: Scope): void;
}

interface Surroundings {
  /** Reads a subquery seen from `scope`; returns what it gives out. */
  readonly query: (node: TreeNode, scope: Scope) => Outputs;
  readonly addUse: (use: TableUse) => void;
}

type Comparison = 'equality' | 'range';

const RANGE_OPERATORS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

export function conditionReader({ query, addUse }: Surroundings): ConditionReader {
  function read(condition: unknown, scope: Scope): void {
    const node = nodeOf(condition);
    if (!node) return;
    const { kind, fields } = node;
    if (kind === 'BoolExpr') readBoolean(fields, scope);
    else if (kind === 'A_Expr') readExpression(fields, scope);
    else if (kind === 'NullTest' && fields.nulltesttype === 'IS_NULL')
      note(fields.arg, 'equality', null, scope);
    else if (kind === 'BooleanTest' && /^IS_(TRUE|FALSE)$/.test(String(fields.booltesttype)))
      note(fields.arg, 'equality', null, scope);
    else if (kind === 'ColumnRef') note(condition, 'equality', null, scope);
    else if (kind === 'SubLink') readSubquery(fields, scope);
    else search(fields, scope);
  }

  function readBoolean({ boolop, args }: Fields, scope: Scope): void {
    const parts = listOf(args);
    if (boolop === 'AND_EXPR') for (const part of parts) read(part, scope);
    else if (boolop === 'NOT_EXPR' && columnPath(parts[0])) read(parts[0], scope);
    else if (boolop === 'OR_EXPR') for (const part of parts) readAlternative(part, scope);
    else search(args, scope);
  }

  /** One side of an OR is searched by itself (a BitmapOr), so it is a use of its own and adds nothing to the others. */
  function readAlternative(part: unknown, scope: Scope): void {
    const kept = scope.sources.flatMap(({ use }) => (use ? [{ use, before: copyOf(use) }] : []));
    read(part, scope);
    for (const { use, before } of kept) {
      const alternative = newUse(use.table);
      for (const group of ['equality', 'join', 'range'] as const) {
        for (const column of use[group]) {
          if (before[group].has(column)) continue;
          use[group].delete(column);
          alternative[group].add(column);
        }
      }
      if (alternative.equality.size + alternative.join.size + alternative.range.size > 0) addUse(alternative);
    }
  }

  function readExpression(fields: Fields, scope: Scope): void {
    const { kind, name, lexpr, rexpr } = fields;
    const operator = lastName(name);
    const isEquality = operator === '=' && ['AEXPR_OP', 'AEXPR_IN', 'AEXPR_OP_ANY'].includes(String(kind));
    if (isEquality) compare('equality', lexpr, rexpr, scope);
    else if (kind === 'AEXPR_OP' && RANGE_OPERATORS.has(operator)) compare('range', lexpr, rexpr, scope);
    else if (kind === 'AEXPR_BETWEEN') compare('range', lexpr, rexpr, scope);
    else search([lexpr, rexpr], scope);
  }

  function compare(how: Comparison, left: unknown, right: unknown, scope: Scope): void {
    const [leftParts, rightParts] = [rowParts(left), rowParts(right)];
    if (leftParts) {
      // Rows are compared column by column; a range over rows is led by its first column.
      const places = how === 'range' ? [0] : leftParts.keys();
      for (const place of places) compare(how, leftParts[place], rightParts?.[place] ?? right, scope);
      return;
    }
    note(left, how, right, scope);
    note(right, how, left, scope);
    search([left, right], scope);
  }

  /** Notes that a column is compared with `other`, unless `other` is made from the same row. */
  function note(value: unknown, how: Comparison, other: unknown, scope: Scope): void {
    const origin = originOf(value, scope);
    if (!origin) return;
    const others = columnsIn(other, scope);
    if (others.some(({ use }) => use === origin.use)) return;
    const group = how === 'equality' && others.length > 0 ? 'join' : how;
    origin.use[group].add(origin.column);
  }

  function readSubquery(fields: Fields, scope: Scope): void {
    const subquery = nodeOf(fields.subselect);
    const outputs = subquery ? query(subquery, scope) : new Map();
    if (fields.subLinkType !== 'ANY_SUBLINK' || !fields.testexpr) {
      search(fields.testexpr, scope);
      return;
    }
    const operator = listOf(fields.operName).length > 0 ? lastName(fields.operName) : '=';
    if (operator !== '=') return;
    const given = [...outputs.values()] as (ColumnOrigin | null)[];
    for (const [place, tested] of (rowParts(fields.testexpr) ?? [fields.testexpr]).entries()) {
      originOf(tested, scope)?.use.join.add(originOf(tested, scope)?.column ?? '');
      given[place]?.use.join.add(given[place]?.column ?? '');
    }
  }

  function search(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) for (const one of value) search(one, scope);
    else if (typeof value === 'object' && value !== null) {
      const node = nodeOf(value);
      if (node?.kind === 'SubLink') readSubquery(node.fields, scope);
      else for (const field of Object.values(value)) search(field, scope);
    }
  }

  return { read, search };
}

function copyOf({ equality, join, range }: TableUse) {
  return { equality: new Set(equality), join: new Set(join), range: new Set(range) };
}

function rowParts(value: unknown): readonly unknown[] | null {
  const node = nodeOf(value);
  return node?.kind === 'RowExpr' ? listOf(node.fields.args) : null;
}

function originOf(value: unknown, scope: Scope): ColumnOrigin | null {
  const path = columnPath(value);
  return path && scope.resolve(path);
}

/** Columns of tables that an expression is made of, subqueries left out: those are read before. */
function columnsIn(value: unknown, scope: Scope): ColumnOrigin[] {
  if (Array.isArray(value)) return value.flatMap((one) => columnsIn(one, scope));
  if (!fieldsOf(value)) return [];
  const path = columnPath(value);
  if (path) {
    const origin = scope.resolve(path);
    return origin ? [origin] : [];
  }
  if (nodeOf(value)?.kind === 'SubLink') return [];
  return Object.values(value as Fields).flatMap((field) => columnsIn(field, scope));
}

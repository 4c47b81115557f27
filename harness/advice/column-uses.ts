/** Which columns a statement searches and sorts each of its tables by, from its parse tree. */
import type { Catalogue } from './catalogue.ts';
import { conditionReader } from './conditions.ts';
import {
  columnPath,
  type Fields,
  fieldsOf,
  lastName,
  listOf,
  nodeOf,
  parseStatements,
  type TreeNode,
  textOf,
} from './parse-tree.ts';
import { aliasOf, type ColumnOrigin, type Outputs, renamed, Scope, type TableUse } from './scope.ts';

/**
 * One entry for each place at which the statements of `text` read a table, through aliases, common table expressions,
 * subqueries and joins. Places that use no column are among them. Empty for what the parser does not take.
 */
export function columnUsesOf(text: string, catalogue: Catalogue): TableUse[] {
  const reader = new StatementReader(catalogue);
  for (const statement of parseStatements(text)) reader.statement(statement, null);
  return reader.uses;
}

const NO_OUTPUTS: Outputs = new Map();

class StatementReader {
  readonly uses: TableUse[] = [];
  readonly #catalogue: Catalogue;
  readonly #conditions = conditionReader({
    query: (node, scope) => this.statement(node, scope),
    addUse: (use) => this.uses.push(use),
  });

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Reads a statement seen from `around`; returns the columns that it gives out. */
  statement({ kind, fields }: TreeNode, around: Scope | null): Outputs {
    switch (kind) {
      case 'SelectStmt':
        return this.#select(fields, around);
      case 'InsertStmt':
      case 'UpdateStmt':
      case 'DeleteStmt':
      case 'MergeStmt':
        return this.#write(kind, fields, around);
      default: {
        // PREPARE, DECLARE CURSOR, EXPLAIN, CREATE TABLE AS and COPY (…) hold their query in one field.
        const query = nodeOf(fields.query);
        return query ? this.statement(query, around) : NO_OUTPUTS;
      }
    }
  }

  #select(fields: Fields, around: Scope | null): Outputs {
    const scope = this.#open(fields, around);
    if (fields.op !== undefined && fields.op !== 'SETOP_NONE') {
      for (const side of [fields.larg, fields.rarg]) this.#select(fieldsOf(side) ?? {}, scope);
      return NO_OUTPUTS;
    }
    for (const entry of listOf(fields.fromClause)) this.#from(entry, scope);
    this.#conditions.read(fields.whereClause, scope);
    for (const part of [fields.targetList, fields.havingClause, fields.valuesLists])
      this.#conditions.search(part, scope);
    const targets = listOf(fields.targetList).map((target) => nodeOf(target)?.fields ?? {});
    const outputs = outputsOf(targets, scope);
    readSort(fields, targets, outputs, scope);
    return outputs;
  }

  /** INSERT … SELECT, UPDATE … FROM, DELETE … USING, MERGE … USING: the written table is one that is read as well. */
  #write(kind: string, fields: Fields, around: Scope | null): Outputs {
    const scope = this.#open(fields, around);
    if (kind !== 'InsertStmt') {
      const use = this.#addRelation(fieldsOf(fields.relation) ?? {}, scope);
      if (kind === 'UpdateStmt') for (const column of assigned(fields.targetList)) use?.written.add(column);
    }
    for (const entry of [...listOf(fields.fromClause), ...listOf(fields.usingClause)])
      this.#from(entry, scope);
    if (fields.sourceRelation) this.#from(fields.sourceRelation, scope);
    for (const condition of [fields.whereClause, fields.joinCondition])
      this.#conditions.read(condition, scope);
    for (const part of [fields.targetList, fields.mergeWhenClauses]) this.#conditions.search(part, scope);
    const source = nodeOf(fields.selectStmt);
    if (source) this.statement(source, scope);
    const returned = fieldsOf(fields.returningClause)?.exprs ?? fields.returningList;
    return outputsOf(
      listOf(returned).map((target) => nodeOf(target)?.fields ?? {}),
      scope,
    );
  }

  #open(fields: Fields, around: Scope | null): Scope {
    const scope = new Scope(this.#catalogue, around);
    for (const entry of listOf(fieldsOf(fields.withClause)?.ctes)) {
      const common = nodeOf(entry)?.fields ?? {};
      const query = nodeOf(common.ctequery);
      const outputs = query ? this.statement(query, scope) : NO_OUTPUTS;
      const names = listOf(common.aliascolnames).map((name) => textOf(name) ?? '');
      scope.defineCommonTable(String(common.ctename), renamed(outputs, names));
    }
    return scope;
  }

  #addRelation(relation: Fields, scope: Scope): TableUse | null {
    const use = scope.addRelation(relation);
    if (use) this.uses.push(use);
    return use;
  }

  #from(entry: unknown, scope: Scope): void {
    const node = nodeOf(entry);
    if (!node) return;
    const { kind, fields } = node;
    if (kind === 'RangeVar') this.#addRelation(fields, scope);
    else if (kind === 'RangeSubselect') this.#subquery(fields, scope);
    else if (kind === 'JoinExpr') this.#join(fields, scope);
    else {
      this.#conditions.search(fields, scope);
      const alias = aliasOf(fields);
      const outputs = new Map((alias?.columns ?? []).map((column) => [column, null]));
      if (alias) scope.add({ name: alias.name, use: null, outputs });
    }
  }

  /** LATERAL or not, it is read with its neighbours in sight: without the word it cannot name them. */
  #subquery(fields: Fields, scope: Scope): void {
    const query = nodeOf(fields.subquery);
    const outputs = query ? this.statement(query, scope) : NO_OUTPUTS;
    const alias = aliasOf(fields);
    scope.add({ name: alias?.name ?? '', use: null, outputs: renamed(outputs, alias?.columns) });
  }

  #join(fields: Fields, scope: Scope): void {
    const before = scope.sources.length;
    this.#from(fields.larg, scope);
    this.#from(fields.rarg, scope);
    for (const name of listOf(fields.usingClause).map(textOf)) {
      const joined = scope.sources.slice(before).filter(({ use }) => use?.table.columns.has(name ?? ''));
      for (const { use } of joined) use?.join.add(name ?? '');
    }
    this.#conditions.read(fields.quals, scope);
  }
}

/** Columns that the SET of an UPDATE names. */
function assigned(targetList: unknown): string[] {
  return listOf(targetList).map((target) => String(nodeOf(target)?.fields.name ?? ''));
}

function outputsOf(targets: readonly Fields[], scope: Scope): Outputs {
  const outputs = new Map<string, ColumnOrigin | null>();
  for (const [index, target] of targets.entries()) {
    const path = columnPath(target.val);
    if (path && path.at(-1) === null) {
      for (const [name, origin] of scope.allColumns(path.at(-2) ?? null)) outputs.set(name, origin);
      continue;
    }
    const name = typeof target.name === 'string' ? target.name : (path?.at(-1) ?? `?column? ${index}`);
    outputs.set(name, path && scope.resolve(path));
  }
  return outputs;
}

/** The leading columns of ORDER BY, or of DISTINCT ON without one, that are of one table; else a lone min or max. */
function readSort(fields: Fields, targets: readonly Fields[], outputs: Outputs, scope: Scope): void {
  if (listOf(fields.groupClause).length > 0) return;
  const sorted = listOf(fields.sortClause).map((entry) => {
    const { node, sortby_dir } = nodeOf(entry)?.fields ?? {};
    return { origin: sortOrigin(node, targets, outputs, scope), descending: sortby_dir === 'SORTBY_DESC' };
  });
  const distinct = listOf(fields.distinctClause).map((node) => ({
    origin: sortOrigin(node, targets, outputs, scope),
    descending: false,
  }));
  const wanted = sorted.length > 0 ? sorted : distinct.length > 0 ? distinct : extremeOf(targets, scope);
  const use = wanted[0]?.origin?.use;
  if (!use) return;
  for (const { origin, descending } of wanted) {
    if (origin?.use !== use) return;
    use.sort.push({ column: origin.column, descending });
  }
}

function sortOrigin(
  node: unknown,
  targets: readonly Fields[],
  outputs: Outputs,
  scope: Scope,
): ColumnOrigin | null {
  const path = columnPath(node);
  if (path) {
    const name = path.length === 1 ? (path[0] ?? '') : '';
    return outputs.get(name) ?? scope.resolve(path);
  }
  const constant = nodeOf(node);
  const place = constant?.kind === 'A_Const' ? fieldsOf(constant.fields.ival)?.ival : undefined;
  const target = typeof place === 'number' ? columnPath(targets[place - 1]?.val) : null;
  return target && scope.resolve(target);
}

/** `SELECT max(created_at) FROM …` reads one end of an index. */
function extremeOf(
  targets: readonly Fields[],
  scope: Scope,
): { origin: ColumnOrigin | null; descending: boolean }[] {
  const call = targets.length === 1 ? nodeOf(targets[0]?.val) : null;
  if (call?.kind !== 'FuncCall' || !['min', 'max'].includes(lastName(call.fields.funcname))) return [];
  const path = columnPath(listOf(call.fields.args)[0]);
  return path ? [{ origin: scope.resolve(path), descending: false }] : [];
}

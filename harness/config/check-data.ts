import { gotText, mismatch, type Place, type Problem } from './config-problem.ts';
import type { Values } from './rushhour-config.ts';
import type { SoundPart } from './sound-part.ts';

/** What the dataset and the lists of offers and accounts say of themselves and of each other. */
export function dataProblems(config: SoundPart): Problem[] {
  const offers = literalRows(config.dispatch?.offers);
  const accounts = literalRows(
    config.login && 'accounts' in config.login ? config.login.accounts : undefined,
  );
  return [
    ...datasetProblems(config),
    ...rowProblems(['dispatch', 'offers'], offers, 'offer, for each is dispatched once'),
    ...rowProblems(['login', 'accounts'], accounts, 'account'),
    ...sharedColumnProblems(config, offers, accounts),
    ...stateProblems(config),
  ];
}

/** Columns of the rows of a list; `undefined` where only a query knows them. */
export function literalColumns(rows: unknown): readonly string[] | undefined {
  const literal = literalRows(rows);
  return literal && [...new Set(literal.flatMap((row) => Object.keys(row ?? {})))];
}

function literalRows(rows: unknown): readonly (Values | undefined)[] | undefined {
  return Array.isArray(rows) ? (rows as readonly (Values | undefined)[]) : undefined;
}

function datasetProblems({ dataset }: SoundPart): Problem[] {
  if (dataset === undefined) return [];
  const given: Readonly<Record<string, unknown>> = dataset;
  const kinds = ['rows', 'seed', 'copyOf'].filter((kind) => given[kind] !== undefined);
  if (kinds.length !== 1) {
    const got = kinds.length === 0 ? 'none of them' : kinds.join(' and ');
    return [mismatch(['dataset'], 'one of rows, seed and copyOf', got)];
  }
  if (!('rows' in dataset) || dataset.rows === undefined) return [];
  const problems: Problem[] = [];
  if (dataset.schema === undefined)
    problems.push(
      mismatch(['dataset', 'schema'], 'the steps that make the tables that rows fills', 'nothing'),
    );
  if (Object.keys(dataset.rows).length === 0)
    problems.push(mismatch(['dataset', 'rows'], 'at least one table', 'an empty object'));
  return problems;
}

/** All rows of a list have the same columns, and no two are equal. */
function rowProblems(
  list: Place,
  rows: readonly (Values | undefined)[] | undefined,
  what: string,
): Problem[] {
  const first = rows?.[0];
  if (!rows || !first) return [];
  const columns = Object.keys(first);
  const seen = new Map<string, number>();
  return rows.flatMap((row, position) => {
    if (row === undefined) return [];
    const place = [...list, position];
    const own = Object.keys(row);
    const missing = columns.filter((column) => !own.includes(column));
    const additional = own.filter((column) => !columns.includes(column));
    if (missing.length > 0 || additional.length > 0)
      return [mismatch(place, `the columns of the first, ${columns.join(', ')}`, own.join(', ') || 'none')];
    const text = JSON.stringify(columns.map((column) => row[column]));
    const equal = seen.get(text);
    seen.set(text, equal ?? position);
    return equal === undefined ? [] : [mismatch(place, `another ${what}`, `that of ${equal} again`)];
  });
}

function sharedColumnProblems(
  { login }: SoundPart,
  offers: readonly (Values | undefined)[] | undefined,
  accounts: readonly (Values | undefined)[] | undefined,
): Problem[] {
  const column = login && 'accountOf' in login ? login.accountOf : undefined;
  if (column === undefined) return [];
  const lists = [
    { name: 'offers', rows: offers },
    { name: 'accounts', rows: accounts },
  ];
  return lists.flatMap(({ name, rows }) => {
    const columns = literalColumns(rows);
    return !columns || columns.includes(column)
      ? []
      : [mismatch(['login', 'accountOf'], `a column of the ${name} (${columns.join(', ')})`, `'${column}'`)];
  });
}

function stateProblems({ dispatch }: SoundPart): Problem[] {
  const complete = dispatch?.complete;
  if (complete?.by !== 'poll' || !('failed' in complete)) return [];
  return (complete.failed ?? []).flatMap((state, position) =>
    state !== undefined && complete.done?.includes(state)
      ? [mismatch(['dispatch', 'complete', 'failed', position], 'a state that is not done', gotText(state))]
      : [],
  );
}

/** What an index that is there already is good for, by what stands beside it and by what was counted without it. */
import type { CatalogueIndex, IndexKey } from './catalogue.ts';
import { type IndexDefinition, isPrefix } from './index-definition.ts';
import type { IndexJudgement } from './judge-index.ts';

export type ExistingWord = 'required' | 'duplicate' | 'prefix' | 'unused' | 'not-worth-its-writes' | 'earns';

export interface ExistingVerdict {
  readonly word: ExistingWord;
  /** Name of the index that serves as well, for a duplicate or a prefix. */
  readonly servedBy: string | null;
}

/** An index that may serve in place of another: one that is there, or one that is advised. */
export type Neighbour = Pick<
  CatalogueIndex,
  'schema' | 'table' | 'name' | 'keys' | 'unique' | 'predicate' | 'method' | 'valid' | 'included'
>;

/**
 * @param judgement of the replay without it against the one with it; null for one that cannot be left out
 * @param neighbours all other indexes there will be
 */
export function judgeExisting(
  index: CatalogueIndex,
  judgement: IndexJudgement | null,
  neighbours: readonly Neighbour[],
): ExistingVerdict {
  if (index.required) return { word: 'required', servedBy: null };
  const server = servingNeighbour(index, neighbours);
  if (server) return { word: hasEqualKeys(index, server) ? 'duplicate' : 'prefix', servedBy: server.name };
  if (judgement === null || judgement.scans === 0) return { word: 'unused', servedBy: null };
  return { word: judgement.accepted ? 'earns' : 'not-worth-its-writes', servedBy: null };
}

/** One that answers everything the index answers. A unique one also forbids, which only its equal does in its place. */
export function servingNeighbour(index: CatalogueIndex, neighbours: readonly Neighbour[]): Neighbour | null {
  const plainKeys = index.keys.filter((key): key is IndexKey => key !== null);
  if (plainKeys.length < index.keys.length || index.method !== 'btree') return null; // an expression: not compared
  return (
    neighbours.find(
      (other) =>
        other.name !== index.name &&
        other.schema === index.schema &&
        other.table === index.table &&
        other.method === index.method &&
        other.valid &&
        other.predicate === index.predicate &&
        index.included.every((column) => columnsOf(other).includes(column)) &&
        isPrefix(plainKeys, other.keys) &&
        (!index.unique || (other.unique && hasEqualKeys(index, other))) &&
        (!hasEqualKeys(index, other) || isTheOneToKeep(other, index)),
    ) ?? null
  );
}

/** An index that is not there yet, as one that may serve. */
export function asNeighbour({ schema, table, name, keys }: IndexDefinition): Neighbour {
  return {
    schema,
    table,
    name,
    keys,
    unique: false,
    predicate: null,
    method: 'btree',
    valid: true,
    included: [],
  };
}

function columnsOf({ keys, included }: Neighbour): string[] {
  return [...keys.flatMap((key) => key?.column ?? []), ...included];
}

function hasEqualKeys(index: Neighbour, other: Neighbour): boolean {
  return index.keys.length === other.keys.length;
}

/** Of two with equal keys only one is to be named: a unique one stays, else the one whose name comes first. */
function isTheOneToKeep(other: Neighbour, index: Neighbour): boolean {
  if (other.unique !== index.unique) return other.unique;
  return other.name < index.name;
}

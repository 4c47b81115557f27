/** Access to the parse tree that PostgreSQL's own parser gives as JSON: every node is `{ Kind: { …fields } }`. */
import { parseSync } from 'libpg-query';

export type Fields = Readonly<Record<string, unknown>>;

export interface TreeNode {
  readonly kind: string;
  readonly fields: Fields;
}

/**
 * The statements of a text; none when the parser does not take it (a later grammar, a proprietary one). The parser must
 * have been loaded, see `capture/statement-identity.ts`.
 */
export function parseStatements(text: string): TreeNode[] {
  try {
    return (parseSync(text).stmts ?? []).flatMap(({ stmt }) => nodeOf(stmt) ?? []);
  } catch {
    return [];
  }
}

export function nodeOf(value: unknown): TreeNode | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0 || typeof entry[1] !== 'object') return null;
  return { kind: entry[0], fields: entry[1] as Fields };
}

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null ? (value as Fields) : null;
}

/** Members of a list field, or of a `List` node. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const node = nodeOf(value);
  return node?.kind === 'List' ? listOf(node.fields.items) : [];
}

/** Text of a `String` node. */
export function textOf(value: unknown): string | null {
  const node = nodeOf(value);
  return node?.kind === 'String' && typeof node.fields.sval === 'string' ? node.fields.sval : null;
}

/** The parts of a column reference: `b.id` is ['b', 'id'], `*` ends in null. Null for anything else. */
export function columnPath(value: unknown): (string | null)[] | null {
  const node = nodeOf(value);
  return node?.kind === 'ColumnRef' ? listOf(node.fields.fields).map(textOf) : null;
}

/** Last part of the name of an operator or function. */
export function lastName(value: unknown): string {
  return textOf(listOf(value).at(-1)) ?? '';
}

/** What can be told from the text of a statement as `pg_stat_statements` keeps it: constants are parameters there. */
import { shorten } from '../quantity.ts';

/** White space folded and leading comments gone, so that texts of two databases can be matched. */
export function normaliseStatement(text: string): string {
  return text
    .replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '')
    .replace(/\s+/g, ' ')
    .replace(/[\s;]+$/, '');
}

const WRITTEN =
  /\b(?:INSERT INTO|MERGE INTO|DELETE FROM|(?<!\b(?:FOR|DO|KEY) )UPDATE)\s+(?:ONLY\s+)?([\w."]+)/gi;
const READ = /\b(?:FROM|JOIN)\s+(?:ONLY\s+)?([\w."]+)/gi;

const NAME_LIMIT = 90;
/** Lists up to this length are worth reading: `SELECT count(*) FROM …`. */
const LIST_LIMIT = 24;

/** A statement in one short line: "SELECT … FROM client WHERE id = $1", "INSERT INTO assignment …". */
export function nameStatement(text: string): string {
  const written = [...text.matchAll(WRITTEN)].at(-1)?.[0];
  if (written && /^WITH /i.test(text)) return `WITH … ${written} …`;
  if (written && /^INSERT /i.test(text)) return `${written} …`;
  return shorten(withoutLongList(text), NAME_LIMIT);
}

function withoutLongList(text: string): string {
  if (/^UPDATE /i.test(text)) return text.replace(/ SET .{16,}? WHERE /i, ' SET … WHERE ');
  if (!/^SELECT /i.test(text)) return text;
  const from = outerFrom(text);
  return from > 'SELECT '.length + LIST_LIMIT ? `SELECT …${text.slice(from)}` : text;
}

/** Where " FROM " of the statement itself begins, not one within brackets; −1 without. */
function outerFrom(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')') depth--;
    else if (depth === 0 && /^ FROM /i.test(text.slice(at, at + 6))) return at;
  }
  return -1;
}

function namesIn(text: string, pattern: RegExp): ReadonlySet<string> {
  const names = [...text.matchAll(pattern)].map((match) => (match[1] ?? '').replaceAll('"', ''));
  return new Set(names.map((name) => name.split('.').at(-1) ?? name));
}

/** Tables that a statement writes to, in its common table expressions too. Empty for one that only reads. */
export function tablesWritten(text: string): ReadonlySet<string> {
  return namesIn(text, WRITTEN);
}

/** Tables that a statement names after FROM, JOIN, INSERT INTO and the like. Its own subquery names are among them. */
export function tablesOf(text: string): ReadonlySet<string> {
  return new Set([...namesIn(text, READ), ...tablesWritten(text)]);
}

/** Whether it asks for rows and writes none. */
export function isQuery(text: string): boolean {
  return /^(?:SELECT|WITH|VALUES|TABLE)\b/i.test(text) && tablesWritten(text).size === 0;
}

/** Names of tables and columns that are in both, as a share of those in `text`, 0–1. */
export function likeness(text: string, other: string): number {
  const names = identifiersOf(text);
  const others = identifiersOf(other);
  return [...names].filter((name) => others.has(name)).length / Math.max(1, names.size);
}

/** Key words are told from names by their capitals; a text without any has key words in common with every other. */
function identifiersOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\b[a-z_][a-z0-9_]+\b/g) ?? []);
}

export function isCommit(text: string): boolean {
  return /^(?:COMMIT|END)\b/i.test(text);
}

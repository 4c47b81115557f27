import { loadModule, parseSync, scanSync } from 'libpg-query';
import { normaliseStatement } from '../experiment/statement-text.ts';
import { foldLists } from './fold-lists.ts';
import { readStatement, type Word } from './statement-words.ts';

/** Loads PostgreSQL's own scanner and parser, and uses them once: the first use takes long. Must come before the others. */
export async function loadStatementParser(): Promise<void> {
  await loadModule();
  scanSync('SELECT 1');
  parseSync('SELECT 1');
}

interface Folded {
  readonly identity: string;
  readonly literals: string;
}

/** Texts are remembered up to this many letters in all. */
const LETTERS_REMEMBERED = 20_000_000;
const remembered = new Map<string, Folded>();
let lettersRemembered = 0;

/**
 * What executions of the same statement have in common: the text in one spelling, constants and parameters `$`, lists
 * of any length `($, ...)`. The text that a service sends, with parameters or literals, and the one that
 * `pg_stat_statements` keeps on PostgreSQL 13 to 18 have the same identity; `= $` and `IN ($, ...)` have two.
 * A text that PostgreSQL's scanner cannot read is given back with its white space folded.
 */
export function statementIdentity(text: string): string {
  return folded(text).identity;
}

/** What the identity leaves out: the constants in the text, in order, as one string to compare. Empty when all are parameters. */
export function literalsOf(text: string): string {
  return folded(text).literals;
}

function folded(text: string): Folded {
  const known = remembered.get(text);
  if (known) return known;
  const made = fold(text);
  if (lettersRemembered > LETTERS_REMEMBERED) {
    remembered.clear();
    lettersRemembered = 0;
  }
  remembered.set(text, made);
  lettersRemembered += text.length + made.identity.length + made.literals.length;
  return made;
}

function fold(text: string): Folded {
  try {
    const { words, literals } = readStatement(text);
    return { identity: spaced(foldLists(words)), literals: literals.join('\n') };
  } catch {
    return { identity: normaliseStatement(text), literals: '' };
  }
}

function spaced(words: readonly Word[]): string {
  let line = '';
  for (const [at, word] of words.entries()) {
    line += (at > 0 && isApart(words, at) ? ' ' : '') + word.text;
  }
  return line;
}

function isApart(words: readonly Word[], at: number): boolean {
  const [before, word] = [words[at - 1], words[at]];
  if (!before || !word) return false;
  if (/^(?:[,)\];.]|::)$/.test(word.text) || /^(?:[([.]|::)$/.test(before.text)) return false;
  if (word.text === '[') return !(before.isName || /^(?:ARRAY|\)|\])$/.test(before.text));
  return !(word.text === '(' && before.isName && !isWrittenTo(words, at - 1));
}

/** The table in `INSERT INTO a.b (c)`: no function. */
function isWrittenTo(words: readonly Word[], at: number): boolean {
  let first = at;
  while (words[first - 1]?.text === '.') first -= 2;
  return words[first - 1]?.text === 'INTO';
}

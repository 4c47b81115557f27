/** A statement's text as words, each in the one spelling that all its spellings share. */
import { type ScanToken, scanSync } from 'libpg-query';

export interface Word {
  readonly text: string;
  /** A name, also of a function or type: no space between it and its bracket. */
  readonly isName: boolean;
}

/** Stands for a constant or a parameter. */
export const VALUE: Word = { text: '$', isName: false };

/**
 * White space and comments are gone, key words are capitals, names as PostgreSQL folds them and without needless quotes.
 * Constants and parameters are {@link VALUE}, also where `pg_stat_statements` leaves some: in `FETCH 10`, `varchar(20)`, LIMIT.
 * Kept as they are: NULL, TRUE and FALSE after IS, and places in a list as in `ORDER BY 2`, which are no values.
 *
 * @throws Error when PostgreSQL's scanner cannot read the text
 */
export function readStatement(text: string): { words: readonly Word[]; literals: readonly string[] } {
  const tokens = scanSync(text).tokens.filter(({ tokenName }) => !tokenName.endsWith('_COMMENT'));
  while (tokens.at(-1)?.text === ';') tokens.pop();
  const words: Word[] = [];
  const literals: string[] = [];
  const scopes = new Scopes();
  for (const token of tokens) {
    const word = wordOf(token, words, scopes);
    scopes.enter(word.text);
    if (word !== VALUE) words.push(word);
    else {
      if (token.tokenName !== 'PARAM' && token.text !== '$') literals.push(token.text);
      addValue(token, words);
    }
  }
  return { words: withoutPassingNames(words), literals };
}

function addValue(token: ScanToken, words: Word[]): void {
  if (continuesString(token, words)) return;
  if (token.tokenName !== 'PARAM' && isSign(words)) words.pop();
  words.push(VALUE);
}

function wordOf(token: ScanToken, before: readonly Word[], scopes: Scopes): Word {
  if (isConstant(token)) return scopes.isPlace(token, before) ? { text: token.text, isName: false } : VALUE;
  if (/^(?:TRUE|FALSE|NULL)$/i.test(token.text) && !isTested(token.text, before)) return VALUE;
  // What follows a dot is a name, whatever it is else.
  return spelled(token.text, before.at(-1)?.text === '.' ? 'NO_KEYWORD' : token.keywordName);
}

/** Also the `$` of a text that was folded before. */
function isConstant({ tokenName, text }: ScanToken): boolean {
  return /^(?:[IFSBX]CONST|USCONST|PARAM)$/.test(tokenName) || /^(?:\$$|(?:u&|[xbn])?')/i.test(text);
}

/** IS NULL, IS NOT TRUE; NOT NULL of a column. */
function isTested(text: string, before: readonly Word[]): boolean {
  const [last, last2] = [before.at(-1)?.text, before.at(-2)?.text];
  return last === 'IS' || (last === 'NOT' && (last2 === 'IS' || /^NULL$/i.test(text)));
}

/** `'a' 'b'` on two lines is one constant. */
function continuesString(token: ScanToken, before: readonly Word[]): boolean {
  return token.text.startsWith("'") && before.at(-1) === VALUE && token.tokenName !== 'PARAM';
}

/** A minus that belongs to the number: pg_stat_statements takes it into the constant. */
function isSign(before: readonly Word[]): boolean {
  return before.at(-1)?.text === '-' && BEFORE_A_VALUE.test(before.at(-2)?.text ?? '(');
}

const BEFORE_A_VALUE =
  /^(?:[-+*/<>=~!@#%^&|`?]+|[(,[]|SELECT|DISTINCT|WHERE|HAVING|ON|AND|OR|NOT|CASE|WHEN|THEN|ELSE|BETWEEN|LIKE|LIMIT|OFFSET|BY|RETURNING|DEFAULT)$/;

/** Where ORDER BY and GROUP BY may name a place in the list: those of a SELECT, not of a window or an aggregate. */
class Scopes {
  private readonly stack: { first: string | null; inBy: boolean }[] = [{ first: null, inBy: false }];

  enter(text: string): void {
    const scope = this.stack.at(-1);
    if (scope) scope.first ??= text;
    if (text === '(' || text === '[') this.stack.push({ first: null, inBy: false });
    else if ((text === ')' || text === ']') && this.stack.length > 1) this.stack.pop();
    else if (scope && text === 'BY') scope.inBy = true;
    else if (scope && /^(?:LIMIT|OFFSET|HAVING|UNION|FOR|WINDOW)$/.test(text)) scope.inBy = false;
  }

  isPlace({ tokenName }: ScanToken, before: readonly Word[]): boolean {
    const scope = this.stack.at(-1);
    const isQuery = this.stack.length === 1 || /^(?:SELECT|WITH|VALUES|\()$/.test(scope?.first ?? '');
    return isQuery && tokenName === 'ICONST' && !!scope?.inBy && /^(?:BY|,)$/.test(before.at(-1)?.text ?? '');
  }
}

/** Key words that give a statement its structure, of those that may also be names. */
const STRUCTURE = new Set(
  `ABORT ALTER BEGIN BETWEEN BY CALL CASCADE CLOSE COMMIT CONCURRENTLY CONFLICT COPY CURSOR DEALLOCATE DECLARE DELETE DISCARD DROP EXECUTE
  EXISTS EXPLAIN IF INSERT LISTEN LOCK MATCHED MATERIALIZED MERGE MOVE NOTHING NOTIFY NOWAIT OVER PARTITION PREPARE RECURSIVE
  REFRESH RELEASE RESET ROLLBACK SAVEPOINT SET SHOW START TRANSACTION TRUNCATE UPDATE VALUES WITHIN`.split(
    /\s+/,
  ),
);

function spelled(text: string, keywordName: string): Word {
  const isStructure = keywordName !== 'NO_KEYWORD' && STRUCTURE.has(text.toUpperCase());
  if (isStructure || /^(?:RESERVED|TYPE_FUNC_NAME)_KEYWORD$/.test(keywordName))
    return { text: text.toUpperCase(), isName: false };
  if (text.startsWith('"')) return { text: withoutNeedlessQuotes(text), isName: true };
  const isName = /^[\p{L}_]|^u&"/iu.test(text);
  return { text: isName ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text, isName };
}

/** `"booking"` is `booking`, while `"order"` and `"Booking"` need their quotes. */
function withoutNeedlessQuotes(quoted: string): string {
  const name = quoted.slice(1, -1);
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) return quoted;
  let bare = plainNames.get(name);
  if (bare === undefined) {
    if (plainNames.size >= NAMES_REMEMBERED) plainNames.clear();
    bare = spelled(name, scanSync(name).tokens[0]?.keywordName ?? '').text === name;
    plainNames.set(name, bare);
  }
  return bare ? name : quoted;
}

const NAMES_REMEMBERED = 10_000;
/** Whether a name can stand without quotes. */
const plainNames = new Map<string, boolean>();

/**
 * Names that a driver makes up anew each time, of savepoints, prepared statements and cursors, and the value of SET, are
 * values too. pg_stat_statements has folded the first two since PostgreSQL 17 and SET since 18.
 */
function withoutPassingNames(words: readonly Word[]): readonly Word[] {
  const texts = words.map(({ text }) => text);
  const fold = (place: number) =>
    words.map((word, at) => (at === place && word.text !== 'ALL' ? VALUE : word));
  switch (texts[0]) {
    case 'SAVEPOINT':
    case 'CLOSE':
    case 'DECLARE':
      return fold(1);
    case 'RELEASE':
    case 'DEALLOCATE':
    case 'FETCH':
    case 'MOVE':
      return fold(words.length - 1);
    case 'ROLLBACK':
      return texts.includes('TO') ? fold(words.length - 1) : words;
    case 'SET': {
      const value = texts.findIndex((text) => text === '=' || text === 'TO') + 1;
      return value > 0 && texts[value] !== 'DEFAULT' ? [...words.slice(0, value), VALUE] : words;
    }
    default:
      return words;
  }
}

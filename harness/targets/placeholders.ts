/** What requests, commands and SQL of a config are filled with: `{name}` in texts, `:name` in SQL, dotted paths into answers. */
import {
  type FilledTemplate,
  fillTemplate,
  fillTemplateText,
  MissingValue,
} from '../../scenarios/request-template.ts';
import type { RequestConfig, Value, Values } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';

export type FilledRequest = FilledTemplate;

/**
 * Fills a request. Values in its path are URL-encoded; in its body, a text that is one placeholder and nothing else becomes the value
 * with its type.
 *
 * @throws HarnessError BAD_CONFIG naming a placeholder that has no value
 */
export function fillRequest(request: RequestConfig, values: Values): FilledRequest {
  const where = `the request ${request.method ?? ''} ${request.path}`.replace('  ', ' ');
  return named(() => fillTemplate(request, values), values, where);
}

/** Fills a text. @throws HarnessError BAD_CONFIG naming a placeholder that has no value */
export function fillText(text: string, values: Values): string {
  return named(() => fillTemplateText(text, values), values, `"${text}"`);
}

function named<Filled>(fill: () => Filled, values: Values, where: string): Filled {
  try {
    return fill();
  } catch (error) {
    if (!(error instanceof MissingValue)) throw error;
    throw noValue(`{${error.placeholder}} in ${where}`, values);
  }
}

function noValue(place: string, values: Values): HarnessError {
  const known = Object.keys(values).sort();
  return new HarnessError(
    'BAD_CONFIG',
    `No value for ${place}: expected one of ${known.length > 0 ? known.join(', ') : '(none: there are no values here)'}.`,
    {
      hint: 'Placeholders are columns of the offer or the account, or names given by `extract` of an earlier request.',
    },
  );
}

/** What SQL is made of, as far as it decides whether a colon begins a parameter. Block comments nest and are read apart. */
const SQL_PIECE =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$|[\p{L}_][\p{L}\p{N}_$]*|::|:=|:[\p{L}_][\p{L}\p{N}_]*|[\s\S]/uy;

/**
 * Turns `:name` into `$1`, `$2` and so on, wherever it is no part of a quoted text, a comment or a cast. The same name is the same
 * parameter.
 *
 * @throws HarnessError BAD_CONFIG naming a parameter that has no value
 */
export function sqlWithParameters(sql: string, values: Values): { text: string; values: Value[] } {
  const names: string[] = [];
  let text = '';
  for (let at = 0; at < sql.length; ) {
    SQL_PIECE.lastIndex = at;
    const [piece = ''] = SQL_PIECE.exec(sql) ?? [];
    const end = endOfPiece(sql, at, piece);
    if (/^:[^:=]/.test(piece)) {
      const name = piece.slice(1);
      if (!Object.hasOwn(values, name)) throw noValue(`:${name} in "${firstWords(sql)}"`, values);
      if (!names.includes(name)) names.push(name);
      text += `$${names.indexOf(name) + 1}`;
    } else text += sql.slice(at, end);
    at = end;
  }
  return { text, values: names.map((name) => values[name] as Value) };
}

/** Of a piece that goes on to its partner: a block comment, a text in dollars. One that never ends takes all the rest. */
function endOfPiece(sql: string, at: number, piece: string): number {
  const after = at + piece.length;
  if (piece === '/*') return endOfComment(sql, after);
  if (!/^\$.*\$$/su.test(piece) || piece.length < 2) return after;
  const close = sql.indexOf(piece, after);
  return close < 0 ? sql.length : close + piece.length;
}

function endOfComment(sql: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  for (let depth = 1; depth > 0; ) {
    const found = edge.exec(sql);
    if (!found) return sql.length;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return edge.lastIndex;
}

function firstWords(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

/**
 * The value at a dotted path of an answer: `run.id`, `items.0.id`; an empty path is the answer itself. Numbers, texts, true, false and null.
 *
 * @throws HarnessError BAD_CONFIG saying what there is instead
 */
export function valueAt(json: unknown, path: string): Value {
  const found = findAt(json, path);
  if (found === null || (typeof found !== 'object' && found !== undefined)) return found as Value;
  throw new HarnessError(
    'BAD_CONFIG',
    `The answer has ${Array.isArray(found) ? 'a list' : 'an object'} at "${path}": expected a text, a number, true, false or null.`,
    { hint: `Go on in the path: "${path}.${Object.keys(found as object)[0] ?? 'name'}".` },
  );
}

/** What is at a dotted path, whatever it is. @throws HarnessError BAD_CONFIG saying what there is instead */
export function findAt(json: unknown, path: string): unknown {
  const steps = path === '' ? [] : path.split('.');
  let place = json;
  for (const [index, step] of steps.entries()) {
    if (place === null || typeof place !== 'object' || !Object.hasOwn(place, step)) {
      const above = steps.slice(0, index).join('.');
      throw new HarnessError(
        'BAD_CONFIG',
        `The answer has no "${path}": ${above ? `"${above}"` : 'it'} ${membersOf(place)}.`,
        { hint: 'Paths are dotted, and lists count from 0: run.id, items.0.id.' },
      );
    }
    place = (place as Record<string, unknown>)[step];
  }
  return place;
}

/** Names only: values of an answer may be secrets. */
function membersOf(place: unknown): string {
  if (Array.isArray(place)) return `is a list of ${place.length}`;
  if (place === null) return 'is null';
  if (typeof place !== 'object') return `is a ${typeof place === 'string' ? 'text' : typeof place}`;
  const names = Object.keys(place);
  return names.length > 0 ? `has ${names.slice(0, 20).join(', ')}` : 'is empty';
}

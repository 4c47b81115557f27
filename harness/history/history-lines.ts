import { isUtf8 } from 'node:buffer';
import { NightRecord } from '../night-record.ts';
import { countOf } from '../quantity.ts';
import { problemWords } from '../store/parse-record.ts';

/** Something in the file that is no night, or that is told beside one. Nothing of the rest is lost by it. */
export interface HistoryProblem {
  /** From 1. */
  readonly line: number;
  readonly kind: 'torn' | 'conflict' | 'duplicate' | 'contradiction' | 'newer' | 'misshapen' | 'encoding';
  /** With the number of the line. */
  readonly text: string;
}

export interface HistoryLines {
  /** In the order of the file, each id once. */
  readonly nights: readonly NightRecord[];
  readonly problems: readonly HistoryProblem[];
}

/** How each record begins. Inside of a string its quotes would be escaped, so it is found nowhere else. */
const BEGINNING = '{"schema":"rushhour.night/';
const FORMAT = 'rushhour.night/1';
const LINE_FEED = 0x0a;

type Problem = readonly [kind: HistoryProblem['kind'], words: string];
type Said = { readonly night: NightRecord } | { readonly problem: Problem };

/**
 * The nights of a history file, whatever has become of it: cut at any byte, two branches one after the other, git's conflict markers,
 * lines glued together, NUL bytes of a write that a crash tore. Pure.
 */
export function readHistoryLines(bytes: Uint8Array): HistoryLines {
  const nights = new Map<string, { readonly night: NightRecord; readonly line: number }>();
  const problems: HistoryProblem[] = [];
  for (const [index, content] of splitLines(bytes).entries()) {
    const line = index + 1;
    const tell = ([kind, words]: Problem) => problems.push({ line, kind, text: `line ${line}: ${words}` });
    if (!isUtf8(content)) tell(['encoding', 'not UTF-8; what cannot be read is shown as �']);
    for (const said of readLine(textOf(content))) {
      if ('problem' in said) {
        tell(said.problem);
        continue;
      }
      const earlier = nights.get(said.night.id);
      if (earlier) tell(secondOf(earlier, said.night));
      else nights.set(said.night.id, { night: said.night, line });
    }
  }
  return { nights: [...nights.values()].map(({ night }) => night), problems };
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/** Without the carriage return of Windows, the mark at the start that its editors write, and NUL bytes around it. */
function textOf(content: Uint8Array): string {
  const nul = String.fromCharCode(0);
  const text = Buffer.from(content).toString('utf8');
  return text
    .replaceAll(nul, ' ')
    .replace(/^\uFEFF/, '')
    .trim();
}

function readLine(text: string): Said[] {
  if (text === '') return [];
  if (/^(<{7}|\|{7}|={7}|>{7})( |$)/.test(text))
    return [{ problem: ['conflict', 'a conflict marker of git; the nights of both sides are read'] }];
  const whole = parse(text);
  return whole === undefined ? piecesOf(text).map(readPiece) : [readValue(whole)];
}

/** Of a line in which half a record, or another one, stands before a record. */
function piecesOf(text: string): string[] {
  const starts = [0];
  for (let at = text.indexOf(BEGINNING, 1); at !== -1; at = text.indexOf(BEGINNING, at + 1)) starts.push(at);
  return starts.map((start, index) => text.slice(start, starts[index + 1]).trim());
}

function readPiece(text: string): Said {
  const value = parse(text);
  if (value !== undefined) return readValue(value);
  const size = countOf(Buffer.byteLength(text), 'byte');
  return BEGINNING.startsWith(text.slice(0, BEGINNING.length))
    ? {
        problem: ['torn', `a night that breaks off after ${size}; what was measured is in its results alone`],
      }
    : { problem: ['torn', `${size} that are no record, or the end of one`] };
}

function readValue(value: unknown): Said {
  const { schema, id } = (value ?? {}) as { schema?: unknown; id?: unknown };
  const version = /^rushhour\.night\/(\d+)$/.exec(String(schema))?.[1];
  if (version !== undefined && schema !== FORMAT) {
    const name = typeof id === 'string' ? `the night ${id}` : 'a night';
    return { problem: ['newer', `${name} comes from another rushhour (${schema}); it stays in the file`] };
  }
  const parsed = NightRecord.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: ['misshapen', `no night: ${issue ? problemWords(issue, value) : 'another shape'}`] };
  }
  if (Number.isNaN(Date.parse(parsed.data.at)))
    return { problem: ['misshapen', `no night: at: expected an instant, got "${parsed.data.at}"`] };
  return { night: parsed.data };
}

function secondOf(
  earlier: { readonly night: NightRecord; readonly line: number },
  night: NightRecord,
): Problem {
  const equal = JSON.stringify(earlier.night) === JSON.stringify(night);
  return equal
    ? ['duplicate', `the night ${night.id} again, as on line ${earlier.line}; it counts once`]
    : ['contradiction', `another night with the id ${night.id} of line ${earlier.line}; the first is taken`];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

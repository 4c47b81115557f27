/** Statements that were executed, counted from the server's own log: a second source beside the tap. */
import { splitStatements } from './split-statements.ts';

export interface LoggedStatement {
  /** Values of the prefix by their escape, without the percent sign: `{ p: '123', d: 'app' }`. */
  readonly prefix: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Escapes of `log_line_prefix` whose values hold no space; the others may be anything (manual: "Error Reporting and Logging"). */
const WITHOUT_SPACE = 'cehilLpPQrvxn';

/**
 * Reads a log of a server with `log_min_duration_statement = 0` or `log_statement = all`, or both: then the durations stand in
 * lines without a text. The first leaves out what failed and is to be preferred. Of the three lines that the extended protocol writes only
 * `execute` counts, a further fetch from a portal (`execute fetch from`) does not; a message with several statements counts each.
 *
 * @param linePrefix the server's `log_line_prefix`; must not be empty
 * @returns in the order of the log. What SQL's EXECUTE ran is under the text of the EXECUTE.
 */
export function statementsInLog(log: string, linePrefix: string): readonly LoggedStatement[] {
  const { pattern, escapes } = prefixPattern(linePrefix);
  return entriesOf(log, new RegExp(`^${pattern}([A-Z0-9]+):  `)).flatMap(({ fields, message }) => {
    const severity = fields.at(-1);
    const text = severity === 'LOG' ? executedText(message) : null;
    if (text === null) return [];
    const prefix = Object.fromEntries(escapes.map((letter, place) => [letter, fields[place] ?? '']));
    return (splitStatements(text) ?? [text]).map((statement) => ({ prefix, text: statement }));
  });
}

function prefixPattern(linePrefix: string): { pattern: string; escapes: readonly string[] } {
  const escapes: string[] = [];
  // %q prints nothing; background processes stop there, and they execute no statements.
  const pattern = linePrefix.replaceAll('%q', '').replace(/%(-?\d*)(.)|[^%]+/g, (part, _width, letter) => {
    if (letter === undefined) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    if (letter === '%') return '%';
    escapes.push(letter);
    return WITHOUT_SPACE.includes(letter) ? ' *(\\S*) *' : '(.*?)';
  });
  return { pattern, escapes };
}

interface LogEntry {
  readonly fields: readonly string[];
  readonly message: string;
}

/** A line that does not begin with the prefix goes on with the entry before it; PostgreSQL puts a tab in front. */
function entriesOf(log: string, start: RegExp): readonly LogEntry[] {
  const entries: { fields: readonly string[]; lines: string[] }[] = [];
  for (const line of log.split('\n')) {
    const match = line.startsWith('\t') ? null : start.exec(line);
    if (match) entries.push({ fields: match.slice(1), lines: [line.slice(match[0].length)] });
    else entries.at(-1)?.lines.push(line.replace(/^\t/, ''));
  }
  return entries.map(({ fields, lines }) => ({ fields, message: lines.join('\n') }));
}

function executedText(message: string): string | null {
  const [, text = ''] =
    /^(?:duration: [\d.]+ ms {2})?(?:statement|execute (?!fetch from )\S+): ([\s\S]*)$/.exec(message) ?? [];
  return text.trim() === '' ? null : text.trimEnd();
}

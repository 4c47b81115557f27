/**
 * A config as a tree of values with comments, and how it is written down: as TypeScript, formatted, with the line of each TODO.
 * An entry may be put in comments as a whole: an offer, not a setting.
 */

export type ConfigValue =
  | { readonly kind: 'plain'; readonly value: string | number | boolean | null }
  /** TypeScript as it is: an arrow function, a call. Its further lines are indented by where it stands. */
  | { readonly kind: 'code'; readonly text: string }
  /** Several lines of SQL. */
  | { readonly kind: 'sql'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly ConfigValue[] }
  | { readonly kind: 'object'; readonly entries: readonly ConfigEntry[] }
  /** A function whose value is an object. */
  | { readonly kind: 'arrow'; readonly parameters: string; readonly body: ConfigValue };

export interface ConfigEntry {
  readonly name: string;
  readonly value: ConfigValue;
  /** Lines above it. */
  readonly comments?: readonly string[];
  /** What a person has to do here. */
  readonly todo?: string;
  /** What init has found out here, for the summary. */
  readonly found?: string;
  /** Written in comments. */
  readonly offered?: boolean;
}

export interface WrittenConfig {
  readonly text: string;
  readonly found: readonly { readonly path: string; readonly what: string }[];
  readonly todos: readonly { readonly line: number; readonly path: string; readonly what: string }[];
}

const LINE_WIDTH = 100;

export const plain = (value: string | number | boolean | null): ConfigValue => ({ kind: 'plain', value });
export const code = (text: string): ConfigValue => ({ kind: 'code', text });
export const sql = (text: string): ConfigValue => ({ kind: 'sql', text });
export const list = (items: readonly ConfigValue[]): ConfigValue => ({ kind: 'list', items });
export const object = (entries: readonly (ConfigEntry | null)[]): ConfigValue => ({
  kind: 'object',
  entries: entries.filter((entry) => entry !== null),
});
export const arrow = (parameters: string, body: ConfigValue): ConfigValue => ({
  kind: 'arrow',
  parameters,
  body,
});
/** What has to be filled in: fails wherever it is used, and is found by its name. */
export const TODO = plain('TODO');

/** A JSON value as a tree. */
export function jsonValue(json: unknown): ConfigValue {
  if (Array.isArray(json)) return list(json.map(jsonValue));
  if (typeof json === 'object' && json !== null)
    return object(Object.entries(json).map(([name, value]) => ({ name, value: jsonValue(value) })));
  return plain(json as string | number | boolean | null);
}

/** Writes a module that exports `root` by default. `head` stands above it. */
export function writeModule(root: ConfigValue, head: readonly string[]): WrittenConfig {
  const pen = new Pen(head);
  pen.openLine('export default ');
  pen.value(root, 0, '', ' satisfies RushhourConfig;');
  return { text: `${pen.lines.join('\n')}\n`, found: pen.found, todos: pen.todos };
}

class Pen {
  readonly lines: string[];
  readonly found: { path: string; what: string }[] = [];
  readonly todos: { line: number; path: string; what: string }[] = [];

  /** While an entry is written that will be put in comments. */
  private isOffering = false;

  constructor(head: readonly string[]) {
    this.lines = [...head];
  }

  openLine(text: string): void {
    this.lines.push(text);
  }

  /** Goes on with the line that is open. */
  private append(text: string): void {
    this.lines.push(`${this.lines.pop() ?? ''}${text}`);
  }

  value(value: ConfigValue, depth: number, path: string, after: string): void {
    const short = onOneLine(value);
    const room = LINE_WIDTH - (this.lines.at(-1)?.length ?? 0) - after.length;
    if (short !== null && depth > 0 && short.length <= room) {
      this.append(`${short}${after}`);
      return;
    }
    const indent = '  '.repeat(depth);
    if (value.kind === 'list') {
      this.append('[');
      for (const [index, item] of value.items.entries()) {
        this.openLine(`${indent}  `);
        this.value(item, depth + 1, `${path}.${index}`, ',');
      }
      this.openLine(`${indent}]${after}`);
    } else if (value.kind === 'object') {
      this.append('{');
      for (const entry of value.entries) this.entry(entry, depth + 1, path);
      this.openLine(`${indent}}${after}`);
    } else if (value.kind === 'arrow') {
      this.append(`(${value.parameters}) => (`);
      this.value(value.body, depth, path, `)${after}`);
    } else if (value.kind === 'sql') {
      this.append('`');
      for (const line of value.text.trim().split('\n')) this.openLine(`${indent}  ${inTemplate(line)}`);
      this.append(`\`${after}`);
    } else if (value.kind === 'code') {
      const [first = '', ...others] = value.text.split('\n');
      this.append(first);
      for (const line of others) this.openLine(line === '' ? '' : `${indent}${line}`);
      this.append(after);
    } else this.append(`${short ?? ''}${after}`);
  }

  private entry(entry: ConfigEntry, depth: number, above: string): void {
    const indent = '  '.repeat(depth);
    const path = above === '' ? entry.name : `${above}.${entry.name}`;
    for (const comment of entry.comments ?? []) this.comment(indent, comment);
    if (entry.todo !== undefined && this.isOffering) this.comment(indent, entry.todo);
    else if (entry.todo !== undefined) {
      this.todos.push({ line: this.lines.length + 1, path, what: entry.todo });
      this.comment(indent, `TODO: ${entry.todo}`);
    }
    if (entry.found !== undefined && !this.isOffering) this.found.push({ path, what: entry.found });
    const start = this.lines.length;
    this.openLine(`${indent}${propertyName(entry.name)}: `);
    // Inside what is only offered there is nothing to do yet, and nothing to put in comments twice.
    const opensOffer = entry.offered === true && !this.isOffering;
    this.isOffering ||= opensOffer;
    this.value(entry.value, depth, path, ',');
    if (!opensOffer) return;
    this.isOffering = false;
    for (let line = start; line < this.lines.length; line++) {
      const text = this.lines[line] ?? '';
      this.lines[line] = `${indent}// ${text.slice(indent.length)}`;
    }
  }

  /** Wrapped at spaces. What came from outside may hold line breaks: they would end the comment. */
  private comment(indent: string, text: string): void {
    let line = `${indent}//`;
    for (const word of text.split(/\s+/)) {
      if (line.length > indent.length + 2 && line.length + word.length >= LINE_WIDTH) {
        this.openLine(line);
        line = `${indent}//`;
      }
      line += ` ${word}`;
    }
    this.openLine(line);
  }
}

/** `null` for what takes several lines whatever the room. */
function onOneLine(value: ConfigValue): string | null {
  switch (value.kind) {
    case 'plain':
      return typeof value.value === 'string' ? quoted(value.value) : String(value.value);
    case 'code':
      return value.text.includes('\n') ? null : value.text;
    case 'sql':
    case 'arrow':
      return null;
    case 'list': {
      const items = value.items.map(onOneLine);
      return items.includes(null) ? null : `[${items.join(', ')}]`;
    }
    case 'object': {
      if (value.entries.length === 0) return '{}';
      if (value.entries.some((entry) => entry.comments?.length || entry.todo || entry.offered)) return null;
      const entries = value.entries.map((entry) => {
        const text = onOneLine(entry.value);
        return text === null ? null : `${propertyName(entry.name)}: ${text}`;
      });
      return entries.includes(null) ? null : `{ ${entries.join(', ')} }`;
    }
  }
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** A text as a literal. JSON escapes all that could end it or the line. */
export function quoted(text: string): string {
  const inside = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
    .replaceAll('\\"', '"');
  if (inside.includes("'") && !inside.includes('"')) return `"${inside}"`;
  return `'${inside.replaceAll("'", "\\'")}'`;
}

function inTemplate(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { HarnessError, messageOf } from '../errors.ts';
import { countOf } from '../quantity.ts';

/** Problems that are told of one file; the rest is a number. */
const MOST_PROBLEMS = 5;

/** Reads and checks a JSON record. @throws HarnessError BAD_RESULT_FILE with what is wrong where. */
export async function parseRecord<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const value = parseJson(file, bytes);
  const expected = formatOf(schema);
  if (expected !== null) checkFormat(file, expected, (value as { schema?: unknown } | null)?.schema);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const told = issues.slice(0, MOST_PROBLEMS).map((issue) => `  ${problemWords(issue, value)}`);
  if (issues.length > told.length) told.push(`  and ${issues.length - told.length} more`);
  throw new HarnessError(
    'BAD_RESULT_FILE',
    `${file} does not fit ${expected ?? 'its format'}:\n${told.join('\n')}`,
    {
      cause: parsed.error,
      hint: 'Something has changed the file: records are never edited. What was measured cannot be told from it any more; measure again.',
    },
  );
}

function unreadable(file: string, error: unknown): HarnessError {
  const { code } = error as NodeJS.ErrnoException;
  const [message, hint] = READ_FAILURES[code ?? ''] ?? [
    `it cannot be read: ${messageOf(error)}`,
    'Is the disk there?',
  ];
  return new HarnessError('BAD_RESULT_FILE', `${file}: expected a record, but ${message}.`, {
    cause: error,
    hint,
  });
}

/** What is wrong, and what to do. */
const READ_FAILURES: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['there is no such file', 'Part of this result was removed. Bring it back, or measure again.'],
  EISDIR: ['it is a folder', 'Move that folder away; the record cannot be told without the file.'],
  EACCES: [
    'this account may not read it',
    'Read it with the account that has measured, or give this one the right.',
  ],
};

function parseJson(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new HarnessError(
      'BAD_RESULT_FILE',
      `${file} is not JSON: expected a record, got ${contentWords(bytes)}.`,
      {
        cause: error,
        hint: 'The file was cut or edited. Results cannot be repaired; measure again.',
      },
    );
  }
}

/** In words of our own: those of the parser differ between versions of Node. */
function contentWords(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (text.trim() === '') return 'an empty file';
  const size = countOf(bytes.length, 'byte');
  const isCut = text.startsWith('{') && !text.trimEnd().endsWith('}');
  return isCut ? `${size} that break off inside one` : `${size} of something else`;
}

/** What a record says of itself: `rushhour.run/2`. */
function formatOf(schema: z.ZodType): string | null {
  const field = schema instanceof z.ZodObject ? schema.shape.schema : null;
  return field instanceof z.ZodLiteral ? String(field.value) : null;
}

function checkFormat(file: string, expected: string, got: unknown): void {
  if (got === expected) return;
  const words = typeof got === 'string' ? `"${got.slice(0, 60)}"` : got === undefined ? 'none' : typeof got;
  const [message, hint] = formatFault(expected, got);
  throw new HarnessError(
    'BAD_RESULT_FILE',
    `${file} ${message}: expected the format "${expected}", got ${words}.`,
    { hint },
  );
}

function formatFault(expected: string, got: unknown): readonly [string, string] {
  const [, kind, version] = /^(rushhour\.[a-z-]+)\/(\d+)$/.exec(String(got)) ?? [];
  if (kind === undefined) return ['is no record of rushhour', 'Was another file put in its place?'];
  const [expectedKind, expectedVersion] = expected.split('/');
  if (kind !== expectedKind)
    return ['is a record of another kind', 'The file was renamed or copied; put it back.'];
  return Number(version) > Number(expectedVersion)
    ? ['comes from a newer rushhour', 'Read it with that version, or bring this one up to date.']
    : ['comes from an older rushhour', 'Read it with the version that has measured, or measure again.'];
}

/** `loads[0].requests: expected number, got "many"` */
export function problemWords(issue: z.core.$ZodIssue, record: unknown): string {
  const where = issue.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  const expected = issue.message.replace(/^Invalid (input|option): /, '').replace(/, received .*$/, '');
  return `${where || 'the record'}: ${expected}, got ${shortly(valueAt(record, issue.path))}`;
}

function valueAt(record: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    record,
  );
}

function shortly(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

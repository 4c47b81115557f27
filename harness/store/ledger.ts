import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { Verdict } from '../experiment-record.ts';
import { appendRecord } from './durable-file.ts';
import { problemWords } from './parse-record.ts';

/** Every A/A experiment ever made with these results, one line each, oldest first; append-only. */
export const LEDGER_FILE = 'aa.ndjson';

/** What one gate metric said. */
export const LedgerMetric = z.object({
  metric: z.string(),
  verdict: Verdict,
  ratio: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  level: z.number().nullable(),
  noise: z.number().nullable(),
});
export type LedgerMetric = z.infer<typeof LedgerMetric>;

export const LedgerEntry = z.object({
  at: z.string().describe('ISO 8601 instant, UTC'),
  id: z.string().describe('of the experiment'),
  machine: z.string().describe('fingerprint'),
  commit: z.string().nullable(),
  scenario: z.string(),
  variant: z.string(),
  openBookingsPerDay: z.number().int(),
  pairs: z.number().int(),
  verdict: Verdict.describe('after the confirmation, where there was one'),
  unconfirmedVerdict: Verdict,
  metrics: z.array(LedgerMetric),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

export async function appendToLedger(resultsRoot: string, entry: LedgerEntry): Promise<void> {
  await appendRecord(path.join(resultsRoot, LEDGER_FILE), entry);
}

/** All entries; an experiment that was killed while it was noted may be there twice and is returned once. */
export async function readLedger(resultsRoot: string): Promise<LedgerEntry[]> {
  return readLines(path.join(resultsRoot, LEDGER_FILE), LedgerEntry, (entry) => entry.id);
}

/**
 * Reads append-only records, a line each, the last one of each key. A line that is no JSON was cut by a crash and is left
 * out. @throws HarnessError BAD_RESULT_FILE for a record of another shape.
 */
export async function readLines<T>(
  file: string,
  schema: z.ZodType<T>,
  keyOf: (record: T) => string,
): Promise<T[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const records = new Map<string, T>();
  for (const [index, line] of text.split('\n').entries()) {
    const value = parseJson(line);
    if (value === undefined) continue;
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw badLine(file, index + 1, parsed.error.issues[0], value);
    records.set(keyOf(parsed.data), parsed.data);
  }
  return [...records.values()];
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function badLine(
  file: string,
  line: number,
  issue: z.core.$ZodIssue | undefined,
  value: unknown,
): HarnessError {
  const problem = issue ? `: ${problemWords(issue, value)}` : '';
  return new HarnessError(
    'BAD_RESULT_FILE',
    `${file}: line ${line} is not a record of this version of rushhour${problem}.`,
    {
      hint: 'Move the file away to begin a new one; nothing else depends on it.',
    },
  );
}

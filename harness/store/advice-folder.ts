import path from 'node:path';
import type { AdviceRecord } from '../advice-record.ts';
import { writeDurably } from './durable-file.ts';
import { toJson } from './record-text.ts';
import { makeFolder } from './writing.ts';

/** The end record of an advice; a folder without it is incomplete. */
export const ADVICE_FILE = 'advice.json';
export const ADVICE_PAGE = 'INDEX_ADVICE.md';
const MIGRATION = 'add_performance_indexes';

/** Writes the page anew, of an advice that is there. Returns its path. */
export async function writeAdvicePage(folder: string, page: string): Promise<string> {
  const file = path.join(folder, ADVICE_PAGE);
  await writeDurably(file, page);
  return file;
}

/** Writes page and migration, and the end record last. */
export async function writeAdvice(
  folder: string,
  advice: AdviceRecord,
  texts: { readonly page: string; readonly up: string; readonly down: string },
): Promise<void> {
  const migration = path.join(folder, 'migration');
  await makeFolder(migration);
  await writeAdvicePage(folder, texts.page);
  await writeDurably(path.join(migration, `${MIGRATION}.up.sql`), texts.up);
  await writeDurably(path.join(migration, `${MIGRATION}.down.sql`), texts.down);
  await writeDurably(path.join(folder, ADVICE_FILE), toJson(advice));
}

import path from 'node:path';
import type { AdviceRecord } from '../advice-record.ts';
import { writeDurably } from './durable-file.ts';
import { toJson } from './record-text.ts';
import { makeFolder } from './writing.ts';

/** The end record of an advice; a folder without it is incomplete. */
export const ADVICE_FILE = 'advice.json';
export const ADVICE_PAGE = 'INDEX_ADVICE.md';
/** From the folder of the advice. */
export const MIGRATION_FILES = {
  up: 'migration/add_performance_indexes.up.sql',
  down: 'migration/add_performance_indexes.down.sql',
} as const;

/** Writes the migration, and the end record last. */
export async function writeAdvice(
  folder: string,
  advice: AdviceRecord,
  { up, down }: { readonly up: string; readonly down: string },
): Promise<void> {
  await makeFolder(path.join(folder, 'migration'));
  await writeDurably(path.join(folder, MIGRATION_FILES.up), up);
  await writeDurably(path.join(folder, MIGRATION_FILES.down), down);
  await writeDurably(path.join(folder, ADVICE_FILE), toJson(advice));
}

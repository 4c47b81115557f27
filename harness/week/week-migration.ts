import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { migrateDown, migrateUp } from '../../target/migrate.ts';
import { PROJECT_ROOT } from '../machine/environment.ts';

/** The migration that a week is about: how it is put in and taken back, and the text that says what it is to create. */
export interface WeekMigration {
  readonly name: string;
  /** SQL of the upgrade; null where it is a program's: then what it is to create is what the catalogue gains by it. */
  readonly upText: string | null;
  up(client: pg.Client): Promise<unknown>;
  down(client: pg.Client): Promise<unknown>;
  /** Why there is no way back; `down` is not called then. */
  readonly noDown?: string;
}

const FOLDER = path.join(PROJECT_ROOT, 'target', 'migrations');
const NAME = '0001-add-performance-indexes';

/** The performance indexes of the reference target. */
export async function performanceIndexes(): Promise<WeekMigration & { readonly upText: string }> {
  return {
    name: NAME,
    upText: await readFile(path.join(FOLDER, `${NAME}.up.sql`), 'utf8'),
    up: migrateUp,
    down: migrateDown,
  };
}

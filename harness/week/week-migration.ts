import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { migrateDown, migrateUp } from '../../target/migrate.ts';
import { PROJECT_ROOT } from '../machine/environment.ts';

/** The migration that a week is about: how it is put in and taken back, and the text that says what it is to create. */
export interface WeekMigration {
  readonly name: string;
  /** SQL of the upgrade. */
  readonly upText: string;
  up(client: pg.Client): Promise<unknown>;
  down(client: pg.Client): Promise<unknown>;
}

const FOLDER = path.join(PROJECT_ROOT, 'target', 'migrations');
const NAME = '0001-add-performance-indexes';

/** The performance indexes of the reference target. */
export async function performanceIndexes(): Promise<WeekMigration> {
  return {
    name: NAME,
    upText: await readFile(path.join(FOLDER, `${NAME}.up.sql`), 'utf8'),
    up: migrateUp,
    down: migrateDown,
  };
}

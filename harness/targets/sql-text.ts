import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { SqlText } from '../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { Question } from '../postgres/read-only-session.ts';
import { refuseFarFunctions } from './far-reach.ts';

/**
 * The SQL itself, of a file seen from the config.
 * @param where in the config it stands @throws HarnessError BAD_CONFIG; REFUSED when it calls what reaches beyond its database
 */
export function readSqlText({ folder }: Pick<LoadedConfig, 'folder'>, where: string, sql: SqlText): string {
  const text = typeof sql === 'string' ? sql : readText(folder, where, sql.file);
  refuseFarFunctions(text, where);
  return text;
}

/** The same as a question for a session that only reads. @throws HarnessError as {@link readSqlText} */
export function questionOf(loaded: Pick<LoadedConfig, 'folder'>, where: string, sql: SqlText): Question {
  return { where, sql: readSqlText(loaded, where, sql) };
}

function readText(folder: string, where: string, file: string): string {
  try {
    return readFileSync(path.resolve(folder, file), 'utf8');
  } catch (error) {
    throw new HarnessError('BAD_CONFIG', `${where}: ${file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
      hint: 'Files are seen from the folder of the config.',
    });
  }
}

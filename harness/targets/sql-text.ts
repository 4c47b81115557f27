import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { SqlText } from '../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../errors.ts';

/** The SQL itself, of a file seen from the config. @param where in the config it stands @throws HarnessError BAD_CONFIG */
export function readSqlText({ folder }: LoadedConfig, where: string, sql: SqlText): string {
  if (typeof sql === 'string') return sql;
  try {
    return readFileSync(path.resolve(folder, sql.file), 'utf8');
  } catch (error) {
    throw new HarnessError('BAD_CONFIG', `${where}: ${sql.file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
      hint: 'Files are seen from the folder of the config.',
    });
  }
}

import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The text of `queries/<name>.sql`. Called while modules load, so a missing file stops the start, not a request. The
 * header line stays in the text: it names the caller in pg_stat_activity and in the server log.
 */
export function readQuery(name: string): string {
  return readFileSync(path.join(import.meta.dirname, `${name}.sql`), 'utf8').trim();
}

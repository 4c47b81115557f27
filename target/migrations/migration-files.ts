import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One step of the schema, read from `NNNN-name.up.sql` and `NNNN-name.down.sql`. */
export interface Migration {
  readonly name: string;
  readonly up: string;
  readonly down: string;
  /** SHA-256 of `up`, in hex. */
  readonly checksum: string;
}

const UP = '.up.sql';

/** All migrations of this folder in the order of their names. */
export function readMigrations(): Migration[] {
  // A checkout on Windows may have CRLF; the checksum must not differ for that.
  const read = (file: string) =>
    readFileSync(path.join(import.meta.dirname, file), 'utf8').replaceAll('\r\n', '\n');
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(UP))
    .sort()
    .map((file) => {
      const name = file.slice(0, -UP.length);
      const up = read(file);
      const checksum = createHash('sha256').update(up).digest('hex');
      return { name, up, down: read(`${name}.down.sql`), checksum };
    });
}

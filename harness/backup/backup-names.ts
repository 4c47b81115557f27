import { HarnessError } from '../errors.ts';

/** PostgreSQL cuts longer names (NAMEDATALEN − 1 bytes): https://www.postgresql.org/docs/current/limits.html */
const LONGEST_NAME = 63;

/** Name of the template that holds a backup. @param id of the backup; the time at its start and the random end are kept */
export function backupTemplateName(database: string, id: string): string {
  return fitted('rushhour_bak_', database, `_${stampOf(id)}_${id.slice(-4)}`);
}

/** Name under which the database that a restore has replaced is kept. @param at ISO 8601 instant */
export function replacedName(database: string, at: string): string {
  return fitted('', database, `_before_restore_${stampOf(at.replaceAll(/[-:]/g, '').replace('T', '-'))}`);
}

/** @throws HarnessError BAD_OPTION unless a new database may have this name: ours by its first letters, no name of other use. */
export function requireNewDatabaseName(name: string): void {
  const ours = /^rushhour_[a-z0-9_]+$/.test(name) && !/^rushhour_(tpl|bak|build)_/.test(name);
  if (ours && name.length <= LONGEST_NAME) return;
  throw new HarnessError(
    'BAD_OPTION',
    `--database: expected a name of lower-case letters, digits and _ that begins with rushhour_ (not with rushhour_tpl_, rushhour_bak_ or rushhour_build_) and has at most ${LONGEST_NAME} characters, got "${name}".`,
    { hint: 'The tool creates databases under such names only.' },
  );
}

/** `20261125-234914…` as `20261125_234914` */
function stampOf(time: string): string {
  return time.slice(0, 15).replace('-', '_');
}

/** Cuts the middle so that the whole fits. Names of ours are ASCII: a character is a byte. */
function fitted(before: string, middle: string, after: string): string {
  return `${before}${middle.slice(0, LONGEST_NAME - before.length - after.length)}${after}`;
}

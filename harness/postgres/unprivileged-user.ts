import { readFile } from 'node:fs/promises';
import { HarnessError } from '../errors.ts';

export interface UnprivilegedUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Tried in this order; `nobody` owns nothing by convention, so a server that runs as it can hurt nothing. */
const PREFERRED_NAMES = ['nobody', 'daemon', 'postgres'];

/**
 * The account PostgreSQL must run as, because it refuses to run as root. `null` when this process is not root and
 * can run it itself. The account needs an entry in /etc/passwd: initdb looks its own name up there.
 */
export async function unprivilegedUser(): Promise<UnprivilegedUser | null> {
  if (process.getuid?.() !== 0) return null;
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const user = chooseUser(passwd);
  if (user) return user;
  throw new HarnessError(
    'POSTGRES_UNAVAILABLE',
    'PostgreSQL does not run as root, and no other account was found.',
    {
      hint: `Run rushhour as an ordinary user, or create one of the accounts ${PREFERRED_NAMES.join(', ')}.`,
    },
  );
}

/** Pure part of {@link unprivilegedUser}: picks from the text of /etc/passwd. */
export function chooseUser(passwd: string): UnprivilegedUser | null {
  const users = passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && Number(uid) > 0 && Number(gid) > 0 ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
  for (const name of PREFERRED_NAMES) {
    const user = users.find((candidate) => candidate.name === name);
    if (user) return user;
  }
  return null;
}

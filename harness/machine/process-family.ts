/**
 * Everything that one started program has become: supervisors replace their child, masters fork workers, shells stay around. Read
 * anew each time it is asked for.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isProcessAlive } from '../process-alive.ts';
import { type ProcessIdentity, parseStart, readProcess } from './process-identity.ts';
import { listeningSockets, socketsOf } from './process-sockets.ts';

/** Inherited by everything that a program starts, also by what leaves its process group and is adopted by init. */
const COOKIE = 'RUSHHOUR_STARTED';

/** A program that was started as leader of a process group. */
export interface Leader {
  readonly pid: number;
  /** Value of a variable that no other program has in its environment: {@link newCookie}. */
  readonly cookie: string;
}

export function newCookie(): string {
  return randomBytes(12).toString('hex');
}

/** The variable by which what a program starts is known. */
export function cookieEnvironment(cookie: string): Record<string, string> {
  return { [COOKIE]: cookie };
}

/**
 * Pids of a program's processes that run now: its group, its descendants, and whatever carries its cookie. Of Linux's /proc;
 * elsewhere the leader alone. Empty when all have ended.
 */
export function familyOf(leader: Leader): number[] {
  return readFamily(leader).map(({ pid }) => pid);
}

/** The same, with the process group that each is in. */
export function readFamily({
  pid: leader,
  cookie,
}: Leader): { readonly pid: number; readonly group: number }[] {
  if (process.platform !== 'linux') return isProcessAlive(leader) ? [{ pid: leader, group: leader }] : [];
  const all = readAll();
  const family = new Set<number>();
  for (const { pid, group } of all)
    if (pid === leader || group === leader || hasCookie(pid, cookie)) family.add(pid);
  for (let grown = -1; grown !== family.size; ) {
    grown = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid)).sort((a, b) => a.pid - b.pid);
}

/**
 * Those of the processes that accept connections at a port of this machine, without those that only hold the socket for children
 * which have it too. Of Linux; elsewhere, and where /proc does not tell it, empty.
 */
export function acceptingAt(port: number, pids: readonly number[]): ProcessIdentity[] {
  const sockets = listeningSockets(port);
  if (sockets.size === 0) return [];
  const holders = pids.filter((pid) => socketsOf(pid).some((inode) => sockets.has(inode)));
  const parents = new Set(
    readAll()
      .filter(({ pid }) => holders.includes(pid))
      .map(({ parent }) => parent),
  );
  return holders.flatMap((pid) => (parents.has(pid) ? [] : (readProcess(pid) ?? [])));
}

/** Pids of a process group's members that run now. Of Linux's /proc; elsewhere none are told. */
export function groupMembers(group: number): number[] {
  return readAll().flatMap((one) => (one.group === group ? [one.pid] : []));
}

/** Of everything that runs on this Linux machine; elsewhere none. */
export function everyPid(): number[] {
  return readAll().map(({ pid }) => pid);
}

interface Kin {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

function readAll(): Kin[] {
  return namesIn('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readKin(Number(name)) ?? []) : []));
}

/** Fields 4 and 5 of /proc/PID/stat (man 5 proc); `null` for one that has ended, also if it was not yet waited for. */
function readKin(pid: number): Kin | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null || parseStart(stat) === null) return null;
  const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, parent: Number(parent), group: Number(group) };
}

/** What a process was started with. Those of other accounts cannot be read: they are not ours. */
function hasCookie(pid: number, cookie: string): boolean {
  return read(`/proc/${pid}/environ`)?.includes(`${COOKIE}=${cookie}`) ?? false;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

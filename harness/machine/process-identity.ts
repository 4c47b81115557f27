import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isProcessAlive } from '../process-alive.ts';
import { withoutUrlPassword } from '../secrets.ts';

/** One process and no other: a pid is used again, the moment of its start with it is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the system tells it, to be compared only. */
  readonly startedAt: string;
  /** The program and its arguments, separated by spaces, without the passwords of URLs. */
  readonly command: string;
}

/** The process that has this pid; `null` when there is none, when it has ended unseen, or where this platform cannot tell. */
export function readProcess(pid: number): ProcessIdentity | null {
  if (process.platform === 'win32') return null;
  try {
    return process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid);
  } catch {
    return null; // no such process
  }
}

/**
 * Whether the process that was known by its pid and its start still runs.
 * @param startedAt empty where it was not known: then the pid alone decides
 */
export function isStillRunning(pid: number, startedAt: string): boolean {
  return startedAt === '' ? isProcessAlive(pid) : readProcess(pid)?.startedAt === startedAt;
}

function readFromProc(pid: number): ProcessIdentity | null {
  const ticks = parseStart(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (ticks === null) return null;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '').split('\0');
  return { pid, startedAt: `${boot} ${ticks}`, command: args.map(withoutUrlPassword).join(' ') };
}

/**
 * Ticks from boot to the start of the process, from /proc/PID/stat (man 5 proc, fields 3 and 22); `null` for a process that has
 * ended and is only not yet waited for. The program name in parentheses may hold spaces.
 */
export function parseStart(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[19]);
  return fields[0] === 'Z' || fields[0] === 'X' || !Number.isInteger(ticks) ? null : ticks;
}

function readFromPs(pid: number): ProcessIdentity | null {
  const args = ['-ww', '-o', 'state=,lstart=,command=', '-p', String(pid)];
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return parsePs(
    pid,
    execFileSync('ps', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
}

/** A line of `ps -o state=,lstart=,command=` in the C locale: `S    Thu Nov 26 06:21:42 2026     node main.ts`. */
export function parsePs(pid: number, line: string): ProcessIdentity | null {
  const [, state, startedAt, command] =
    /^\s*(\S+)\s+(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})\s+(.*\S)\s*$/.exec(line) ?? [];
  if (!startedAt || !command || state?.startsWith('Z')) return null;
  return { pid, startedAt, command: command.split(' ').map(withoutUrlPassword).join(' ') };
}

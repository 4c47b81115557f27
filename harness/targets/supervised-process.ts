import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  cookieEnvironment,
  familyOf,
  type Leader,
  newCookie,
  readFamily,
} from '../machine/process-family.ts';
import { readProcess } from '../machine/process-identity.ts';
import { noteProcess } from '../machine/process-notes.ts';
import { hideSecrets } from './hidden-secrets.ts';
import type { PreparedCommand } from './prepared-command.ts';
import { notStarted, requireFolder } from './run-command.ts';

/** A program that runs until it is told to stop, with all that it starts. */
export interface SupervisedProcess {
  readonly what: string;
  /** Those of it that run now. Empty when all have ended. */
  pids(): number[];
  /** How the program itself has ended; `null` while it runs. */
  ending(): string | null;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Resolves when what it has printed before its end is here. */
  drained(): Promise<void>;
  /** What it has printed last, secrets left out; a sentence when nothing. */
  lastLines(): string;
  /** Notes it again when it has taken another name or program since: a later start must know it by its command. */
  noteAgain(): void;
  /**
   * SIGTERM to all of it; what is left after the grace is killed.
   * @returns whether something had to be killed
   */
  stop(graceMs: number): Promise<boolean>;
}

export interface SupervisionOptions {
  /** For people, in process notes: `service after`. */
  readonly noteAs: string;
  readonly onMessage?: ((line: string) => void) | undefined;
}

const KEPT_LINES = 50;
const LONGEST_LINE = 2_000;
/** How long after the end of a program its pipes may still bring what it has printed; a child of it may hold them for ever. */
const DRAIN_MS = 300;
const KILL_LIMIT_MS = 5_000;
const POLL_MS = 25;

/** @throws HarnessError SERVICE_START_FAILED when the program or its folder is not there */
export async function superviseProcess(
  prepared: PreparedCommand,
  options: SupervisionOptions,
): Promise<SupervisedProcess> {
  const { command, folder, environment, what } = prepared;
  const [program = '', ...args] = command;
  await requireFolder(folder, what, 'SERVICE_START_FAILED');
  const cookie = newCookie();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...environment, ...cookieEnvironment(cookie) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C in the terminal must reach it through us, in order.
    detached: true,
    windowsHide: true,
  });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [NodeJS.ErrnoException];
    const reason = error.code ?? error.message;
    throw await notStarted('SERVICE_START_FAILED', { what, program, folder, environment, reason });
  }
  return supervise({ child, pid, cookie }, prepared, options);
}

interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly cookie: string;
}

function supervise(
  { child, pid, cookie }: Started,
  { what, secrets }: PreparedCommand,
  { noteAs, onMessage }: SupervisionOptions,
): SupervisedProcess {
  const note = () => noteProcess({ pid, what: noteAs, leadsGroup: true });
  const notes = { forget: note(), command: readProcess(pid)?.command };
  const end = { how: null as string | null };
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      end.how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      resolve();
    });
  });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const lines = keepLines(child, secrets, onMessage);
  child.on('error', () => {}); // a signal that could not be sent: told by what has not ended
  const leader = { pid, cookie };
  const killAll = () => signalAll(leader, 'SIGKILL'); // the last resort, for a harness that dies by an exception
  process.once('exit', killAll);

  const hasEnded = () => end.how !== null && familyOf(leader).length === 0;
  const untilEnded = async (limitMs: number) => {
    const deadline = performance.now() + limitMs;
    while (!hasEnded() && performance.now() < deadline) await delay(POLL_MS);
    return hasEnded();
  };
  return {
    what,
    pids: () => familyOf(leader),
    ending: () => end.how,
    ended,
    drained: () => Promise.race([closed, delay(DRAIN_MS)]),
    lastLines: () => (lines.length === 0 ? ' It printed nothing.' : ` Its last lines:\n${lines.join('\n')}`),
    noteAgain: () => {
      const command = readProcess(pid)?.command;
      if (command === undefined || command === notes.command) return;
      const forgetOld = notes.forget;
      Object.assign(notes, { forget: note(), command });
      forgetOld();
    },
    stop: async (graceMs) => {
      signalAll(leader, 'SIGTERM');
      const killed = !(await untilEnded(graceMs));
      // Again and again: while some are killed others may be forked.
      for (let round = 0; killed && round < KILL_LIMIT_MS / 100; round++) {
        signalAll(leader, 'SIGKILL');
        if (await untilEnded(100)) break;
      }
      child.stdout?.destroy();
      child.stderr?.destroy();
      process.removeListener('exit', killAll);
      notes.forget();
      return killed;
    },
  };
}

/** To the group, so that nothing is forked in between, and to what has left the group. */
function signalAll(leader: Leader, name: 'SIGTERM' | 'SIGKILL'): void {
  const family = readFamily(leader);
  const apart = family.filter(({ group }) => group !== leader.pid).map(({ pid }) => pid);
  // A group without anybody in it may be somebody else's by now.
  const group = family.length > apart.length ? [-leader.pid] : [];
  for (const pid of [...group, ...apart]) {
    try {
      process.kill(pid, name);
    } catch {
      // ESRCH: it has just ended.
    }
  }
}

/** The last lines of both outputs, as they come. */
function keepLines(
  child: ChildProcess,
  secrets: readonly string[],
  onMessage: ((line: string) => void) | undefined,
): string[] {
  const kept: string[] = [];
  const keep = (line: string) => {
    const told = hideSecrets(line.slice(0, LONGEST_LINE), secrets);
    kept.push(told);
    if (kept.length > KEPT_LINES) kept.shift();
    onMessage?.(told);
  };
  for (const output of [child.stdout, child.stderr] as Readable[]) {
    output.on('error', () => {});
    createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on('line', keep);
  }
  return kept;
}

import path from 'node:path';
import { execa } from 'execa';
import { noteProcess } from './process-notes.ts';

export interface ProcessRequest {
  /** Absolute path of the program. */
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment: nothing else is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called for each line of stdout and stderr as it comes. */
  onLine?(line: string): void;
}

export interface ProcessOutcome {
  readonly end: 'exited' | 'signalled' | 'not-started' | 'time-limit' | 'aborted';
  readonly exitCode: number | null;
  /** stdout and stderr, interleaved, without the last line break. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it ended this way, for a sentence: `exit code 2`, `EACCES`, `no answer within 10 s`. */
  readonly reason: string;
}

/** More than any program run here prints; a program that floods us is stopped. */
const MAX_OUTPUT_CHARS = 4_000_000;

/**
 * Runs a program to its end, within a time limit. It gets a process group of its own, and the time limit or the signal
 * kills the whole group: a shell script's children keep its pipes open, and a compiler's children keep writing.
 * Never rejects.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  const stopped: { by?: 'time-limit' | 'aborted' } = {};
  if (request.signal?.aborted)
    return { end: 'aborted', exitCode: null, output: '', stdout: '', stderr: '', reason: 'stopped' };
  const subprocess = start(request);
  const forget = noteProcess({ pid: subprocess.pid, what: nameOf(request), leadsGroup: true });
  const kill = () => killGroup(subprocess.pid, subprocess);
  const stopFor = (cause: 'time-limit' | 'aborted') => () => {
    stopped.by ??= cause;
    kill();
  };
  const abort = stopFor('aborted');
  const timer = setTimeout(stopFor('time-limit'), request.timeLimitMs);
  request.signal?.addEventListener('abort', abort, { once: true });
  process.once('exit', kill);
  const result = await subprocess;
  forget();
  clearTimeout(timer);
  request.signal?.removeEventListener('abort', abort);
  process.removeListener('exit', kill);
  return {
    ...describeEnd(result, stopped.by, request.timeLimitMs),
    output: String(result.all ?? ''),
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? ''),
  };
}

/** `pg_dump`, `k6 version`; further arguments may be long. */
function nameOf({ file, args: [first = ''] }: ProcessRequest): string {
  return /^\w+$/.test(first) ? `${path.basename(file)} ${first}` : path.basename(file);
}

function start(request: ProcessRequest) {
  const tap = function* (line: unknown) {
    request.onLine?.(String(line));
    yield line;
  };
  return execa(request.file, request.args, {
    ...(request.cwd === undefined ? {} : { cwd: request.cwd }),
    env: request.env,
    extendEnv: false,
    stdin: 'ignore',
    stdout: tap,
    stderr: tap,
    all: true,
    reject: false,
    maxBuffer: MAX_OUTPUT_CHARS,
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

function killGroup(pid: number | undefined, subprocess: { kill(signal: 'SIGKILL'): boolean }): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    subprocess.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: every process of the group has ended by itself.
  }
}

interface EndedProcess {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
  readonly isMaxBuffer: boolean;
}

function describeEnd(
  ended: EndedProcess,
  stoppedBy: 'time-limit' | 'aborted' | undefined,
  timeLimitMs: number,
): Omit<ProcessOutcome, 'output' | 'stdout' | 'stderr'> {
  const exitCode = ended.exitCode ?? null;
  if (stoppedBy === 'aborted') return { end: 'aborted', exitCode, reason: 'stopped' };
  if (stoppedBy === 'time-limit') {
    return { end: 'time-limit', exitCode, reason: `no end within ${timeLimitMs / 1000} s` };
  }
  if (ended.isMaxBuffer) return { end: 'signalled', exitCode, reason: 'too much output' };
  if (exitCode !== null) return { end: 'exited', exitCode, reason: `exit code ${exitCode}` };
  if (ended.signal) return { end: 'signalled', exitCode, reason: `ended by ${ended.signal}` };
  return { end: 'not-started', exitCode, reason: ended.code ?? 'could not be started' };
}

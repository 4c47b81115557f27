/** k6 as a child process: started, watched, stopped. */
import { execa } from 'execa';
import { HarnessError } from '../errors.ts';
import { noteProcess } from '../machine/process-notes.ts';
import { watchCpu } from './process-cpu.ts';

export interface K6ProcessRequest {
  readonly path: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  /** Gets stderr. */
  readonly logFile: string;
  readonly signal: AbortSignal;
  /** How long k6 may take to write its results after it was told to stop. Default 15 s. */
  readonly stopLimitMs?: number;
  /** Told its CPU time so far, in milliseconds; `null` where this platform cannot tell. Default: nobody is. */
  onStarted?(cpuMs: () => number | null): void;
}

export interface K6ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stoppedByUs: boolean;
  /** It did not stop in time and was killed: its files break off. */
  readonly killed: boolean;
  readonly cpuMs: number | null;
}

const STOP_LIMIT_MS = 15_000;

/** Runs k6 to its end. Told to stop, it interrupts its iterations, writes its results and ends. */
export async function runK6Process(request: K6ProcessRequest): Promise<K6ProcessEnd> {
  const subprocess = execa(request.path, request.args, {
    cwd: request.folder,
    env: request.env,
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: { file: request.logFile },
    buffer: false,
    reject: false,
    // A group of its own: Ctrl-C in the terminal would reach it as well, and a second SIGINT ends k6 without results.
    detached: process.platform !== 'win32',
    cleanup: false,
  });
  const forget = noteProcess({ pid: subprocess.pid, what: 'k6', leadsGroup: true });
  const stopping = stopOnAbort(subprocess, request.signal, request.stopLimitMs ?? STOP_LIMIT_MS);
  const watch = subprocess.pid === undefined ? null : watchCpu(subprocess.pid);
  request.onStarted?.(() => watch?.cpuMs() ?? null);
  const killOnExit = () => subprocess.kill('SIGKILL');
  process.once('exit', killOnExit);
  const result = await subprocess;
  forget();
  process.removeListener('exit', killOnExit);
  watch?.stop();
  stopping.release();
  if (subprocess.pid === undefined) {
    throw new HarnessError(
      'LOAD_GENERATOR_FAILED',
      `k6 could not be started: ${request.path}: ${result.code}`,
      {
        hint: '`rushhour doctor` shows which k6 is used.',
        cause: result,
      },
    );
  }
  return {
    exitCode: result.exitCode ?? null,
    signal: result.signal ?? null,
    stoppedByUs: stopping.asked(),
    killed: stopping.killed(),
    cpuMs: watch?.cpuMs() ?? null,
  };
}

function stopOnAbort(
  subprocess: { kill(signal: 'SIGINT' | 'SIGKILL'): boolean },
  signal: AbortSignal,
  limitMs: number,
) {
  let asked = false;
  let killed = false;
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    asked = true;
    subprocess.kill('SIGINT'); // once: the second one makes k6 leave without results
    timer = setTimeout(() => {
      killed = true;
      subprocess.kill('SIGKILL');
    }, limitMs);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return {
    asked: () => asked,
    killed: () => killed,
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    },
  };
}

/** autocannon in a process of its own: started, given a job, stopped. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../errors.ts';
import { noteProcess } from '../machine/process-notes.ts';
import { writeFailure } from '../store/writing.ts';
import type { AutocannonJob, FromChild, ToChild } from './autocannon-job.ts';
import type { LoadOrder } from './load-generator.ts';

/** How long the child may take to write down what it measured after it was told to stop. */
const STOP_LIMIT_MS = 10_000;

type Finished = Extract<FromChild, { kind: 'finished' }>;

export interface AutocannonDrive {
  readonly job: AutocannonJob;
  readonly order: LoadOrder;
  /** `null` when the end depends on the service. */
  readonly totalMs: number | null;
}

export function autocannonVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('autocannon/package.json') as { version: string }).version;
}

/** `null` when the child had to be killed after it was told to stop. */
export function driveAutocannon({ job, order, totalMs }: AutocannonDrive): Promise<Finished | null> {
  const child = fork(fileURLToPath(new URL('./autocannon-child.ts', import.meta.url)), [], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: {
      ...process.env,
      RUSHHOUR_LOGIN_PASSWORD: order.loginPassword,
      RUSHHOUR_IDENTITIES: JSON.stringify(order.identities ?? []),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.once('exit', noteProcess({ pid: child.pid, what: 'autocannon', leadsGroup: false }));
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    let outcome: Finished | null = null;
    let failure: string | null = null;
    const stopping = stopOnAbort(child, order.signal);
    const lastWords = keepLastWords(child);
    const say = (message: ToChild) => child.send(message, () => {}); // a child that is gone tells by its exit
    child.on('message', (message: FromChild) => {
      if (message.kind === 'ready') {
        if (!order.signal.aborted) say(job);
      } else if (message.kind === 'progress') {
        const elapsedMs = performance.now() - startedMs;
        const { traffic, level, achievedPerSecond, processors, loopBusyRatio, ends } = message;
        order.onRequestEnds?.(ends.map((one) => ({ ...one, target: nameOf(job, one.target) })));
        order.onProgress?.({
          ...{ elapsedMs, totalMs, traffic, achievedPerSecond },
          requests: traffic.requests,
          ...(level === '' ? {} : { note: level }),
          // One thread answers, asks and counts.
          strain: { processors, mostProcessors: 1, loopBusyRatio },
        });
      } else if (message.kind === 'finished') outcome = message;
      else failure = message.message;
    });
    child.on('error', (error) => {
      failure = error.message;
    });
    child.on('close', (exitCode, signal) => {
      stopping.release();
      if (outcome !== null || stopping.asked()) resolve(outcome);
      else
        reject(
          childFailure(
            failure ?? lastWords() ?? `it ended with ${signal ?? `exit code ${exitCode}`}`,
            job.samplesFile,
          ),
        );
    });
  });
}

/** @param target its number */
function nameOf(job: AutocannonJob, target: string | null): string | null {
  return job.kind === 'capacity' ? (job.plan.targets[Number(target)]?.name ?? null) : null;
}

function childFailure(message: string, samplesFile: string): HarnessError {
  if (/\bE(NOSPC|DQUOT|FBIG|ROFS|IO)\b/.test(message)) return writeFailure(samplesFile, message);
  return new HarnessError('LOAD_GENERATOR_FAILED', `autocannon could not drive the service: ${message}`, {
    hint: 'Does the service answer? Check its log.',
  });
}

/** The last line on stderr: why Node ended a process that threw. */
function keepLastWords(child: ChildProcess): () => string | null {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-4_000);
  });
  return () => tail.match(/^\w*Error.*$/m)?.[0] ?? null;
}

function stopOnAbort(child: ChildProcess, signal: AbortSignal) {
  let asked = false;
  let timer: NodeJS.Timeout | undefined;
  const kill = () => child.kill('SIGKILL');
  const stop = () => {
    asked = true;
    if (child.connected) child.send({ kind: 'stop' } satisfies ToChild, () => {});
    timer = setTimeout(kill, STOP_LIMIT_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  process.once('exit', kill);
  return {
    asked: () => asked,
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      process.removeListener('exit', kill);
    },
  };
}

/** autocannon as a load generator: closed-loop saturation of single endpoints, in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENDPOINTS } from '../../scenarios/endpoints.ts';
import { type ProbeSchedule, planProbes } from '../../scenarios/probe-levels.ts';
import { findPlanFaults } from '../../scenarios/schedule.ts';
import type { SaturationProbe } from '../../scenarios/workloads.ts';
import { HarnessError } from '../errors.ts';
import type { FromChild, ToChild } from './autocannon-job.ts';
import { buildProbeReport } from './autocannon-report.ts';
import { readProbeSamples } from './autocannon-samples.ts';
import { readGzipLines } from './gzip-lines.ts';
import type { LoadGenerator, LoadOutcome, LoadRequest } from './load-generator.ts';

const SAMPLES_FILE = 'autocannon-samples.csv.gz';

/** How long the child may take to write down what it measured after it was told to stop. */
const STOP_LIMIT_MS = 10_000;

type Finished = Extract<FromChild, { kind: 'finished' }>;

/** @param probes what to measure; those of the plan's scenario unless told */
export function autocannonGenerator(probes?: readonly SaturationProbe[]): LoadGenerator {
  const version = autocannonVersion();
  return {
    name: 'autocannon',
    version: async () => version,
    run: (request) => runProbes(request, version, probes),
  };
}

function autocannonVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('autocannon/package.json') as { version: string }).version;
}

async function runProbes(
  request: LoadRequest,
  version: string,
  probes: readonly SaturationProbe[] | undefined,
): Promise<LoadOutcome> {
  if (request.signal.aborted) {
    throw new HarnessError('INTERRUPTED', 'autocannon was not started: the run was stopped.');
  }
  const faults = findPlanFaults(request.plan);
  if (faults.length > 0) {
    throw new HarnessError('BAD_OPTION', `The traffic plan cannot be driven: ${faults.join('; ')}`);
  }
  const schedule = planProbes(request.plan, probes);
  const samplesFile = path.resolve(request.runFolder, SAMPLES_FILE);
  const finished = await driveChild(request, schedule, samplesFile);
  const samples = await readProbeSamples(readGzipLines(samplesFile).lines, ENDPOINTS.dispatchAndWait.name);
  const interrupted = finished?.stopped ?? true;
  if (interrupted && samples.tally.requests === 0) {
    throw new HarnessError('INTERRUPTED', 'autocannon was stopped before it had measured a request.');
  }
  const report = buildProbeReport({
    schedule,
    version,
    samples,
    accounts: finished?.accounts ?? [],
    interrupted,
    files: [SAMPLES_FILE],
  });
  return { report, cpuMs: finished?.cpuMs ?? null };
}

/** `null` when the child had to be killed after it was told to stop. */
function driveChild(
  request: LoadRequest,
  schedule: ProbeSchedule,
  samplesFile: string,
): Promise<Finished | null> {
  const child = fork(fileURLToPath(new URL('./autocannon-child.ts', import.meta.url)), [], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { ...process.env, RUSHHOUR_LOGIN_PASSWORD: request.loginPassword },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const startedMs = performance.now();
  const totalMs = plannedMs(schedule);
  return new Promise((resolve, reject) => {
    let outcome: Finished | null = null;
    let failure: string | null = null;
    const stopping = stopOnAbort(child, request.signal);
    const lastWords = keepLastWords(child);
    const say = (message: ToChild) => child.send(message, () => {}); // a child that is gone tells by its exit
    child.on('message', (message: FromChild) => {
      if (message.kind === 'ready') {
        if (!request.signal.aborted)
          say({ kind: 'job', plan: request.plan, levels: schedule.levels, samplesFile });
      } else if (message.kind === 'progress') {
        const elapsedMs = performance.now() - startedMs;
        request.onProgress?.({ elapsedMs, totalMs, requests: message.requests, note: message.level });
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
        reject(childFailure(failure ?? lastWords() ?? `it ended with ${signal ?? `exit code ${exitCode}`}`));
    });
  });
}

function childFailure(message: string): HarnessError {
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

/** `null` as soon as one level takes as long as the service needs. */
function plannedMs({ levels }: ProbeSchedule): number | null {
  return levels.reduce<number | null>(
    (sum, { length }) =>
      sum === null || 'requests' in length ? null : sum + (length.warmUpSeconds + length.seconds) * 1000,
    0,
  );
}

/** k6 as a load generator: the open model, arrivals on schedule. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { scheduleTraffic, type TrafficSchedule } from '../../scenarios/schedule.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { readGzipLines } from './gzip-lines.ts';
import { K6_FILES, k6Arguments, k6Environment, k6ScriptUrl } from './k6-command.ts';
import { k6Failure } from './k6-exit.ts';
import { digestK6Log } from './k6-log.ts';
import { type K6ProcessEnd, runK6Process } from './k6-process.ts';
import { buildK6Report } from './k6-report.ts';
import { type K6Samples, readK6Samples } from './k6-samples.ts';
import { type K6Summary, parseK6Summary } from './k6-summary.ts';
import type { LoadGenerator, LoadOutcome, LoadRequest } from './load-generator.ts';

/** A k6 that works, as findK6 returns it. */
export interface K6Program {
  readonly path: string;
  /** Without the v: `1.8.1`. */
  readonly version: string;
}

/** @param script run instead of the script of the plan's scenario; it must export the same functions */
export function k6Generator(k6: K6Program, script?: URL): LoadGenerator {
  return {
    name: 'k6',
    version: async () => k6.version,
    run: (request) => runK6(k6, script ?? k6ScriptUrl(request.plan.scenario), request),
  };
}

async function runK6(k6: K6Program, script: URL, request: LoadRequest): Promise<LoadOutcome> {
  if (request.signal.aborted)
    throw new HarnessError('INTERRUPTED', 'k6 was not started: the run was stopped.');
  const schedule = scheduleOf(request);
  const inFolder = (file: string) => path.join(request.runFolder, file);
  await writeFile(inFolder(K6_FILES.plan), `${JSON.stringify(request.plan, null, 2)}\n`);
  // An own, empty configuration: k6 would merge in the one in the user's home.
  await writeFile(inFolder(K6_FILES.config), '{}\n');
  const progress = reportProgress(schedule, request);
  const end = await runK6Process({
    path: k6.path,
    args: k6Arguments(fileURLToPath(script)),
    env: k6Environment(process.env, {
      planPath: path.resolve(inFolder(K6_FILES.plan)),
      loginPassword: request.loginPassword,
    }),
    folder: request.runFolder,
    logFile: path.resolve(inFolder(K6_FILES.log)),
    signal: request.signal,
  }).finally(progress.stop);
  return { report: await readReport(k6, request, schedule, end), cpuMs: end.cpuMs };
}

function scheduleOf(request: LoadRequest): TrafficSchedule {
  try {
    return scheduleTraffic(request.plan);
  } catch (error) {
    throw new HarnessError('BAD_OPTION', messageOf(error), { cause: error });
  }
}

async function readReport(k6: K6Program, request: LoadRequest, schedule: TrafficSchedule, end: K6ProcessEnd) {
  const logFile = path.join(request.runFolder, K6_FILES.log);
  const log = await digestK6Log(createInterface({ input: createReadStream(logFile), crlfDelay: Infinity }));
  const failure = k6Failure({ ...end, lastError: log.lastError, logFile });
  if (failure !== null) throw failure;
  const { samples, cut } = await loadSamples(path.join(request.runFolder, K6_FILES.samples), schedule);
  if (end.stoppedByUs && (samples?.tally.requests ?? 0) === 0) {
    throw new HarnessError('INTERRUPTED', 'k6 was stopped before it had measured a request.');
  }
  const summary = await loadSummary(path.join(request.runFolder, K6_FILES.summary));
  return buildK6Report({
    schedule,
    version: k6.version,
    samples,
    samplesCut: cut || end.killed,
    summary,
    log,
    interrupted: end.stoppedByUs,
    files: await presentFiles(request.runFolder),
  });
}

async function presentFiles(folder: string): Promise<string[]> {
  const present = new Set(await readdir(folder));
  return Object.values(K6_FILES).filter((file) => present.has(file));
}

async function loadSamples(file: string, schedule: TrafficSchedule) {
  const { lines, damage } = readGzipLines(file);
  let samples: K6Samples | null = null;
  try {
    samples = await readK6Samples(lines, schedule);
  } catch {
    // A header that is not ours: buildK6Report says that there are no samples.
  }
  const missing = (damage() as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  return { samples: missing ? null : samples, cut: damage() !== null };
}

async function loadSummary(file: string): Promise<K6Summary | null> {
  try {
    return parseK6Summary(await readFile(file, 'utf8'));
  } catch {
    return null; // told as a warning by buildK6Report
  }
}

/** k6 is asked nothing while it measures, so this is the clock and the schedule. */
function reportProgress(schedule: TrafficSchedule, request: LoadRequest) {
  const startedMs = performance.now();
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - startedMs;
    const current = schedule.arrivals.findLast(
      ({ kind, startSeconds }) => kind === 'mix' && startSeconds * 1000 <= elapsedMs,
    );
    request.onProgress?.({
      elapsedMs,
      totalMs: schedule.endSeconds * 1000,
      requests: null,
      ...(current === undefined ? {} : { note: current.label }),
    });
  }, 500);
  return { stop: () => clearInterval(timer) };
}

/** One run of k6, whatever is made of what it leaves behind. */
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EndpointPlan, PairedEndpointPlan } from '../../scenarios/endpoint-traffic.ts';
import { namesInResults } from '../../scenarios/endpoint-traffic.ts';
import { ENDPOINTS } from '../../scenarios/endpoints.ts';
import { scheduleTraffic, type TrafficSchedule } from '../../scenarios/schedule.ts';
import type { PairedTrafficPlan, TrafficPlan } from '../../scenarios/traffic-plan.ts';
import { targetsOf } from '../../scenarios/traffic-targets.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { redact } from '../secrets.ts';
import { writing } from '../store/writing.ts';
import { followFile } from './growing-file.ts';
import { K6_FILES, k6Arguments, k6Environment, k6ScriptUrl } from './k6-command.ts';
import { k6Failure } from './k6-exit.ts';
import { K6LiveSamples } from './k6-live.ts';
import { K6RequestEnds } from './k6-live-ends.ts';
import { K6LiveRows } from './k6-live-rows.ts';
import { digestK6Log, type K6LogDigest } from './k6-log.ts';
import { type K6ProcessEnd, runK6Process } from './k6-process.ts';
import { type K6Summary, parseK6Summary } from './k6-summary.ts';
import type { LoadOrder } from './load-generator.ts';
import { packSamples } from './pack-samples.ts';
import { strainOf } from './process-strain.ts';

/** A k6 that works, as findK6 returns it. */
export interface K6Program {
  readonly path: string;
  /** Without the v: `1.8.1`. */
  readonly version: string;
}

export interface K6Order extends LoadOrder {
  readonly plan: TrafficPlan | PairedTrafficPlan | EndpointPlan | PairedEndpointPlan;
}

export interface K6Run {
  readonly end: K6ProcessEnd;
  readonly log: K6LogDigest;
  /** Of each target. */
  readonly schedule: TrafficSchedule;
}

/**
 * Runs k6 to its end, or until it was told to stop.
 * @param script run instead of the script of the plan's scenario
 * @throws HarnessError as a load generator does
 */
export async function runK6Script(k6: K6Program, script: URL | undefined, order: K6Order): Promise<K6Run> {
  if (order.signal.aborted) throw new HarnessError('INTERRUPTED', 'k6 was not started: the run was stopped.');
  const schedule = scheduleOf(order);
  const inFolder = (file: string) => path.resolve(order.runFolder, file);
  // An own, empty configuration: k6 would merge in the one in the user's home.
  await writing(order.runFolder, () => writeFile(inFolder(K6_FILES.config), '{}\n'));
  const progress = reportProgress(schedule, order);
  const run = (planPath: string) =>
    runK6Process({
      path: k6.path,
      args: k6Arguments(fileURLToPath(script ?? scriptOf(order))),
      env: k6Environment(process.env, {
        planPath,
        loginPassword: order.loginPassword,
        identities: order.identities ?? [],
      }),
      folder: order.runFolder,
      logFile: inFolder(K6_FILES.log),
      signal: order.signal,
      onStarted: progress.watch,
    });
  const end = await withPlan(order, run).finally(progress.stop);
  await packSamples(inFolder(K6_FILES.liveSamples), inFolder(K6_FILES.samples));
  await redactLog(inFolder(K6_FILES.log));
  const logLines = createInterface({ input: createReadStream(inFolder(K6_FILES.log)), crlfDelay: Infinity });
  const log = await digestK6Log(logLines);
  const failure = k6Failure({ ...end, lastError: log.lastError, logFile: inFolder(K6_FILES.log) });
  if (failure !== null) throw failure;
  return { end, log, schedule };
}

/**
 * The plan is kept with the result. Where a request of it holds a secret, the one that is kept is without, and k6 reads another, which
 * only this account can read and which is gone afterwards.
 */
async function withPlan<T>(order: K6Order, work: (planPath: string) => Promise<T>): Promise<T> {
  const kept = path.resolve(order.runFolder, K6_FILES.plan);
  const text = `${JSON.stringify(order.plan, null, 2)}\n`;
  const safe = redact(text);
  await writing(order.runFolder, () => writeFile(kept, safe));
  if (safe === text) return work(kept);
  const aside = await mkdtemp(path.join(tmpdir(), 'rushhour-k6-'));
  try {
    const whole = path.join(aside, K6_FILES.plan);
    await writeFile(whole, text, { mode: 0o600 });
    return await work(whole);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** k6 writes its log itself, and a script may log what it was answered. The samples hold no text of a request. */
export async function redactLog(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const safe = redact(text);
  if (safe !== text) await writeFile(file, safe);
}

function scriptOf({ plan }: K6Order): URL {
  return k6ScriptUrl('kind' in plan ? 'endpoints' : plan.scenario);
}

/** Names of the endpoints that the script of a plan has k6 keep metrics of. */
function namesOf(plan: K6Order['plan']): readonly string[] {
  return 'kind' in plan ? namesInResults(plan) : Object.values(ENDPOINTS).map(({ name }) => name);
}

/** Whether the service itself tells when a dispatch has ended. */
export function followsDispatches(plan: K6Order['plan']): boolean {
  return !('kind' in plan) || plan.dispatch === null || plan.dispatch.complete !== null;
}

function scheduleOf({ plan }: K6Order): TrafficSchedule {
  try {
    return scheduleTraffic(plan, targetsOf(plan).length);
  } catch (error) {
    throw new HarnessError('BAD_OPTION', messageOf(error), { cause: error });
  }
}

/** Names of the files that k6 left in its folder. */
export async function presentK6Files(folder: string): Promise<string[]> {
  const present = new Set(await readdir(folder));
  return Object.values(K6_FILES).filter((file) => present.has(file));
}

/** `null` when k6 wrote none: buildK6Report tells it as a warning. `variant` as in {@link parseK6Summary}. */
export async function loadK6Summary(
  folder: string,
  plan: K6Order['plan'],
  variant?: string,
): Promise<K6Summary | null> {
  try {
    const text = await readFile(path.join(folder, K6_FILES.summary), 'utf8');
    return parseK6Summary(text, variant, namesOf(plan));
  } catch {
    return null;
  }
}

/**
 * k6 is asked nothing while it measures: this is the clock, the schedule, and the samples that it writes anyway. At several services
 * nothing is said of times, since those of one could not be told from those of another.
 */
function reportProgress(schedule: TrafficSchedule, order: K6Order) {
  const startedMs = performance.now();
  const file = followFile(path.resolve(order.runFolder, K6_FILES.liveSamples));
  const rows = new K6LiveRows([...K6LiveSamples.METRICS, ...K6RequestEnds.METRICS]);
  const samples = new K6LiveSamples(schedule);
  const ends = new K6RequestEnds();
  const shared = targetsOf(order.plan).length;
  let strain: ReturnType<typeof strainOf> | null = null;
  let reading = Promise.resolve();
  const report = async () => {
    await file.read((text) => {
      for (const row of rows.take(text)) {
        samples.take(row);
        ends.take(row);
      }
    });
    order.onRequestEnds?.(ends.told());
    const elapsedMs = performance.now() - startedMs;
    const current = schedule.arrivals.findLast(
      ({ kind, startSeconds }) => kind === 'mix' && startSeconds * 1000 <= elapsedMs,
    );
    const { traffic, achievedPerSecond } = samples.reading(current);
    order.onProgress?.({
      elapsedMs,
      totalMs: schedule.endSeconds * 1000,
      requests: traffic?.requests ?? null,
      ...(current === undefined ? {} : { note: current.label }),
      askedPerSecond: current === undefined ? null : shared / current.periodSeconds,
      achievedPerSecond: achievedPerSecond ?? null,
      ...(traffic && { traffic: shared === 1 ? traffic : { ...traffic, p50Ms: null, p95Ms: null } }),
      ...(strain && { strain: strain() }),
    });
  };
  const timer = setInterval(() => {
    reading = reading.then(report).catch(() => {}); // readings are no part of what is measured
  }, 1_000);
  return {
    watch: (cpuMs: () => number | null) => {
      strain = strainOf(cpuMs, availableParallelism());
    },
    /** The last reading holds all that k6 has written. */
    stop: async () => {
      clearInterval(timer);
      await reading.then(report).catch(() => {});
      await file.close();
    },
  };
}

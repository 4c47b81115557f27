/** A k6 script of the user's own: run as it is, reported from its samples. */
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TrafficIdentity } from '../../scenarios/endpoint-traffic.ts';
import { shuffledTurns } from '../../scenarios/target-turns.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { LoadReport, ThresholdResult } from '../result.ts';
import { writing } from '../store/writing.ts';
import { childEnvironment } from '../targets/child-environment.ts';
import { readGzipLines } from './gzip-lines.ts';
import { K6_FILES, k6ScriptArguments, withoutK6Options } from './k6-command.ts';
import { K6_THRESHOLDS_FAILED, k6Failure } from './k6-exit.ts';
import { watchRequestEnds } from './k6-live-ends.ts';
import { digestK6Log } from './k6-log.ts';
import { runK6Process } from './k6-process.ts';
import { type K6Program, presentK6Files, redactLog } from './k6-run.ts';
import { readScriptSamples } from './k6-script-samples.ts';
import type { LoadOrder, LoadOutcome } from './load-generator.ts';
import { packSamples } from './pack-samples.ts';
import type { PairedLoadOutcome } from './paired-load-generator.ts';
import { redactSamples } from './redact-samples.ts';
import { buildScriptReport } from './script-report.ts';
import { readScriptThresholds } from './script-thresholds.ts';
import type { PairedScriptPlan, ScriptPlan } from './script-traffic.ts';

/** @throws HarnessError as a load generator does */
export async function runOwnScript(k6: K6Program, plan: ScriptPlan, order: LoadOrder): Promise<LoadOutcome> {
  if (order.signal.aborted) throw new HarnessError('INTERRUPTED', 'k6 was not started: the run was stopped.');
  const inFolder = (file: string) => path.resolve(order.runFolder, file);
  await writing(order.runFolder, () => writeFile(inFolder(K6_FILES.config), '{}\n'));
  // Aside: k6 puts what the script's setup returns into its summary, and that is where scripts keep their tokens.
  const aside = await mkdtemp(path.join(tmpdir(), 'rushhour-k6-'));
  const summaryFile = path.join(aside, 'summary.json');
  const progress = reportTime(plan, order);
  const watch = watchRequestEnds(order);
  try {
    const end = await runK6Process({
      path: k6.path,
      args: k6ScriptArguments(plan.file, summaryFile),
      env: scriptEnvironment(plan, order.identities?.[0]?.[0]),
      folder: order.runFolder,
      logFile: inFolder(K6_FILES.log),
      signal: order.signal,
    }).finally(async () => {
      progress.stop();
      await watch.stop();
    });
    await packSamples(inFolder(K6_FILES.liveSamples), inFolder(K6_FILES.samples));
    await redactLog(inFolder(K6_FILES.log));
    const lines = createInterface({ input: createReadStream(inFolder(K6_FILES.log)), crlfDelay: Infinity });
    const log = await digestK6Log(lines);
    const failure = k6Failure({ ...end, lastError: log.lastError, logFile: inFolder(K6_FILES.log) });
    if (failure !== null && end.exitCode !== K6_THRESHOLDS_FAILED) throw failure;
    const damage = await redactSamples(inFolder(K6_FILES.samples));
    const { lines: rows } = readGzipLines(inFolder(K6_FILES.samples));
    const samples = await readScriptSamples(rows).catch((error: unknown) => {
      throw unreadable(error, plan);
    });
    if (samples.tally.requests === 0 && end.stoppedByUs)
      throw new HarnessError('INTERRUPTED', 'k6 was stopped before it had measured a request.');
    const report = buildScriptReport({
      ...{ plan, version: k6.version, samples, log },
      samplesCut: damage !== null || end.killed,
      interrupted: end.stoppedByUs,
      files: await presentK6Files(order.runFolder),
    });
    return { report, cpuMs: end.cpuMs, thresholds: await thresholdsIn(summaryFile) };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * Runs the script at one target after another, in random order: it has a clock of its own, so no two runs of it can take turns.
 * The files of each are in a folder of its own.
 */
export async function runOwnScriptAtEach(
  k6: K6Program,
  { targets, ...traffic }: PairedScriptPlan,
  order: LoadOrder,
): Promise<PairedLoadOutcome> {
  const reports = new Map<string, LoadReport>();
  const thresholds = new Map<string, ThresholdResult[]>();
  let cpuMs: number | null = 0;
  for (const number of shuffledTurns({ randomSeed: traffic.randomSeed, targets: targets.length }, 0)) {
    const target = targets[number];
    if (target === undefined) continue;
    const folder = `k6-script-${number + 1}`;
    const runFolder = path.join(order.runFolder, folder);
    await mkdir(runFolder, { recursive: true });
    const outcome = await runOwnScript(
      k6,
      { ...traffic, baseUrl: target.baseUrl },
      {
        ...order,
        ...{ runFolder, identities: [order.identities?.[number] ?? []] },
        onRequestEnds: (ends) => order.onRequestEnds?.(ends.map((one) => ({ ...one, target: target.name }))),
      },
    );
    cpuMs = cpuMs === null || outcome.cpuMs === null ? null : cpuMs + outcome.cpuMs;
    thresholds.set(target.name, outcome.thresholds ?? []);
    reports.set(target.name, {
      ...outcome.report,
      files: outcome.report.files.map((file) => `${folder}/${file}`),
      warnings: [
        ...outcome.report.warnings,
        'the script ran at one variant after another, not in turns: what changed on the machine meanwhile is in the difference',
      ],
    });
  }
  return { reports, cpuMs, thresholds };
}

function scriptEnvironment(plan: ScriptPlan, identity: TrafficIdentity | undefined): NodeJS.ProcessEnv {
  return {
    ...withoutK6Options(childEnvironment()),
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_NO_USAGE_REPORT: 'true',
    ...plan.environment,
    BASE_URL: plan.baseUrl,
    RUSHHOUR_HEADERS: JSON.stringify(identity?.headers ?? {}),
  };
}

/** Empty when k6 wrote no summary: it was killed. */
async function thresholdsIn(file: string): Promise<ThresholdResult[]> {
  try {
    return readScriptThresholds(await readFile(file, 'utf8'));
  } catch {
    return [];
  }
}

function unreadable(error: unknown, plan: ScriptPlan): HarnessError {
  return new HarnessError(
    'LOAD_GENERATOR_FAILED',
    `The samples of ${plan.file} cannot be read: ${messageOf(error)}.`,
    { cause: error, hint: 'Leave systemTags out of the options of the script.' },
  );
}

/** How long a script takes is known to the script alone. */
function reportTime(plan: ScriptPlan, order: LoadOrder) {
  const startedMs = performance.now();
  const timer = setInterval(
    () =>
      order.onProgress?.({
        elapsedMs: performance.now() - startedMs,
        totalMs: null,
        requests: null,
        note: plan.scenario,
      }),
    500,
  );
  return { stop: () => clearInterval(timer) };
}

/**
 * `npm run verify:verdicts`: does the tool tell the truth on this machine? Runs real experiments whose right answer is
 * known, through the command line that people use, and prints as it goes. What is done is noted; run it again and it goes
 * on where it stopped, inside an experiment as well. Usage: `verify-verdicts.ts [--results DIR] [--summary]`.
 */
import { mkdir, readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { EXIT } from '../harness/errors.ts';
import { gateMetrics } from '../harness/experiment/false-alarms.ts';
import { ExperimentRecord } from '../harness/experiment-record.ts';
import { PROJECT_ROOT } from '../harness/machine/environment.ts';
import { acquireEmbeddedServer } from '../harness/postgres/embedded-server.ts';
import { RunRecord } from '../harness/result.ts';
import { PLAN_FILE } from '../harness/store/experiment-folder.ts';
import { parseRecord } from '../harness/store/parse-record.ts';
import { EXPERIMENT_FILE, RUN_FILE } from '../harness/store/result-folder.ts';
import { judgeStep } from './verdicts/judge-step.ts';
import { type Step, verificationSteps } from './verdicts/steps.ts';
import { summarise } from './verdicts/summary.ts';
import { appendVerified, readVerified, type VerifiedStep } from './verdicts/verification-ledger.ts';

const { values } = parseArgs({
  options: {
    results: { type: 'string', default: 'results/verify' },
    summary: { type: 'boolean', default: false },
  },
});
const root = path.resolve(values.results);
const steps = verificationSteps();
const stop = new AbortController();
// Not `once`: the lock's own handler ends a process in which no other listener is left.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

if (!values.summary) await runSteps();
const { lines, met } = summarise(steps, await readVerified(root));
console.log(
  ['', `${os.cpus()[0]?.model}, ${os.cpus().length} cores, ${new Date().toISOString()}`, ...lines].join('\n'),
);
process.exitCode = met ? 0 : 1;

async function runSteps(): Promise<void> {
  await mkdir(root, { recursive: true });
  const done = new Set((await readVerified(root)).map((step) => step.key));
  // Held over all steps, so that they do not start and stop it a hundred times.
  const server = await acquireEmbeddedServer();
  try {
    for (const [index, step] of steps.entries()) {
      if (done.has(step.key)) continue;
      if (stop.signal.aborted) return;
      const verified = await runStep(step);
      if (!verified) return;
      await appendVerified(root, verified);
      const seconds = Math.round(verified.wallMs / 1000);
      console.log(
        `${index + 1}/${steps.length} ${verified.met ? 'ok    ' : 'MISSED'} ${step.key} (${step.scenario}, ${seconds} s): ${verified.said}`,
      );
    }
  } finally {
    await server.release();
  }
}

/** `null` when it was interrupted; what it measured is kept for the next time. */
async function runStep(step: Step): Promise<VerifiedStep | null> {
  const unfinished = await unfinishedExperiment();
  const own = unfinished ? ['--resume', unfinished] : step.args;
  const command = ['bin/rushhour.js', 'experiment', ...own, '--results', root, '--no-report', '--json'];
  const run = await execa(process.execPath, command, {
    cwd: PROJECT_ROOT,
    reject: false,
    stdin: 'ignore',
    cancelSignal: stop.signal,
    gracefulCancel: false,
    killSignal: 'SIGINT',
    forceKillAfterDelay: 30_000,
  });
  if (stop.signal.aborted) return null;
  if (
    run.exitCode !== EXIT.fine &&
    run.exitCode !== EXIT.thresholdsFailed &&
    run.exitCode !== EXIT.notComparable
  ) {
    throw new Error(`${step.key} ended with ${run.exitCode}:\n${run.stderr}`);
  }
  const experiment = ExperimentRecord.parse(JSON.parse(run.stdout));
  return verify(step, experiment);
}

async function unfinishedExperiment(): Promise<string | undefined> {
  for (const name of await readdir(root)) {
    const files: string[] = await readdir(path.join(root, name)).catch(() => []);
    if (files.includes(PLAN_FILE) && !files.includes(EXPERIMENT_FILE)) return name;
  }
  return undefined;
}

async function verify(step: Step, experiment: ExperimentRecord): Promise<VerifiedStep> {
  const counted = experiment.runs.find(
    (run) => run.part === 'count' && run.variant === experiment.variants[1],
  );
  const file = path.join(root, experiment.id, counted?.folder ?? '', RUN_FILE);
  const probed = await parseRecord(file, RunRecord);
  const comparison = experiment.comparisons[0];
  const gate = comparison ? gateMetrics(comparison) : [];
  return {
    key: step.key,
    kind: step.kind,
    scenario: step.scenario,
    at: experiment.endedAt,
    machine: probed.environment.machine,
    cpu: `${probed.environment.cpuCount} × ${probed.environment.cpuModel}`,
    commit: probed.environment.tool.commit,
    experiment: experiment.id,
    pairs: comparison?.family.look?.pairs ?? 0,
    verdict: comparison?.verdict ?? 'not-comparable',
    unconfirmedVerdict: comparison?.unconfirmedVerdict ?? 'not-comparable',
    ...judgeStep(step, experiment, probed),
    gate,
    wallMs: experiment.wallMs,
    loadShare: experiment.loadShare,
    loadAverage1m: os.loadavg()[0] ?? 0,
  };
}

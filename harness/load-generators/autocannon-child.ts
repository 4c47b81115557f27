/**
 * The process that runs autocannon, so that its CPU time can be told from the harness's. Gets one job over IPC, the
 * password from its environment, and answers over IPC.
 */
import { appendFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { TrafficIdentity } from '../../scenarios/endpoint-traffic.ts';
import { messageOf } from '../errors.ts';
import { redact } from '../secrets.ts';
import { runCapacity } from './autocannon-capacity.ts';
import type { AutocannonJob, FromChild, LevelAccount, ProbeJob, ToChild } from './autocannon-job.ts';
import { type Recording, runLevel } from './autocannon-level.ts';
import { type ProbeSample, SAMPLES_HEADER, toCsvLine } from './autocannon-samples.ts';
import { ProbeProgress } from './probe-progress.ts';
import { openProbeSource, type ProbeSecrets } from './probe-source.ts';
import { RequestEndCounts } from './request-ends.ts';

const PROGRESS_INTERVAL_MS = 1_000;

const stop = new AbortController();

let working = false;

// Ctrl-C, a closed terminal or a supervisor reach the whole process group; the harness says when to stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Without the harness nobody would read the results.
process.on('disconnect', () => process.exit());
process.on('message', (message: ToChild) => {
  if (message.kind !== 'stop') {
    void answer(message);
    return;
  }
  stop.abort();
  if (!working) process.disconnect();
});
tell({ kind: 'ready' });

function tell(message: FromChild, onSent: () => void = () => {}): void {
  process.send?.(message, onSent);
}

async function answer(job: AutocannonJob): Promise<void> {
  working = true;
  const last = await runJob(job).catch(
    (error: unknown) => ({ kind: 'failed', message: redact(messageOf(error)) }) as const,
  );
  // The child hangs up: when the parent does, Node never tells it that the child has closed.
  tell(last, () => process.disconnect());
}

async function runJob(job: AutocannonJob): Promise<FromChild> {
  const before = process.cpuUsage();
  const secretsOf = (target: number): ProbeSecrets => ({
    password: process.env.RUSHHOUR_LOGIN_PASSWORD ?? '',
    identities: (JSON.parse(process.env.RUSHHOUR_IDENTITIES ?? '[]') as TrafficIdentity[][])[target] ?? [],
  });
  await appendFile(job.samplesFile, gzipSync(`${SAMPLES_HEADER}\n`));
  const progress = new ProbeProgress();
  const counts = new RequestEndCounts();
  const timer = setInterval(() => tell({ ...progress.message(), ends: counts.take() }), PROGRESS_INTERVAL_MS);
  const recording: Recording = {
    signal: stop.signal,
    onBegin: (name) => progress.begin(name),
    onMeasured: (durationMs, end) => progress.add(durationMs, end),
    onEnd: (target, end) => counts.add(String(target), end),
    keep: (samples) => keepSamples(job.samplesFile, samples),
  };
  const accounts =
    job.kind === 'capacity'
      ? await runCapacity(job, secretsOf, recording)
      : await runProbes(job, secretsOf(0), recording);
  clearInterval(timer);
  tell({ ...progress.message(), ends: counts.take() });
  const { user, system } = process.cpuUsage(before);
  return { kind: 'finished', accounts, stopped: stop.signal.aborted, cpuMs: (user + system) / 1000 };
}

async function runProbes(
  job: ProbeJob,
  secrets: ProbeSecrets,
  recording: Recording,
): Promise<LevelAccount[]> {
  const { plan, levels } = job;
  const dispatched = levels.flatMap(({ companyDays }) => companyDays);
  const source = await openProbeSource(plan, dispatched, secrets);
  const accounts: LevelAccount[] = [];
  for (const level of levels) {
    if (recording.signal.aborted) break;
    recording.onBegin(level.name);
    const { account, samples } = await runLevel({
      ...recording,
      ...{ level, baseUrl: plan.baseUrl, nextRequest: source.requestsOf(level) },
      onEnd: (end) => recording.onEnd(0, end),
      judge: (status, body) => source.judge(level, status, body),
    });
    await recording.keep(samples);
    accounts.push(account);
  }
  return accounts;
}

/** Writes the samples when the level is over: writing while it runs would take part in what is measured. */
async function keepSamples(file: string, samples: readonly ProbeSample[]): Promise<void> {
  // Members of a gzip file may follow each other (RFC 1952, section 2.2): a level that is written stays readable.
  if (samples.length > 0) {
    await appendFile(file, gzipSync(samples.map((sample) => `${toCsvLine(sample)}\n`).join('')));
  }
}

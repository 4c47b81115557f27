/**
 * The process that runs autocannon, so that its CPU time can be told from the harness's. Gets one job over IPC, the
 * password from its environment, and answers over IPC.
 */
import { appendFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { ProbeLevel } from '../../scenarios/probe-levels.ts';
import { probeRequest } from '../../scenarios/probe-requests.ts';
import type { Session } from '../../scenarios/traffic-choices.ts';
import { messageOf } from '../errors.ts';
import type { AutocannonJob, FromChild, LevelAccount, ToChild } from './autocannon-job.ts';
import { runLevel } from './autocannon-level.ts';
import { SAMPLES_HEADER, toCsvLine } from './autocannon-samples.ts';
import { openSessions } from './traffic-sessions.ts';

const PROGRESS_INTERVAL_MS = 500;

const stop = new AbortController();

let working = false;

// Ctrl-C reaches the whole process group; the harness says when to stop.
process.on('SIGINT', () => {});
// Without the harness nobody would read the results.
process.on('disconnect', () => process.exit());
process.on('message', (message: ToChild) => {
  if (message.kind === 'job') void answer(message);
  else {
    stop.abort();
    if (!working) process.disconnect();
  }
});
tell({ kind: 'ready' });

function tell(message: FromChild, onSent: () => void = () => {}): void {
  process.send?.(message, onSent);
}

async function answer(job: AutocannonJob): Promise<void> {
  working = true;
  const last = await runJob(job).catch(
    (error: unknown) => ({ kind: 'failed', message: messageOf(error) }) as const,
  );
  // The child hangs up: when the parent does, Node never tells it that the child has closed.
  tell(last, () => process.disconnect());
}

async function runJob(job: AutocannonJob): Promise<FromChild> {
  const before = process.cpuUsage();
  const password = process.env.RUSHHOUR_LOGIN_PASSWORD ?? '';
  const dispatched = job.levels.flatMap(({ companyDays }) => companyDays);
  const sessions = await openSessions(job.plan, dispatched, password);
  await appendFile(job.samplesFile, gzipSync(`${SAMPLES_HEADER}\n`));
  const accounts: LevelAccount[] = [];
  const progress = { requests: 0, level: '' };
  const timer = setInterval(() => tell({ kind: 'progress', ...progress }), PROGRESS_INTERVAL_MS);
  for (const level of job.levels) {
    if (stop.signal.aborted) break;
    progress.level = level.name;
    accounts.push(
      await measureLevel(job, level, sessions, () => {
        progress.requests += 1;
      }),
    );
  }
  clearInterval(timer);
  const { user, system } = process.cpuUsage(before);
  return { kind: 'finished', accounts, stopped: stop.signal.aborted, cpuMs: (user + system) / 1000 };
}

/** Writes the samples when the level is over: writing while it runs would take part in what is measured. */
async function measureLevel(
  job: AutocannonJob,
  level: ProbeLevel,
  sessions: readonly Session[],
  onAnswer: () => void,
): Promise<LevelAccount> {
  const traffic = { plan: job.plan, sessions, endpoint: level.endpoint, companyDays: level.companyDays };
  let index = 0;
  const { account, samples } = await runLevel({
    level,
    baseUrl: job.plan.baseUrl,
    nextRequest: () => probeRequest(traffic, index++),
    signal: stop.signal,
    onAnswer,
  });
  // Members of a gzip file may follow each other (RFC 1952, section 2.2): a level that is written stays readable.
  if (samples.length > 0) {
    await appendFile(job.samplesFile, gzipSync(samples.map((sample) => `${toCsvLine(sample)}\n`).join('')));
  }
  return account;
}

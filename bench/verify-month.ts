/**
 * `npm run verify:month`: does a month of nights find what was planted, and nothing else? Makes a repository whose commits change the
 * reference service, runs `rushhour nightly` for each of its days and `rushhour bisect` where something was planted, all of it measured,
 * and prints as it goes. What is done is in the history; run it again and it goes on. Usage: `verify-month.ts [--folder DIR] [--days N]`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { EXIT } from '../harness/errors.ts';
import { readHistory } from '../harness/history/history-file.ts';
import { PROJECT_ROOT } from '../harness/machine/environment.ts';
import type { NightRecord } from '../harness/night-record.ts';
import { acquireEmbeddedServer } from '../harness/postgres/embedded-server.ts';
import { type Day, monthOf } from './month/days.ts';
import { type BisectAnswer, judgeNight, monthSummary, type NightSaid } from './month/judge-night.ts';
import { keepAnswer, keptAnswer } from './month/kept-month.ts';
import { type MonthRepository, makeMonthRepository } from './month/repository.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'results/verify-month' },
    days: { type: 'string', default: '30' },
  },
});
const days = monthOf(Number(values.days));
const folder = path.resolve(values.folder);
const stop = new AbortController();
// Not `once`: a second Ctrl-C must not end this before what it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

const repository = await openRepository();
const said: NightSaid[] = [];
// Held over all nights, so that they do not start and stop it a hundred times.
const server = await acquireEmbeddedServer();
try {
  for (const day of days) {
    const one = await liveThrough(day);
    if (one === null) break;
    said.push(one);
    console.log(one.line);
  }
} finally {
  await server.release();
}
console.log(monthSummary(days, said));
process.exitCode = said.length === days.length && said.every(({ met }) => met) ? 0 : 1;

async function openRepository(): Promise<MonthRepository> {
  const file = path.join(folder, 'month.json');
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return readRepository(kept);
  const place = path.join(folder, 'repository');
  await mkdir(place, { recursive: true });
  const made = await makeMonthRepository(place, days);
  await writeFile(file, JSON.stringify({ ...made, commits: [...made.commits] }));
  return made;
}

function readRepository(text: string): MonthRepository {
  const kept = JSON.parse(text) as Omit<MonthRepository, 'commits'> & { commits: [string, string][] };
  return { ...kept, commits: new Map(kept.commits) };
}

/** The night of one day, and the search for its commit. `null` when it was interrupted. */
async function liveThrough(day: Day): Promise<NightSaid | null> {
  const commit = repository.endOfDay[day.day - 1] ?? '';
  const night = (await nightOf(commit)) ?? (await measureNight(commit));
  if (night === null) return null;
  const before = await nightOf(repository.endOfDay[day.day - 2] ?? '');
  const answer = day.planted && before ? await answerOf(day, before, night) : null;
  return stop.signal.aborted ? null : judgeNight(day, night, answer);
}

/** What bisect said of a day; searched once. */
async function answerOf(day: Day, before: NightRecord, night: NightRecord): Promise<BisectAnswer | null> {
  const kept = await keptAnswer(folder, day);
  if (kept !== null) return kept;
  const answer = await search(before, night);
  if (answer !== null) await keepAnswer(folder, day, answer);
  return answer;
}

async function nightOf(commit: string): Promise<NightRecord | null> {
  const { nights } = await readHistory(historyFile());
  return nights.find(({ candidate }) => candidate.commit === commit) ?? null;
}

function historyFile(): string {
  return path.join(repository.folder, 'nightly/history.ndjson');
}

async function measureNight(commit: string): Promise<NightRecord | null> {
  await rushhour(['nightly', '--candidate', commit, '--branch', 'main', '--no-report']);
  return stop.signal.aborted ? null : nightOf(commit);
}

async function search(before: NightRecord, night: NightRecord): Promise<BisectAnswer | null> {
  const ends = ['--good', before.candidate.commit, '--bad', night.candidate.commit];
  const text = await rushhour(['bisect', ...ends, '--json']);
  return stop.signal.aborted ? null : (JSON.parse(text) as BisectAnswer);
}

/** @returns what it printed on stdout */
async function rushhour(args: readonly string[]): Promise<string> {
  const command = [path.join(PROJECT_ROOT, 'bin/rushhour.js'), ...args, '--profile', 'smoke'];
  const run = await execa(process.execPath, command, {
    cwd: repository.folder,
    reject: false,
    stdin: 'ignore',
    cancelSignal: stop.signal,
    gracefulCancel: false,
    killSignal: 'SIGINT',
    forceKillAfterDelay: 30_000,
  });
  const expected: readonly (number | undefined)[] = [EXIT.fine, EXIT.thresholdsFailed, EXIT.notComparable];
  if (!stop.signal.aborted && !expected.includes(run.exitCode))
    throw new Error(`rushhour ${args.join(' ')} ended with ${run.exitCode}:\n${run.stderr}`);
  return run.stdout;
}

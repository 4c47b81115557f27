import { readdir, readFile } from 'node:fs/promises';
import type { CpuUse } from '../result.ts';

/** Linux counts CPU time for user space in ticks of 1/100 s, whatever the kernel's own rate (man 5 proc, USER_HZ). */
const MS_PER_TICK = 10;

/** CPU time used since the start of each process, at one moment. `null` where this platform cannot tell. */
export interface CpuReading {
  readonly atMs: number;
  readonly postgresMs: number | null;
  readonly serviceMs: number | null;
  readonly harnessMs: number;
  readonly machine: MachineTicks | null;
}

export interface MachineTicks {
  readonly total: number;
  readonly idle: number;
  readonly steal: number;
}

export async function readCpu(pids: {
  postmaster: number | null;
  service: readonly number[];
}): Promise<CpuReading> {
  const own = process.cpuUsage();
  return {
    atMs: performance.now(),
    postgresMs: pids.postmaster === null ? null : await familyCpuMs(pids.postmaster),
    serviceMs: await processesCpuMs(pids.service),
    harnessMs: (own.user + own.system) / 1000,
    machine: await readFile('/proc/stat', 'utf8').then(parseMachineTicks, () => null),
  };
}

/** What was used between two readings; the generator's share comes from its adapter. */
export function cpuBetween(before: CpuReading, after: CpuReading, generatorMs: number | null): CpuUse {
  const wallMs = after.atMs - before.atMs;
  const difference = (a: number | null, b: number | null) =>
    a === null || b === null ? null : Math.max(0, b - a);
  const machine = before.machine && after.machine ? machineShares(before.machine, after.machine) : null;
  return {
    wallMs,
    postgresMs: difference(before.postgresMs, after.postgresMs),
    serviceMs: difference(before.serviceMs, after.serviceMs),
    generatorMs,
    harnessMs: after.harnessMs - before.harnessMs,
    machineBusyRatio: machine?.busy ?? null,
    stealRatio: machine?.steal ?? null,
  };
}

function machineShares(before: MachineTicks, after: MachineTicks): { busy: number; steal: number } | null {
  const total = after.total - before.total;
  if (total <= 0) return null;
  const share = (ticks: number) => Math.min(1, Math.max(0, ticks / total));
  return { busy: share(total - (after.idle - before.idle)), steal: share(after.steal - before.steal) };
}

/** First line of /proc/stat: cpu user nice system idle iowait irq softirq steal (guest time is inside user). */
export function parseMachineTicks(text: string): MachineTicks | null {
  const ticks = text.split('\n', 1)[0]?.trim().split(/\s+/).slice(1, 9).map(Number) ?? [];
  if (ticks.length < 8 || ticks.some(Number.isNaN)) return null;
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { total, idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), steal: ticks[7] ?? 0 };
}

export interface ProcessTimes {
  readonly parentPid: number;
  readonly ownMs: number;
  /** Of children that have ended and were waited for. */
  readonly endedChildrenMs: number;
}

/** /proc/PID/stat. The second field is the program name in parentheses and may hold spaces, so counting starts after it. */
export function parseProcessStat(text: string): ProcessTimes | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parentPid, user, system, childUser, childSystem] = [1, 11, 12, 13, 14].map((index) =>
    Number(fields[index]),
  );
  if (parentPid === undefined || user === undefined || system === undefined) return null;
  if (Number.isNaN(user) || Number.isNaN(system)) return null;
  return {
    parentPid,
    ownMs: (user + system) * MS_PER_TICK,
    endedChildrenMs: ((childUser ?? 0) + (childSystem ?? 0)) * MS_PER_TICK,
  };
}

async function processTimes(pid: number | string): Promise<ProcessTimes | null> {
  return readFile(`/proc/${pid}/stat`, 'utf8').then(parseProcessStat, () => null);
}

/**
 * CPU time of a process's threads to the nanosecond, in milliseconds; `null` where there is no /proc. The ticks of
 * /proc/PID/stat are 10 ms, too coarse for a round of a second.
 * First field of schedstat: time spent on the processor (Linux: Documentation/scheduler/sched-stats.rst).
 */
export async function preciseCpuMs(pid: number): Promise<number | null> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => null);
  if (!threads) return null;
  const texts = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => null)),
  );
  const times = texts.flatMap((text) => (text === null ? [] : [Number(text.split(' ')[0]) / 1e6]));
  return times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0);
}

/** Of several processes together; `null` when there is none, or one has gone. */
/** CPU time of processes together, in milliseconds; `null` when there is none, or one cannot be told. */
export async function processesCpuMs(pids: readonly number[]): Promise<number | null> {
  return sumOfKnown(await Promise.all(pids.map(async (pid) => (await processTimes(pid))?.ownMs ?? null)));
}

/** {@link preciseCpuMs} of several processes together; `null` when there is none, or one cannot be told. */
export async function preciseCpuMsOf(pids: readonly number[]): Promise<number | null> {
  return sumOfKnown(await Promise.all(pids.map(preciseCpuMs)));
}

function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length
    ? null
    : known.reduce((sum, value) => sum + value, 0);
}

/** A postmaster with all its backends, those that have ended included. */
async function familyCpuMs(postmaster: number): Promise<number | null> {
  const parent = await processTimes(postmaster);
  if (!parent) return null;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(pids.map(processTimes));
  return all
    .filter((times) => times?.parentPid === postmaster)
    .reduce((sum, times) => sum + (times?.ownMs ?? 0), parent.ownMs + parent.endedChildrenMs);
}

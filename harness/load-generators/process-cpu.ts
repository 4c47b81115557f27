/** CPU time of a child process, read while it lives. */
import { readFile } from 'node:fs/promises';
import { parseProcessStat } from '../machine/cpu-counters.ts';

const SAMPLE_INTERVAL_MS = 250;

export interface CpuWatch {
  /** User and system time used so far, up to 250 ms old; `null` where this platform cannot tell. */
  cpuMs(): number | null;
  stop(): void;
}

/** Reads /proc again and again: the counters of a process vanish with it, and nobody else can tell them apart after. */
export function watchCpu(pid: number): CpuWatch {
  let latest: number | null = null;
  const sample = async () => {
    const times = await readFile(`/proc/${pid}/stat`, 'utf8').then(parseProcessStat, () => null);
    if (times !== null) latest = Math.max(latest ?? 0, times.ownMs);
  };
  void sample();
  const timer = setInterval(() => void sample(), SAMPLE_INTERVAL_MS);
  return { cpuMs: () => latest, stop: () => clearInterval(timer) };
}

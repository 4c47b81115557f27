import { performance } from 'node:perf_hooks';
import { LiveTally } from '../live/live-tally.ts';
import type { FromChild } from './autocannon-job.ts';
import type { RequestEnd } from './load-tally.ts';

/** How the job of a process that runs autocannon goes, and how hard that process works at it. */
export class ProbeProgress {
  readonly #tally = new LiveTally();
  #level = '';
  #began = { requests: 0, atMs: performance.now() };
  #loop = performance.eventLoopUtilization();
  #cpu = { ...process.cpuUsage(), atMs: performance.now() };

  begin(level: string): void {
    this.#level = level;
    this.#began = { requests: this.#tally.requests, atMs: performance.now() };
  }

  add(durationMs: number, end: RequestEnd): void {
    // What goes before the first measured answer of a level is its warm-up.
    if (this.#tally.requests === this.#began.requests) this.#began.atMs = performance.now();
    this.#tally.add(durationMs, end);
  }

  /** Without how requests ended, which is counted by target. */
  message(): Omit<Extract<FromChild, { kind: 'progress' }>, 'ends'> {
    const atMs = performance.now();
    const answered = this.#tally.requests - this.#began.requests - 1;
    const seconds = (atMs - this.#began.atMs) / 1000;
    const cpu = process.cpuUsage();
    const usedMs = (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1000;
    const processors = usedMs / Math.max(1, atMs - this.#cpu.atMs);
    const loop = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(loop, this.#loop);
    this.#cpu = { ...cpu, atMs };
    this.#loop = loop;
    return {
      kind: 'progress',
      level: this.#level,
      traffic: this.#tally.reading(),
      achievedPerSecond: answered < 1 || seconds <= 0 ? null : answered / seconds,
      ...{ processors, loopBusyRatio: utilization },
    };
  }
}

import { NO_LATENCY, type RequestEnd } from '../load-generators/load-tally.ts';
import type { TrafficReading } from './live-reading.ts';

/** Width of a bucket: its middle is within 1 % of everything in it. */
const STEP = Math.log(1.02);

/**
 * Counts and about where the quantiles are, at a cost that does not grow with the load: a tally that keeps and sorts every
 * request, as the one of the record does, would take the CPU of what is measured once a second.
 */
export class LiveTally {
  readonly #buckets = new Map<number, number>();
  #timed = 0;
  requests = 0;
  errors = 0;
  dropped = 0;

  add(durationMs: number, end: RequestEnd): void {
    this.requests += 1;
    if (end !== 'ok' && end !== 'rate-limited') this.errors += 1;
    if (NO_LATENCY.has(end)) return;
    const bucket = Math.floor(Math.log(Math.max(durationMs, 1e-3)) / STEP);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#timed += 1;
  }

  reading(): TrafficReading {
    const { requests, errors, dropped } = this;
    return { requests, errors, dropped, p50Ms: this.#quantile(0.5), p95Ms: this.#quantile(0.95) };
  }

  #quantile(quantile: number): number | null {
    if (this.#timed === 0) return null;
    let rank = quantile * (this.#timed - 1);
    for (const bucket of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      rank -= this.#buckets.get(bucket) ?? 0;
      if (rank < 0) return Math.exp((bucket + 0.5) * STEP);
    }
    return null;
  }
}

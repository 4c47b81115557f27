/**
 * What a dispatch and a request of each variant cost in tests. The numbers look like a small machine's, but are made by formula from
 * a seed: never show them outside a test.
 */
import type { LatencySummary } from '../../harness/result.ts';

/** What one dispatch of a variant costs, before noise. */
export interface VariantCost {
  loadMs: number;
  decideMs: number;
  applyMs: number;
  queries: number;
  transactionStatements: number;
  rows: number;
  walBytes: number;
  /** Latency of every endpoint ÷ latency in `baseline`. */
  latencyFactor: number;
  /** Requests per second one saturated endpoint answers. */
  capacityPerSecond: number;
}

const COST: Record<string, VariantCost> = {
  baseline: {
    loadMs: 1190,
    decideMs: 5,
    applyMs: 300,
    queries: 650,
    transactionStatements: 202,
    rows: 5420,
    walBytes: 118_400,
    latencyFactor: 1,
    capacityPerSecond: 33,
  },
  indexes: {
    loadMs: 260,
    decideMs: 5,
    applyMs: 290,
    queries: 650,
    transactionStatements: 202,
    rows: 5420,
    walBytes: 141_900,
    latencyFactor: 0.06,
    capacityPerSecond: 310,
  },
  'bulk-apply': {
    loadMs: 1180,
    decideMs: 5,
    applyMs: 11,
    queries: 454,
    transactionStatements: 4,
    rows: 5420,
    walBytes: 74_800,
    latencyFactor: 0.9,
    capacityPerSecond: 34,
  },
  'eager-loading': {
    loadMs: 180,
    decideMs: 5,
    applyMs: 300,
    queries: 208,
    transactionStatements: 202,
    rows: 812,
    walBytes: 118_400,
    latencyFactor: 0.7,
    capacityPerSecond: 41,
  },
  optimised: {
    loadMs: 18,
    decideMs: 5,
    applyMs: 6,
    queries: 9,
    transactionStatements: 2,
    rows: 812,
    walBytes: 80_100,
    latencyFactor: 0.025,
    capacityPerSecond: 540,
  },
};

/** Endpoint, share of the requests, median in `baseline` in milliseconds, log-scale spread. */
export const ENDPOINTS: readonly [string, number, number, number][] = [
  ['GET /api/v1/bookings', 0.34, 160, 0.42],
  ['PUT /api/v1/drivers/:id/location', 0.24, 41, 0.5],
  ['GET /api/v1/drivers', 0.12, 64, 0.45],
  ['POST /api/v1/bookings', 0.1, 38, 0.55],
  ['GET /api/v1/company_dispatch/runs/:id', 0.08, 35, 0.5],
  ['GET /api/v1/company_dispatch/assignments', 0.06, 210, 0.4],
  ['PATCH /api/v1/company_dispatch/assignments/:id', 0.04, 52, 0.5],
  ['POST /api/v1/company_dispatch/run', 0.02, 48, 0.6],
];

export const QUANTILES = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998,
  0.999, 0.9999,
];

/** A stream of numbers in [0, 1) from a seed (mulberry32), the same on every machine. */
export function testRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** About 1, spread by `spread` on a log scale. */
export function noise(random: () => number, spread: number): number {
  return Math.exp(spread * (random() + random() + random() - 1.5));
}

export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}

export function costOf(variant: string): VariantCost {
  return (COST[variant] ?? COST.optimised) as VariantCost;
}

/** The latency at a quantile of a log-logistic distribution, close to log-normal around the middle. */
export function latencyAt(quantile: number, medianMs: number, spread: number): number {
  const clamped = Math.min(0.99995, Math.max(0.002, quantile));
  return round(medianMs * Math.exp((spread * Math.log(clamped / (1 - clamped))) / 1.702));
}

export function latencySummary(medianMs: number, spread: number): LatencySummary {
  const at = (quantile: number) => latencyAt(quantile, medianMs, spread);
  return {
    minMs: at(0),
    meanMs: round(medianMs * Math.exp((spread * spread) / 2)),
    p50Ms: at(0.5),
    p75Ms: at(0.75),
    p90Ms: at(0.9),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: at(0.9999),
  };
}

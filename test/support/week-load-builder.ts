import type { LoadTestFact } from '../../harness/week-record.ts';

const ENDPOINTS: readonly [endpoint: string, requests: number, beforeMs: number, afterMs: number][] = [
  ['GET /api/v1/bookings', 900, 178, 6],
  ['GET /api/v1/drivers', 500, 41, 3.1],
  ['POST /api/v1/bookings', 300, 4.4, 4.9],
  ['PATCH /api/v1/company_dispatch/assignments/:id', 200, 2.9, 3.9],
  ['POST /api/v1/company_dispatch/run', 20, 9.1, 4.2],
];

type Run = LoadTestFact['runs'][number];

/** Baseline and optimised under one scenario with k6; the stress test goes up in four steps. */
export function buildLoadTest(scenario: 'load' | 'stress'): LoadTestFact {
  const stress = scenario === 'stress';
  return {
    scenario,
    openBookings: stress ? 1_000 : 100,
    drivers: stress ? 300 : 50,
    history: 100_000,
    runs: [run(scenario, 'baseline'), run(scenario, 'optimised')],
    skipped: stress ? [] : [{ generator: 'autocannon', reason: 'it was not asked for' }],
  };
}

function run(scenario: string, variant: string): Run {
  const before = variant === 'baseline';
  return {
    variant,
    folder: `${scenario}/${variant}`,
    generator: 'k6',
    requests: 1_920,
    errorRatio: 0,
    droppedIterations: before && scenario === 'stress' ? 37 : 0,
    throughputPerSecond: before ? 31 : 40,
    endpoints: ENDPOINTS.map(([endpoint, requests, beforeMs, afterMs]) => ({
      endpoint,
      requests,
      p50Ms: before ? beforeMs : afterMs,
      p95Ms: (before ? beforeMs : afterMs) * 2.2,
    })),
    dispatches: { started: 20, completed: before ? 18 : 20, p50Ms: before ? 3_100 : 44 },
    thresholds: [
      {
        name: 'p95 of GET /api/v1/bookings',
        unit: 'ms',
        limit: 250,
        measured: before ? 391 : 13,
        passed: !before,
      },
      { name: 'failed requests', unit: 'ratio', limit: 0.01, measured: 0, passed: true },
    ],
    steps: scenario === 'stress' ? [20, 40, 80, 120].map((rate) => step(rate, before)) : [],
  };
}

function step(rate: number, before: boolean): Run['steps'][number] {
  return {
    name: `${rate}/s`,
    targetRatePerSecond: rate,
    throughputPerSecond: before ? Math.min(rate, 45) : rate,
    p95Ms: before ? 90 * (1 + (rate / 40) ** 3) : 12 + rate / 10,
    errors: 0,
  };
}

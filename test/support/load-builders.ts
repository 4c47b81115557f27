/**
 * Valid loads for tests. The numbers look like a small machine's, but are made by formula from
 * a seed: never show them outside a test.
 */
import type {
  EndpointLoad,
  LoadPhase,
  LoadReport,
  MeasuredLoad,
  PercentilePoint,
  SeriesPoint,
} from '../../harness/result.ts';
import { buildStatements } from './probe-builders.ts';
import {
  costOf,
  ENDPOINTS,
  latencyAt,
  latencySummary,
  noise,
  QUANTILES,
  round,
  testRandom,
} from './variant-costs.ts';

export interface RunShape {
  variant: string;
  scenario: string;
  /** Position in the plan; also the seed of the noise. */
  pair: number;
  slot: number;
}

export function buildEndpointLoad(
  shape: { endpoint: string; requests: number; medianMs: number; spread: number },
  overrides: Partial<EndpointLoad> = {},
): EndpointLoad {
  const percentiles: PercentilePoint[] = QUANTILES.map((quantile) => ({
    quantile,
    ms: latencyAt(quantile, shape.medianMs, shape.spread),
  }));
  return {
    endpoint: shape.endpoint,
    requests: shape.requests,
    errors: 0,
    timeouts: 0,
    latency: latencySummary(shape.medianMs, shape.spread),
    percentiles,
    ...overrides,
  };
}

function buildSeries(
  seconds: number,
  perSecond: number,
  medianMs: number,
  random: () => number,
): SeriesPoint[] {
  return Array.from({ length: seconds }, (_, second) => ({
    second,
    requests: Math.round(perSecond * (second === 0 ? 0.4 : 1) * noise(random, 0.12)),
    errors: 0,
    p50Ms: round(medianMs * noise(random, 0.15)),
    p95Ms: round(medianMs * 2.2 * noise(random, 0.3)),
  }));
}

/** Asked iterations per second of each step of the `stress` scenario built here. */
const STRESS_STEPS = [10, 20, 40, 80, 120, 40, 10];

function stressPhases(variant: string): LoadPhase[] {
  const { latencyFactor } = costOf(variant);
  const capacity = 45 / Math.sqrt(latencyFactor);
  return STRESS_STEPS.map((rate, index) => {
    const achieved = Math.min(rate, capacity);
    const p50Ms = round(Math.min(8000, 120 * latencyFactor * (1 + (rate / capacity) ** 4)));
    return {
      name: `step ${index + 1}: ${rate}/s`,
      startSecond: index * 15,
      durationSeconds: 15,
      targetRatePerSecond: rate,
      concurrency: null,
      endpoint: null,
      requests: Math.round(achieved * 15),
      errors: rate > capacity * 1.5 ? 14 : 0,
      throughputPerSecond: round(achieved),
      p50Ms,
      p95Ms: round(p50Ms * 2.4),
    };
  });
}

export function buildLoadReport(
  shape: RunShape & { generator: LoadReport['generator'] },
  overrides: Partial<LoadReport> = {},
): LoadReport {
  const random = testRandom(shape.pair * 101 + shape.slot * 7 + (shape.generator === 'k6' ? 0 : 50));
  const cost = costOf(shape.variant);
  const closed = shape.generator === 'autocannon';
  const seconds = closed ? 18 : shape.scenario === 'stress' ? 105 : 60;
  const requests = closed ? Math.round(cost.capacityPerSecond * 18) : 2400;
  const endpoints = closed ? ENDPOINTS.slice(0, 3) : ENDPOINTS;
  const shiftMs = noise(random, 0.5);
  return {
    generator: shape.generator,
    generatorVersion: closed ? '9.0.0' : '1.8.1',
    model: closed ? 'closed' : 'open',
    durationMs: seconds * 1000,
    requests,
    errors: 0,
    droppedIterations: 0,
    interruptedIterations: 0,
    exceptions: 0,
    mismatches: 0,
    throughputPerSecond: round(requests / seconds),
    endpoints: endpoints.map(([endpoint, share, medianMs, spread]) =>
      buildEndpointLoad({
        endpoint,
        requests: Math.round(closed ? requests / endpoints.length : requests * share),
        medianMs: medianMs * cost.latencyFactor * shiftMs * (closed ? 1.9 : 1) * noise(random, 0.3),
        spread: spread * noise(random, 0.3),
      }),
    ),
    phases: closed
      ? endpoints.map(([endpoint], index) => ({
          name: `saturate ${endpoint}`,
          startSecond: index * 6,
          durationSeconds: 6,
          targetRatePerSecond: null,
          concurrency: 10,
          endpoint,
          requests: Math.round(cost.capacityPerSecond * 6),
          errors: 0,
          throughputPerSecond: round(cost.capacityPerSecond * (1 + index * 0.35) * noise(random, 0.06)),
          p50Ms: round(300 * cost.latencyFactor),
          p95Ms: round(640 * cost.latencyFactor),
        }))
      : shape.scenario === 'stress'
        ? stressPhases(shape.variant)
        : [],
    series: buildSeries(seconds, requests / seconds, 95 * cost.latencyFactor, random),
    dispatches: closed
      ? { started: 0, completed: 0, failed: 0, unfinished: 0, timeToCompleteMs: null }
      : {
          started: 24,
          completed: 24,
          failed: 0,
          unfinished: 0,
          timeToCompleteMs: latencySummary((cost.loadMs + cost.applyMs) * 1.6, 0.3),
        },
    files: [`${shape.generator}/summary.json`],
    warnings: [],
    ...overrides,
  };
}

export function buildMeasuredLoad(
  shape: RunShape & { generator: LoadReport['generator'] },
  overrides: Partial<MeasuredLoad> = {},
): MeasuredLoad {
  const report = overrides.report ?? buildLoadReport(shape);
  const { latencyFactor } = costOf(shape.variant);
  const p95Ms = report.endpoints[0]?.latency?.p95Ms ?? null;
  return {
    report,
    cpu: {
      wallMs: report.durationMs,
      postgresMs: round(report.durationMs * Math.min(1.4, 0.1 + latencyFactor)),
      serviceMs: round(report.durationMs * 0.31),
      generatorMs: round(report.durationMs * 0.12),
      harnessMs: round(report.durationMs * 0.01),
      machineBusyRatio: Math.min(0.97, 0.34 + 0.6 * latencyFactor),
      stealRatio: 0.002,
    },
    database: {
      queries: report.requests * 4,
      transactions: report.requests,
      rowsReturned: report.requests * 21,
      blocksHit: report.requests * 300,
      blocksRead: 420,
      walBytes: 2_410_000,
      temporaryBytes: 0,
      deadlocks: 0,
      databaseMs: round(report.durationMs * 0.6),
      checkpoints: 1,
      autovacuums: 0,
      statements: buildStatements(shape.variant, 24),
    },
    thresholds: [
      {
        name: 'p95 of GET /api/v1/bookings',
        unit: 'ms',
        limit: 250,
        measured: p95Ms,
        passed: p95Ms !== null && p95Ms <= 250,
      },
      { name: 'errors', unit: 'ratio', limit: 0.001, measured: 0, passed: true },
    ],
    ...overrides,
  };
}

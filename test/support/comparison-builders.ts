/**
 * Valid comparisons for tests. The numbers look like a small machine's, but are made by formula from
 * a seed: never show them outside a test.
 */
import type { Comparison, CountDifference, TimingComparison } from '../../harness/experiment-record.ts';
import { costOf, noise, round, testRandom, type VariantCost } from './variant-costs.ts';

/**
 * A timing row from one ratio per pair. The estimate is the median and the interval the range, which for six pairs is
 * what the exact Wilcoxon interval is: level 1 − 2 · 2⁻⁶ = 0.96875. Fewer pairs have no interval.
 */
export function buildTiming(
  metric: string,
  ratios: readonly number[],
  overrides: Partial<TimingComparison> = {},
): TimingComparison {
  const sorted = ratios.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 1;
  const enough = ratios.length >= 6;
  const low = enough ? (sorted[0] as number) : null;
  const high = enough ? (sorted.at(-1) as number) : null;
  const delta = overrides.delta ?? 0.03;
  const worse = overrides.higherIsBetter
    ? low !== null && low < 1 - delta
    : high !== null && high > 1 + delta;
  const clear = low !== null && high !== null && (high < 1 - delta || low > 1 + delta);
  return {
    metric,
    unit: 'ms',
    role: 'gate',
    source: 'pair',
    higherIsBetter: false,
    baselineMedian: 100,
    candidateMedian: round(100 * middle),
    pairs: ratios.length,
    ratios: [...ratios],
    ratio: middle,
    low,
    high,
    level: enough ? 0.96875 : null,
    equivalenceLow: low,
    equivalenceHigh: high,
    pValue: enough ? 0.03125 : null,
    qValue: null,
    tAgrees: enough ? true : null,
    noise: enough ? 0.02 : null,
    detectableRatio: enough ? 1.021 : null,
    regressionRatio: enough ? 1.051 : null,
    tooNoisy: false,
    diagnostics: null,
    delta,
    verdict: clear ? (worse ? 'regressed' : 'improved') : 'inconclusive',
    reason: clear
      ? 'the whole interval lies beyond the band'
      : enough
        ? 'the interval touches the band'
        : 'too few pairs',
    ...overrides,
  };
}

function wallRatios(
  candidate: string,
  pairs: number,
  base: (cost: VariantCost) => number,
  spread: number,
): number[] {
  const random = testRandom(candidate.length * 17 + pairs);
  const ratio = base(costOf(candidate)) / base(costOf('baseline'));
  return Array.from({ length: pairs }, () => ratio * noise(random, spread));
}

/** The gate metrics of every built experiment. */
export const GATE = ['dispatch time', 'dispatch p95'];

const DIAGNOSTICS: NonNullable<TimingComparison['diagnostics']> = {
  lag1: 0.05,
  slotEffect: { estimate: 0.002, low: -0.004, high: 0.007, level: 0.95 },
  drift: { estimate: 0, low: -0.001, high: 0.001, level: 0.95 },
  flags: [],
};

/** What the counts of a variant without per-row statements say. */
export function buildDifferences(candidate: string): CountDifference[] {
  if (costOf(candidate).queries === costOf('baseline').queries) return [];
  return [
    {
      kind: 'query-per-row',
      subject: 'SELECT * FROM client WHERE id = $1',
      counter: 'calls',
      baseline: 100,
      candidate: 0,
      sentence:
        'baseline asks for the client of every booking one by one, 100 times a dispatch; ' +
        `${candidate} does not ask it at all.`,
    },
  ];
}

export function buildComparison(
  candidate = 'optimised',
  pairs = 6,
  overrides: Partial<Comparison> = {},
): Comparison {
  const before = costOf('baseline');
  const after = costOf(candidate);
  const wall = (cost: VariantCost) => cost.loadMs + cost.decideMs + cost.applyMs + 1.8;
  const timing = (
    metric: string,
    value: (cost: VariantCost) => number,
    spread: number,
    more: Partial<TimingComparison> = {},
  ) =>
    buildTiming(metric, wallRatios(candidate, pairs, value, spread), {
      baselineMedian: value(before),
      candidateMedian: value(after),
      ...more,
    });
  // The probes of the count part are repeated twice, whatever the number of pairs.
  const probed = (metric: string, value: (cost: VariantCost) => number, spread: number) =>
    buildTiming(metric, wallRatios(candidate, 2, value, spread), {
      baselineMedian: value(before),
      candidateMedian: value(after),
      source: 'count',
      role: 'exploratory',
    });
  const exact = (metric: string, unit: string, value: (cost: VariantCost) => number) => ({
    metric,
    unit,
    baseline: value(before),
    candidate: value(after),
    repeatsAgree: true,
    baselineRange: [value(before), value(before)] as [number, number],
    candidateRange: [value(after), value(after)] as [number, number],
  });
  const p95 = (endpoint: string, medianMs: number) =>
    timing(`${endpoint} p95 (k6)`, (cost) => medianMs * 2.1 * cost.latencyFactor, 0.1, {
      role: 'exploratory',
      source: 'load',
      qValue: 0.04,
      delta: 0.05,
    });
  return {
    baseline: 'baseline',
    candidate,
    refusals: [],
    verdict: pairs >= 6 ? 'improved' : 'inconclusive',
    unconfirmedVerdict: pairs >= 6 ? 'improved' : 'inconclusive',
    confirmation: null,
    family: {
      metrics: GATE,
      alpha: 0.05,
      look: { number: 1, of: 1, pairs, level: 0.95, equivalenceLevel: 0.9 },
    },
    differences: buildDifferences(candidate),
    headline: `a dispatch of ${candidate} is faster than one of baseline.`,
    exact: [
      exact('queries per dispatch', 'statements', (cost) => cost.queries),
      exact('rows per dispatch', 'rows', (cost) => cost.rows),
      exact('blocks per dispatch', 'blocks', (cost) => Math.round(cost.rows * 3.1) + 12),
      exact('WAL bytes per dispatch', 'bytes', (cost) => cost.walBytes),
    ],
    timings: [
      timing('dispatch time', wall, 0.05, { diagnostics: DIAGNOSTICS }),
      timing('dispatch p95', (cost) => 1.4 * wall(cost), 0.08, { delta: 0.05, diagnostics: null }),
      timing('service CPU per dispatch', (cost) => 0.2 * wall(cost), 0.05, {
        role: 'exploratory',
        qValue: 0.04,
      }),
      probed('load phase', (cost) => cost.loadMs, 0.06),
      probed('decide phase', (cost) => cost.decideMs, 0.06),
      probed('apply phase', (cost) => cost.applyMs, 0.08),
      p95('GET /api/v1/bookings', 160),
      p95('GET /api/v1/drivers', 64),
      timing(
        'saturate GET /api/v1/bookings throughput (autocannon)',
        (cost) => cost.capacityPerSecond,
        0.08,
        {
          role: 'exploratory',
          source: 'load',
          qValue: 0.04,
          unit: 'requests/s',
          higherIsBetter: true,
          delta: 0.05,
        },
      ),
    ],
    equalOutcome: true,
    warnings: [],
    ...overrides,
  };
}

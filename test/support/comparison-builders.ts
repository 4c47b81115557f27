/**
 * Valid comparisons for tests. The numbers look like a small machine's, but are made by formula from a seed: never show them outside a test.
 */
import type { Comparison, TimingComparison } from '../../harness/experiment-record.ts';
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
    noise: enough ? 0.04 : null,
    detectableRatio: enough ? 1.05 : null,
    regressionRatio: enough ? 1.08 : null,
    tooNoisy: enough,
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
      metrics: ['dispatch time'],
      alpha: 0.05,
      look: { number: 1, of: 1, pairs, level: 0.95, equivalenceLevel: 0.9 },
    },
    differences: [],
    headline: `a dispatch of ${candidate} is faster than one of baseline.`,
    exact: [
      exact('queries per dispatch', 'statements', (cost) => cost.queries),
      exact('rows per dispatch', 'rows', (cost) => cost.rows),
      exact('blocks per dispatch', 'blocks', (cost) => Math.round(cost.rows * 3.1) + 12),
      exact('WAL bytes per dispatch', 'bytes', (cost) => cost.walBytes),
    ],
    timings: [
      timing('dispatch time', wall, 0.05),
      timing('load phase', (cost) => cost.loadMs, 0.06, { role: 'exploratory' }),
      timing('decide phase', (cost) => cost.decideMs, 0.06, { role: 'exploratory' }),
      timing('apply phase', (cost) => cost.applyMs, 0.08, { role: 'exploratory' }),
      p95('GET /api/v1/bookings', 160),
      p95('GET /api/v1/drivers', 64),
      timing(
        'saturate GET /api/v1/bookings throughput (autocannon)',
        (cost) => cost.capacityPerSecond,
        0.08,
        {
          role: 'exploratory',
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

import type { PairDiagnostics, PlannedSlot, TimingComparison, Verdict } from '../experiment-record.ts';
import { crossCheck, excludesZero } from '../statistics/cross-check.ts';
import { minimumDetectableEffect, noiseOf, pairsFor } from '../statistics/detectable-effect.ts';
import { lagOneAutocorrelation, slotEffect, theilSenSlope } from '../statistics/diagnostics.ts';
import { locate, median } from '../statistics/hodges-lehmann.ts';
import { fewestPairs } from '../statistics/signed-rank.ts';
import { signedRankTest } from '../statistics/signed-rank-test.ts';
import { judge, MINIMUM_PAIRS } from '../statistics/verdict.ts';
import type { RunPair, TimingMetric } from './metrics.ts';

/** The levels at which the intervals of one look are taken; those of a single look at 95 % for what does not decide. */
export interface LookLevels {
  readonly level: number;
  readonly equivalenceLevel: number;
}

export interface JudgedMetric {
  readonly metric: TimingMetric;
  readonly role: TimingComparison['role'];
  readonly levels: LookLevels;
  /** Why there is no verdict whatever the interval, for example because the look is still to come. */
  readonly withheld: string | null;
}

/**
 * One metric over the pairs: estimate, interval, verdict, and what could be wrong with it. `null` when no pair has it.
 * The sample is the pairs, never the requests.
 */
export function judgeTiming(judged: JudgedMetric, pairs: readonly RunPair[]): TimingComparison | null {
  const { metric } = judged;
  const measured = pairs.flatMap((pair) => {
    const [baseline, candidate] = [metric.of(pair.baseline), metric.of(pair.candidate)];
    if (!baseline || !candidate) return []; // a time of zero has no ratio either
    const log = metric.logRatio ? metric.logRatio(pair) : Math.log(candidate / baseline);
    const within = metric.withinPair?.(pair) ?? [];
    return log === null ? [] : [{ baseline, candidate, log, within, baselineFirst: pair.baselineFirst }];
  });
  if (measured.length === 0) return null;
  const logs = measured.map((one) => one.log);
  const location = locate(logs);
  const interval = location.interval(judged.levels.level);
  const equivalence = location.interval(judged.levels.equivalenceLevel);
  const noise = logs.length < 2 ? null : noiseOf(logs);
  const detectable =
    noise === null || interval === null
      ? null
      : minimumDetectableEffect({ sigma: noise, pairs: logs.length, level: judged.levels.level });
  const verdict = verdictOf(judged, pairs, measured.length, {
    interval: turned(interval, metric),
    equivalence: turned(equivalence, metric),
    noise,
    detectable,
  });
  return {
    metric: metric.metric,
    unit: metric.unit,
    role: judged.role,
    source: metric.source,
    higherIsBetter: metric.higherIsBetter,
    baselineMedian: median(measured.map((one) => one.baseline)),
    candidateMedian: median(measured.map((one) => one.candidate)),
    pairs: measured.length,
    ratios: logs.map(Math.exp),
    ratio: Math.exp(location.estimate),
    low: interval ? Math.exp(interval.low) : null,
    high: interval ? Math.exp(interval.high) : null,
    level: interval?.level ?? null,
    equivalenceLow: equivalence ? Math.exp(equivalence.low) : null,
    equivalenceHigh: equivalence ? Math.exp(equivalence.high) : null,
    pValue: logs.length < MINIMUM_PAIRS ? null : signedRankTest(logs).pValue,
    qValue: null,
    tAgrees: interval ? !(crossCheck(logs, interval)?.outlierPairs ?? false) : null,
    noise,
    detectableRatio: detectable === null ? null : Math.exp(detectable),
    regressionRatio: detectable === null ? null : (1 + metric.delta) * Math.exp(detectable),
    tooNoisy: detectable !== null && detectable > Math.log1p(metric.delta),
    delta: metric.delta,
    diagnostics: logs.length < MINIMUM_PAIRS ? null : diagnose(measured),
    ...verdict,
  };
}

type Interval = { readonly low: number; readonly high: number };

/** What a verdict is drawn from, on the log scale with + for worse. */
interface Evidence {
  readonly interval: Interval | null;
  readonly equivalence: Interval | null;
  readonly noise: number | null;
  /** Smallest effect that would be told from none, 80 % of the time. */
  readonly detectable: number | null;
}

/** With its sign turned so that + is worse. */
function turned<T extends Interval>(interval: T | null, metric: TimingMetric): Interval | null {
  if (!interval || !metric.higherIsBetter) return interval;
  return { low: -interval.high, high: -interval.low };
}

function verdictOf(
  { metric, levels, withheld }: JudgedMetric,
  pairs: readonly RunPair[],
  measured: number,
  evidence: Evidence,
): { verdict: Verdict; reason: string } {
  const flaws = pairs.flatMap(({ baseline, candidate }) =>
    [baseline, candidate].flatMap((run) => {
      const flaw = metric.flaw(run);
      return flaw ? [`${run.variant}: ${flaw}`] : [];
    }),
  );
  if (flaws[0]) {
    const more = flaws.length > 1 ? ` (and ${flaws.length - 1} more)` : '';
    return { verdict: 'not-comparable', reason: `${flaws[0]}${more}` };
  }
  if (measured < pairs.length) {
    return { verdict: 'not-comparable', reason: `measured in ${measured} of ${pairs.length} pairs only` };
  }
  const fewest = Math.max(MINIMUM_PAIRS, fewestPairs(levels.level));
  if (measured < fewest) {
    const reason = `${measured} ${measured === 1 ? 'pair' : 'pairs'}; a verdict needs at least ${fewest}`;
    return { verdict: 'inconclusive', reason };
  }
  if (withheld !== null) return { verdict: 'inconclusive', reason: withheld };
  const verdict = judge(evidence.interval, evidence.equivalence, metric.delta);
  if (metric.source === 'load' && !outgrowsNoise(verdict, { ...evidence, delta: metric.delta })) {
    return {
      verdict: 'inconclusive',
      reason: 'too noisy: it would not have seen a change of the size of the band',
    };
  }
  const more = verdict === 'inconclusive' ? openQuestion(metric, levels, measured, evidence) : null;
  return { verdict, reason: more ?? reasonFor(verdict, metric.delta) };
}

/**
 * Traffic on schedule moves more from pair to pair than slices do. Where what it can detect is larger than the band, only
 * a change that lies beyond that as well is believed.
 */
function outgrowsNoise(
  verdict: Verdict,
  { interval, detectable, delta }: Evidence & { readonly delta: number },
): boolean {
  if (interval === null || detectable === null || detectable <= Math.log1p(delta)) return true;
  if (verdict === 'improved') return interval.high < -detectable;
  return verdict === 'regressed' ? interval.low > detectable : false;
}

function reasonFor(verdict: Verdict, delta: number): string {
  const band = `±${Math.round(delta * 100)} %`;
  const reasons: Record<Verdict, string> = {
    improved: `the whole interval is better than ${band}`,
    regressed: `the whole interval is worse than ${band}`,
    equivalent: `no change larger than ${band}`,
    faster: `proven better, not proven by more than ${band}`,
    slower: `proven worse, not proven by more than ${band}`,
    inconclusive: `the interval leaves open whether there is a change beyond ${band}`,
    'not-comparable': 'not comparable',
  };
  return reasons[verdict];
}

/** "could be −2.0 % to +9.0 %; about 14 more pairs for ±3 %" */
function openQuestion(
  metric: TimingMetric,
  levels: LookLevels,
  pairs: number,
  { interval, noise }: Evidence,
): string | null {
  if (!interval || !noise) return null;
  const percent = (log: number) => {
    const value = Math.expm1(log) * 100;
    return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)} %`;
  };
  // Worse is +, also for a throughput: its own ratio is told the way a reader sees it.
  const ends = metric.higherIsBetter ? [-interval.high, -interval.low] : [interval.low, interval.high];
  const needed = pairsFor({ sigma: noise, effect: Math.log1p(metric.delta), level: levels.level });
  const more =
    needed > pairs ? `; about ${needed - pairs} more pairs for ±${Math.round(metric.delta * 100)} %` : '';
  return `could be ${percent(ends[0] as number)} to ${percent(ends[1] as number)}${more}`;
}

/** Neighbouring pairs that resemble each other more than this would make the interval too narrow. */
const NOTABLE_LAG = 0.5;

/** What one pair brings to the diagnosis of its metric. */
interface PairEvidence {
  readonly log: number;
  readonly within: readonly number[];
  readonly baselineFirst: boolean;
}

/** The slope inside each pair is one number, and the pairs are again the sample. */
function driftWithin(measured: readonly PairEvidence[]) {
  const slopes = measured.flatMap(({ within }) => theilSenSlope(within)?.estimate ?? []);
  if (slopes.length < MINIMUM_PAIRS) return null;
  const location = locate(slopes);
  return { estimate: location.estimate, interval: location.interval(0.95) };
}

function diagnose(measured: readonly PairEvidence[]): PairDiagnostics {
  const logs = measured.map((one) => one.log);
  const lag1 = lagOneAutocorrelation(logs);
  const slot = slotEffect(
    logs,
    measured.map((one) => one.baselineFirst),
  );
  const drift = driftWithin(measured);
  const flags = [
    ...(lag1 !== null && lag1 > NOTABLE_LAG
      ? [`neighbouring pairs resemble each other (lag-1 ${lag1.toFixed(2)})`]
      : []),
    ...(slot?.interval && excludesZero(slot.interval) ? ['the side that comes first has an advantage'] : []),
    ...(drift?.interval && excludesZero(drift.interval)
      ? ['the ratio drifts inside the pairs: the warm-up may not have been over']
      : []),
  ];
  return { lag1, slotEffect: withEstimate(slot), drift: withEstimate(drift), flags };
}

function withEstimate(
  found: { estimate: number; interval: { low: number; high: number; level: number } | null } | null,
): PairDiagnostics['drift'] {
  return found?.interval ? { estimate: found.estimate, ...found.interval } : null;
}

/** Whether the baseline stood in the first slot of a pair. */
export function baselineCameFirst(
  slots: readonly PlannedSlot[],
  baseline: string,
  candidate: string,
): boolean {
  const place = (variant: string) => slots.find((slot) => slot.variant === variant)?.slot ?? 0;
  return place(baseline) < place(candidate);
}

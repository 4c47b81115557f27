import type {
  Comparison,
  Confirmation,
  CountDifference,
  ExperimentPlan,
  Part,
  PlannedSlot,
  TimingComparison,
  Verdict,
} from '../experiment-record.ts';
import type { RunRecord } from '../result.ts';
import { qValues } from '../statistics/multiplicity.ts';
import { MINIMUM_PAIRS } from '../statistics/verdict.ts';
import { outcomeDifferences, refusalsBetween } from './comparability.ts';
import { compareCounters } from './compare-counters.ts';
import { nameDifferences } from './count-differences.ts';
import { countVerdict } from './count-verdict.ts';
import { headlineOf } from './headline.ts';
import { baselineCameFirst, judgeTiming, type LookLevels } from './judge-timing.ts';
import { loadMetrics } from './load-metrics.ts';
import { ROUND_METRICS, type RunPair, type TimingMetric } from './metrics.ts';

/** A slot of the plan with what was measured in it. */
export type SlotRun = PlannedSlot & { readonly run: RunRecord };

export type ComparisonPlan = Pick<ExperimentPlan, 'parts' | 'looks' | 'gate' | 'bands' | 'alpha'>;

/** A single look at 95 %, and two one-sided tests at 5 %: what metrics that do not decide are told with. */
const EXPLORATORY: LookLevels = { level: 0.95, equivalenceLevel: 0.9 };

/**
 * Compares one arm with the baseline over everything that was measured of both. Pure: equal runs give an equal
 * comparison.
 */
export function compareArms(
  names: { readonly baseline: string; readonly candidate: string },
  plan: ComparisonPlan,
  runs: readonly SlotRun[],
  confirmation: Confirmation | null = null,
): Comparison {
  const pairsOf = (part: Part) =>
    pairUp(
      runs.filter((run) => run.part === part),
      names,
    );
  const [counted, paired, loaded] = [pairsOf('count'), pairsOf('pair'), pairsOf('load')];
  const all = [...counted, ...paired, ...loaded];
  const refusals = [...new Set(all.flatMap((pair) => refusalsBetween(pair.baseline, pair.candidate)))];
  const look = lookAt(plan, paired.length);
  const timings = withQValues([
    ...judgeAll(ROUND_METRICS, paired, plan, look),
    ...judgeAll(loadMetricsOf(loaded), loaded, plan, null),
  ]);
  const exact = compareCounters({
    baseline: counted.map((pair) => pair.baseline),
    candidate: counted.map((pair) => pair.candidate),
  });
  const differences = differencesOf(counted);
  const own = { refusals, exact, timings };
  const unconfirmedVerdict = verdictOf(plan, own);
  const verdict = confirmed(unconfirmedVerdict, confirmation);
  const comparison = {
    ...names,
    refusals,
    verdict,
    unconfirmedVerdict,
    confirmation,
    family: { metrics: [...plan.gate], alpha: plan.alpha, look },
    exact,
    differences,
    timings,
    equalOutcome: counted.some((pair) => pair.baseline.outcome)
      ? all.every((pair) => outcomeDifferences(pair.baseline, pair.candidate).length === 0)
      : null,
  };
  return {
    ...comparison,
    headline: headlineOf(comparison),
    warnings: warningsOf(plan, timings, paired.length),
  };
}

/** The whole pairs, in order. */
function pairUp(runs: readonly SlotRun[], names: { baseline: string; candidate: string }): RunPair[] {
  const numbers = [...new Set(runs.map((run) => run.pair))].sort((a, b) => a - b);
  return numbers.flatMap((number) => {
    const slots = runs.filter((run) => run.pair === number);
    const baseline = slots.find((slot) => slot.variant === names.baseline)?.run;
    const candidate = slots.find((slot) => slot.variant === names.candidate)?.run;
    if (!baseline || !candidate) return [];
    return [
      { baseline, candidate, baselineFirst: baselineCameFirst(slots, names.baseline, names.candidate) },
    ];
  });
}

/** The look that so many pairs are for; `null` between two looks. */
function lookAt(plan: ComparisonPlan, pairs: number): Comparison['family']['look'] {
  const index = plan.looks.findIndex((look) => look.pairs === pairs);
  const look = plan.looks[index];
  return look ? { number: index + 1, of: plan.looks.length, ...look } : null;
}

function judgeAll(
  metrics: readonly TimingMetric[],
  pairs: readonly RunPair[],
  plan: ComparisonPlan,
  look: LookLevels | null,
): TimingComparison[] {
  return metrics.flatMap((metric) => {
    const decides = plan.gate.includes(metric.metric);
    const singleLook = metric.source !== 'pair';
    const between = decides && !singleLook && look === null;
    const levels = decides ? gateLevels(plan, singleLook ? null : look) : EXPLORATORY;
    const judged = {
      metric: { ...metric, delta: plan.bands?.[metric.metric] ?? metric.delta },
      role: decides ? ('gate' as const) : ('exploratory' as const),
      levels,
      withheld: between ? `${pairs.length} pairs are between two looks` : null,
    };
    const timing = judgeTiming(judged, pairs);
    return timing ? [timing] : [];
  });
}

/** The load part has no looks: its alpha is divided among the metrics only. */
function gateLevels(plan: ComparisonPlan, look: LookLevels | null): LookLevels {
  return look ?? { level: 1 - plan.alpha / plan.gate.length, equivalenceLevel: 0.9 };
}

function loadMetricsOf(pairs: readonly RunPair[]): TimingMetric[] {
  const example = pairs[0];
  return example ? loadMetrics(example.baseline) : [];
}

/** Of the exploratory changes that are told at this rate, one in ten may be chance (Benjamini–Hochberg). */
const FALSE_DISCOVERY_RATE = 0.1;

/** Among many exploratory metrics some look changed by chance: without a small q-value a change is not told as one. */
function withQValues(timings: readonly TimingComparison[]): TimingComparison[] {
  const tested = timings.filter((timing) => timing.role === 'exploratory' && timing.pValue !== null);
  const values = qValues(tested.map((timing) => timing.pValue ?? 1));
  return timings.map((timing) => {
    const index = tested.indexOf(timing);
    return index < 0 ? timing : demoted({ ...timing, qValue: values[index] ?? null }, tested.length);
  });
}

function demoted(timing: TimingComparison, metrics: number): TimingComparison {
  const isChange = ['improved', 'regressed', 'faster', 'slower'].includes(timing.verdict);
  if (!isChange || timing.qValue === null || timing.qValue <= FALSE_DISCOVERY_RATE) return timing;
  const reason = `looks ${timing.verdict}, but of ${metrics} exploratory metrics one may do so by chance (q ${timing.qValue.toFixed(2)})`;
  return { ...timing, verdict: 'inconclusive', reason };
}

function differencesOf(pairs: readonly RunPair[]): CountDifference[] {
  const [first] = pairs;
  if (!first) return [];
  return nameDifferences({
    baseline: pairs.flatMap((pair) => pair.baseline.probe ?? []),
    candidate: pairs.flatMap((pair) => pair.candidate.probe ?? []),
    indexes: {
      baseline: first.baseline.environment.postgres.indexes,
      candidate: first.candidate.environment.postgres.indexes,
    },
  });
}

/** The worst of the gate, or of the counts where nothing was timed. */
const WORST_FIRST: readonly Verdict[] = [
  'not-comparable',
  'regressed',
  'slower',
  'inconclusive',
  'improved',
  'faster',
  'equivalent',
];

function verdictOf(plan: ComparisonPlan, found: Pick<Comparison, 'refusals' | 'exact' | 'timings'>): Verdict {
  if (found.refusals.length > 0) return 'not-comparable';
  if (plan.parts.every((part) => part === 'count')) return countVerdict(found.exact);
  const gate = found.timings.filter((timing) => timing.role === 'gate');
  if (gate.length === 0) return 'inconclusive';
  return WORST_FIRST.find((verdict) => gate.some((timing) => timing.verdict === verdict)) ?? 'inconclusive';
}

/** A regression counts when an independent second experiment found it as well. */
function confirmed(verdict: Verdict, confirmation: Confirmation | null): Verdict {
  return verdict === 'regressed' && confirmation && !confirmation.agreed ? 'inconclusive' : verdict;
}

/** The gate metrics of the two that regressed in both. */
export function agreeOnRegression(first: Comparison, second: Comparison): boolean {
  const regressed = (comparison: Comparison) =>
    comparison.timings.flatMap((one) =>
      one.role === 'gate' && one.verdict === 'regressed' ? [one.metric] : [],
    );
  const again = regressed(second);
  return second.refusals.length === 0 && regressed(first).some((metric) => again.includes(metric));
}

function warningsOf(plan: ComparisonPlan, timings: readonly TimingComparison[], pairs: number): string[] {
  const warnings: string[] = [];
  if (plan.parts.includes('pair') && pairs < MINIMUM_PAIRS) {
    warnings.push(
      `${pairs} pairs: exact counters hold, but no time gets a verdict below ${MINIMUM_PAIRS} pairs.`,
    );
  }
  const exploratory = timings.filter((timing) => timing.role === 'exploratory').length;
  if (exploratory > 1) {
    warnings.push(
      `${exploratory} times are exploratory: of so many, a few may err by chance. Only the gate metrics decide.`,
    );
  }
  for (const timing of timings.filter((one) => one.role === 'gate')) {
    if (timing.tAgrees === false)
      warnings.push(
        `${timing.metric}: a t interval says otherwise, so there are outlier pairs; look at the chart.`,
      );
    for (const flag of timing.diagnostics?.flags ?? []) warnings.push(`${timing.metric}: ${flag}.`);
  }
  return warnings;
}

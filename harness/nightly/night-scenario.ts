/** What an experiment says as a scenario of a night. Pure. */

import type { HarnessError } from '../errors.ts';
import type { ExperimentOutcome } from '../experiment/experiment-context.ts';
import type { Comparison, ExperimentRecord, TimingComparison } from '../experiment-record.ts';
import {
  type NightScenario,
  type NightTiming,
  NightVerdict,
  type SinceLastNight,
  type StoredCounters,
} from '../night-record.ts';
import { verdictSentence } from '../report/verdict-sentence.ts';

/** A scenario before it was laid beside the nights there were. */
export type MeasuredScenario = Omit<NightScenario, 'stored' | 'sinceLastNight'>;

/** @param wallMs of all of it, checkouts and dataset included */
export function scenarioOf(
  { experiment, runs }: Pick<ExperimentOutcome, 'experiment' | 'runs'>,
  wallMs: number,
): MeasuredScenario {
  const comparison = experiment.comparisons[0];
  const postgres = runs[0]?.run.environment.postgres;
  return {
    scenario: experiment.scenario,
    resultId: experiment.id,
    state: experiment.state,
    failure: experiment.failure,
    datasetDigest: experiment.dataset?.digest ?? null,
    postgres: postgres ? { version: postgres.version, settingsHash: postgres.settingsHash } : null,
    verdict: verdictOfExperiment(experiment),
    headline: headlineOfExperiment(experiment),
    refusals: comparison?.refusals ?? [],
    timings: (comparison?.timings ?? []).map(timingOf),
    counters: (comparison?.exact ?? []).map(({ metric, unit, baseline, candidate, repeatsAgree }) => ({
      ...{ metric, unit, repeatsAgree },
      reference: baseline,
      candidate,
    })),
    differences: comparison?.differences ?? [],
    wallMs,
  };
}

/** One that failed before there was a result: its commit does not build, its dataset cannot be made. */
export function failedScenario(scenario: string, failure: HarnessError, wallMs: number): MeasuredScenario {
  return {
    scenario,
    resultId: null,
    state: 'failed',
    failure: failure.message,
    datasetDigest: null,
    postgres: null,
    verdict: 'failed',
    headline: firstLine(failure.message),
    refusals: [],
    timings: [],
    counters: [],
    differences: [],
    wallMs,
  };
}

/**
 * `regressed` is what the experiment calls so: its own second experiment has agreed, or exact counts alone were compared. Where it is open and a
 * metric that decides could not have been told from none, the machine is the reason.
 */
export function verdictOfExperiment({ state, comparisons }: ExperimentRecord): NightVerdict {
  const comparison = comparisons[0];
  if (comparison && isRefused(comparison)) return 'not-comparable';
  if (state !== 'complete' || !comparison) return 'failed';
  if (comparison.verdict === 'equivalent') return 'fine';
  if (comparison.verdict !== 'inconclusive') return comparison.verdict;
  return gateOf(comparison).some(({ tooNoisy, verdict }) => tooNoisy && verdict === 'inconclusive')
    ? 'too-noisy'
    : 'inconclusive';
}

function isRefused({ refusals, verdict, equalOutcome }: Comparison): boolean {
  return refusals.length > 0 || verdict === 'not-comparable' || equalOutcome === false;
}

function gateOf({ timings }: Comparison): TimingComparison[] {
  return timings.filter(({ role }) => role === 'gate');
}

function headlineOfExperiment({ state, failure, comparisons }: ExperimentRecord): string {
  const comparison = comparisons[0];
  if (comparison && (state === 'complete' || isRefused(comparison)))
    return verdictSentence(comparison, state);
  return firstLine(failure ?? 'nothing was compared');
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/\.$/, '') ?? '';
}

/** Of a capacity more is better: turned over, so that more than 1 is slower. */
function timingOf(timing: TimingComparison): NightTiming {
  const { metric, unit, role, pairs, level, delta, tooNoisy, verdict } = timing;
  const { detectableRatio, regressionRatio, higherIsBetter, low, high } = timing;
  const turned = (ratio: number | null) => (ratio === null ? null : 1 / ratio);
  const ratios = higherIsBetter
    ? { ratio: 1 / timing.ratio, low: turned(high), high: turned(low) }
    : { ratio: timing.ratio, low, high };
  return {
    ...{ metric, unit, role },
    referenceMedian: timing.baselineMedian,
    candidateMedian: timing.candidateMedian,
    pairs,
    ...ratios,
    ...{ level, delta, detectableRatio, regressionRatio, tooNoisy, verdict },
  };
}

/** The scenario with what the nights before it say. A confirmed regression since the last one is one of tonight. */
export function besideStored(
  measured: MeasuredScenario,
  stored: StoredCounters,
  sinceLastNight: SinceLastNight | null,
): NightScenario {
  if (sinceLastNight?.verdict !== 'regressed' || measured.verdict === 'regressed')
    return { ...measured, stored, sinceLastNight };
  return {
    ...measured,
    verdict: 'regressed',
    headline: `since last night ${sinceLastNight.headline}; against the reference ${measured.headline}`,
    stored,
    sinceLastNight,
  };
}

/** The worst comes first in the enumeration. */
export function worstVerdict(verdicts: readonly NightVerdict[]): NightVerdict {
  return NightVerdict.options.find((verdict) => verdicts.includes(verdict)) ?? 'failed';
}

/** Of the worst scenario, by name where there are several. */
export function nightHeadline(scenarios: readonly NightScenario[]): string {
  const worst = worstVerdict(scenarios.map(({ verdict }) => verdict));
  const decisive = scenarios.find(({ verdict }) => verdict === worst);
  if (!decisive) return 'nothing was measured';
  return scenarios.length > 1 ? `${decisive.scenario}: ${decisive.headline}` : decisive.headline;
}

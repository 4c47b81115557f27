import type { ExperimentPlan, TimingComparison } from '../experiment-record.ts';
import { experimentSubject, withLiveFeed } from '../live/live-feed.ts';
import { machineFingerprint } from '../machine/environment.ts';
import { minimumDetectableEffect } from '../statistics/detectable-effect.ts';
import { appendCalibration, type Calibration } from '../store/calibrations.ts';
import { createResultFolder } from '../store/result-folder.ts';
import { armsOf } from './arms.ts';
import { chooseSeed, type ExperimentContext, type ExperimentOutcome } from './experiment-context.ts';
import type { ExperimentRequest } from './plan.ts';
import { runExperiment } from './run-experiment.ts';

export interface CalibrationRequest {
  readonly scenario: string;
  readonly variant: string;
  readonly shape: ExperimentPlan['shape'];
  readonly gate: readonly string[];
  /** A/A pairs at each of these sizes, to choose one. */
  readonly sliceSizes: readonly number[];
  readonly pairsPerSize: number;
  /** A/A pairs at the chosen size. */
  readonly pairs: number;
  readonly dispatches: number | null;
}

/**
 * Measures what this machine alone does to a comparison: A/A experiments at several slice sizes, then the noise of each
 * metric at the quietest of them. Every one of them is entered into the ledger.
 */
export async function calibrate(
  context: ExperimentContext,
  request: CalibrationRequest,
): Promise<Calibration> {
  const tried: Calibration['tried'] = [];
  for (const sliceSize of request.sliceSizes) {
    context.progress.note(
      `  Slices of ${sliceSize}: ${request.pairsPerSize} pairs of the same service on both sides`,
    );
    const outcome = await sameOnSame(context, request, sliceSize, request.pairsPerSize);
    tried.push({
      sliceSize,
      pairs: request.pairsPerSize,
      noise: noiseByMetric(outcome),
      experiment: outcome.experiment.id,
    });
  }
  const sliceSize = quietest(tried, request.gate[0] ?? '');
  context.progress.note(`  The quietest are slices of ${sliceSize}: ${request.pairs} pairs with them`);
  const outcome = await sameOnSame(context, request, sliceSize, request.pairs);
  const calibration: Calibration = {
    at: new Date().toISOString(),
    machine: machineFingerprint(),
    target: context.target.name,
    scenario: request.scenario,
    variant: request.variant,
    openBookingsPerDay: request.shape.bookings,
    tried,
    sliceSize,
    dispatches: outcome.experiment.plan.round.dispatches,
    pairs: request.pairs,
    noise: noiseByMetric(outcome),
    experiment: outcome.experiment.id,
  };
  await appendCalibration(context.resultsRoot, calibration);
  return calibration;
}

async function sameOnSame(
  context: ExperimentContext,
  { scenario, variant, shape, gate, dispatches }: CalibrationRequest,
  sliceSize: number,
  pairs: number,
): Promise<ExperimentOutcome> {
  const request: ExperimentRequest = {
    target: context.target.name,
    scenario,
    parts: ['pair'],
    arms: armsOf([variant, variant]),
    shape,
    randomSeed: chooseSeed(),
    countRepeats: 2,
    probe: { warmUp: 1, dispatches: 2 },
    pairs,
    gate: [...gate],
    load: { pairs: 0, durationFactor: 1, rateFactor: 1, generators: [] },
    confirm: true,
  };
  const place = await createResultFolder(context.resultsRoot, ['calibrate', scenario]);
  const outcome = await withLiveFeed(place, experimentSubject(request), context.progress, (progress) =>
    runExperiment({ ...context, progress }, request, { sliceSize, dispatches }, place),
  );
  if (outcome.failure) throw outcome.failure;
  return outcome;
}

function timingsOf({ experiment }: ExperimentOutcome): readonly TimingComparison[] {
  return experiment.comparisons[0]?.timings ?? [];
}

function noiseByMetric(outcome: ExperimentOutcome): Record<string, number> {
  return Object.fromEntries(
    timingsOf(outcome).flatMap(({ metric, noise }) => (noise === null ? [] : [[metric, noise]])),
  );
}

/** The size with the least noise of that metric; the first of several. */
export function quietest(tried: Calibration['tried'], metric: string): number {
  const noiseOf = (one: Calibration['tried'][number]) => one.noise[metric] ?? Number.POSITIVE_INFINITY;
  return tried.reduce((best, one) => (noiseOf(one) < noiseOf(best) ? one : best)).sliceSize;
}

/** What so many pairs can tell, as ratios: 0.02 is 2 %. */
export interface Detectable {
  readonly pairs: number;
  /** A change that would be told from none, 80 % of the time. */
  readonly changeRatio: number;
  /** A slowdown that would be called regressed, 80 % of the time: it has to clear the band as well. */
  readonly regressionRatio: number;
}

/** What a metric of this noise can detect at each look. @param delta band of no interest */
export function detectableAt(
  noise: number,
  looks: readonly { readonly pairs: number; readonly level: number }[],
  delta: number,
): Detectable[] {
  return looks.flatMap(({ pairs, level }) => {
    const effect = minimumDetectableEffect({ sigma: noise, pairs, level });
    if (effect === null) return []; // no interval of that level exists for so few pairs
    return [{ pairs, changeRatio: Math.expm1(effect), regressionRatio: (1 + delta) * Math.exp(effect) - 1 }];
  });
}

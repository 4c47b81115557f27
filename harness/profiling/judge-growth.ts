/**
 * Judges how the calls of each statement grow with the work (N+1 by slope). A count alone proves nothing: 64 calls may be
 * one for each booking or one for each of 64 tables. The thresholds are slope ≥ 0.5, rise ≥ 5 calls, r² ≥ 0.98.
 */

import { groupBy } from '../group-by.ts';
import { approximateVerdict } from './approximate-growth.ts';
import { candidateDimensions, exactModels, FEWEST_SIZES } from './growth-model.ts';
import type { GrowthSample } from './growth-sample.ts';
import { type GrowthSeries, growthSeries, type Observation, pointsOf } from './growth-series.ts';
import { modelVerdict, type Verdict } from './growth-verdict.ts';
import type { GrowthVerdict, Judgement } from './judgement.ts';
import { findRepeated, withRepeated } from './repeated-parameters.ts';

/**
 * One judgement for each unit of work and statement, and one for the commits of each unit (`statement` null).
 *
 * @param samples of any number of units and dimensions, repeats included
 */
export function judgeGrowth(samples: readonly GrowthSample[]): Judgement[] {
  return growthSeries(samples).map(judgeSeries);
}

function judgeSeries(series: GrowthSeries): Judgement {
  const { unit, statement } = series;
  const { observations, verdict } = judgeTogetherOrApart(series);
  const repeated = findRepeated(series);
  return {
    unit,
    statement,
    ...withRepeated(verdict, repeated, observations),
    repeated,
    points: pointsOf(observations, verdict.dimension),
  };
}

interface Judged {
  readonly observations: readonly Observation[];
  readonly verdict: Verdict;
}

/** Which sweep is believed when they say different things: proven growth first, then doubt, then what is in order. */
const GRAVEST_FIRST: readonly GrowthVerdict[] = [
  'superlinear',
  'n-plus-one',
  'saturating',
  'redundant',
  'erratic',
  'irregular',
  'batched',
];

/**
 * All samples together first: a dimension that was held still in one sweep and varied in another proves more than either.
 * Where that explains nothing, each sweep alone; growth that is proven in one of them is not undone by another.
 */
function judgeTogetherOrApart({ statement, observations }: GrowthSeries): Judged {
  const together = { observations, verdict: judgeObservations(observations, statement) };
  const sweeps = [...groupBy(observations, ({ varied }) => varied).values()];
  if (sweeps.length < 2 || !isOpen(together.verdict)) return together;
  const apart = sweeps.map((sweep) => ({
    observations: sweep,
    verdict: judgeObservations(sweep, statement),
  }));
  const byGravity = GRAVEST_FIRST.flatMap((kind) => apart.filter(({ verdict }) => verdict.verdict === kind));
  return byGravity[0] ?? together;
}

function isOpen({ verdict }: Verdict): boolean {
  return verdict === 'erratic' || verdict === 'irregular' || verdict === 'not-established';
}

function judgeObservations(observations: readonly Observation[], statement: string | null): Verdict {
  const dimensions = candidateDimensions(observations);
  if (dimensions.length === 0) return notEstablished(observations);
  const models = exactModels(observations, dimensions);
  return models.length > 0
    ? modelVerdict(models, observations, statement)
    : approximateVerdict(observations, dimensions, statement);
}

function notEstablished(observations: readonly Observation[]): Verdict {
  const samples = new Set(observations.map(({ sample }) => sample)).size;
  return {
    verdict: 'not-established',
    dimension: null,
    alsoFits: [],
    fit: null,
    chunk: null,
    plateau: null,
    repeatsAgree: true,
    reason: `nothing it may grow with was seen at ${FEWEST_SIZES} sizes or more (${samples} samples)`,
  };
}

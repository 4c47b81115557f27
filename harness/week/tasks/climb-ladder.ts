import path from 'node:path';
import { armsOf } from '../../experiment/arms.ts';
import { compareArms } from '../../experiment/compare-arms.ts';
import type { ExperimentContext, ExperimentOutcome } from '../../experiment/experiment-context.ts';
import { APPLY_TIME, DISPATCH_TIME } from '../../experiment/metrics.ts';
import type { ExperimentRequest } from '../../experiment/plan.ts';
import { resumeExperiment, runExperiment } from '../../experiment/run-experiment.ts';
import type { Comparison } from '../../experiment-record.ts';
import { formatDuration } from '../../quantity.ts';
import { writeReport } from '../../report/write-report.ts';
import { readSitting } from '../../store/experiment-folder.ts';
import { makeFolder } from '../../store/writing.ts';
import type { Target } from '../../targets/target.ts';
import type { BeforeAfter, LadderFact, LadderStep, WeekPlan, WeekTimeChange } from '../../week-record.ts';
import { type LadderPair, ladderPairs } from '../rows/ladder-steps.ts';
import { formatReduction } from '../rows/reduction.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

const FOLDER = 'ladder';

/** All variants of the week side by side, in one experiment: what each step changes is read from the same pairs. */
export const ladderTask: WeekTask<'ladder'> = {
  id: 'ladder',
  title: 'variants side by side',
  days: [2, 3, 4, 5],
  expectedSeconds: ({ ladder }) => {
    const { variants, pairs, dispatches, countRepeats, counted } = ladder;
    const dispatchSeconds = variants.reduce((sum, variant) => sum + (SECONDS[variant] ?? 1), 0);
    const pairSeconds = 1 + variants.length + dispatchSeconds * (1 + dispatches);
    const countSeconds = 2 * variants.length + dispatchSeconds * (counted.warmUp + counted.dispatches);
    return pairs * pairSeconds + countRepeats * countSeconds;
  },
  run: async (context) => {
    const { experiment, runs, failure } = await climb(context);
    if (failure) throw failure;
    const { plan } = experiment;
    return {
      folder: FOLDER,
      pairs: plan.looks.at(-1)?.pairs ?? 0,
      variants: context.plan.ladder.variants.map((variant) =>
        variantFigures(variant, experiment.comparisons),
      ),
      steps: ladderPairs(context.plan.ladder.variants).map((pair) =>
        stepOf(pair, compareArms({ baseline: pair.from, candidate: pair.to }, plan, runs)),
      ),
    };
  },
  lines: (fact) => fact.variants.flatMap(variantLine),
};

/** A dispatch at the dataset of `load`, in seconds: only for telling how long is left. */
const SECONDS: Readonly<Record<string, number>> = {
  baseline: 2.1,
  indexes: 0.25,
  'bulk-apply': 2,
  'eager-loading': 0.2,
  'indexes+bulk-apply': 0.15,
  'indexes+eager-loading': 0.15,
  'bulk-apply+eager-loading': 0.1,
  optimised: 0.03,
};

async function climb(context: WeekContext): Promise<ExperimentOutcome> {
  const { server, target, signal, progress, resultsRoot, plan } = context;
  const folder = path.join(context.folder, FOLDER);
  const place = { id: `${path.basename(context.folder)}/${FOLDER}`, folder };
  const experiment: ExperimentContext = {
    ...{ server, target, signal, progress, resultsRoot },
    ...{ generators: [], skippedLoads: [] },
  };
  await makeFolder(folder);
  const earlier = await readSitting(folder);
  const outcome =
    earlier?.soFar?.state === 'complete'
      ? { experiment: earlier.soFar, runs: earlier.runs, failure: null }
      : earlier
        ? await resumeExperiment(experiment, earlier, place)
        : await runExperiment(experiment, requestOf(plan, target), roundOf(plan), place);
  await writeReport(
    { kind: 'experiment', experiment: outcome.experiment, runs: [...outcome.runs] },
    path.join(folder, 'report'),
  );
  return outcome;
}

/** The two times of the final metrics decide, at one look; a step that makes something slower is a finding here, no alarm. */
function requestOf({ ladder, shape, randomSeed, ...plan }: WeekPlan, target: Target): ExperimentRequest {
  const isReference = plan.target === undefined;
  return {
    target: target.name,
    scenario: isReference ? 'load' : 'dispatch', // nothing but dispatches is asked of the service
    arms: armsOf(ladder.variants),
    shape,
    randomSeed,
    parts: ['pair'],
    pairs: ladder.pairs,
    probe: ladder.counted,
    countRepeats: ladder.countRepeats,
    gate: isReference ? [DISPATCH_TIME, APPLY_TIME] : [DISPATCH_TIME], // others do not time their phases
    load: { pairs: 0, durationFactor: 1, rateFactor: 1, generators: [] },
    confirm: false,
  };
}

function roundOf({ ladder }: WeekPlan) {
  return { sliceSize: 1, dispatches: ladder.dispatches };
}

function stepOf({ from, to }: LadderPair, comparison: Comparison): LadderStep {
  return {
    from,
    to,
    refusals: comparison.refusals,
    equalOutcome: comparison.equalOutcome,
    dispatch: timeChange(comparison, DISPATCH_TIME),
    apply: timeChange(comparison, APPLY_TIME),
    queries: counted(comparison, 'queries per dispatch'),
    blocks: counted(comparison, 'blocks per dispatch'),
    rows: counted(comparison, 'rows per dispatch'),
  };
}

function timeChange({ timings }: Comparison, metric: string): WeekTimeChange | null {
  const timing = timings.find((one) => one.metric === metric && one.source === 'pair');
  if (!timing || timing.pairs === 0) return null;
  const { baselineMedian, candidateMedian, ratio, low, high, level, pairs } = timing;
  return { beforeMs: baselineMedian, afterMs: candidateMedian, ratio, low, high, level, pairs };
}

function counted({ exact }: Comparison, metric: string): BeforeAfter | null {
  const found = exact.find((one) => one.metric === metric);
  return found ? { before: found.baseline, after: found.candidate } : null;
}

function variantFigures(variant: string, comparisons: readonly Comparison[]): LadderFact['variants'][number] {
  const own = comparisons.find(({ candidate }) => candidate === variant);
  const of = own ?? comparisons[0];
  if (!of) return { variant, dispatchMs: null, queries: null };
  const [time, queries] = [timeChange(of, DISPATCH_TIME), counted(of, 'queries per dispatch')];
  return own
    ? { variant, dispatchMs: time?.afterMs ?? null, queries: queries?.after ?? null }
    : { variant, dispatchMs: time?.beforeMs ?? null, queries: queries?.before ?? null };
}

function variantLine(
  { variant, dispatchMs, queries }: LadderFact['variants'][number],
  _: number,
  [first]: LadderFact['variants'],
): string[] {
  if (dispatchMs === null) return [];
  const change =
    first?.dispatchMs && first.variant !== variant
      ? `, ${formatReduction(dispatchMs / first.dispatchMs)}`
      : '';
  return [
    `${variant}: ${formatDuration(dispatchMs)} a dispatch${change}, ${queries === null ? 'queries not counted' : `${queries} queries`}`,
  ];
}

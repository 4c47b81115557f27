import path from 'node:path';
import type { Comparison, Confirmation, ExperimentRecord } from '../experiment-record.ts';
import { readSitting } from '../store/experiment-folder.ts';
import type { ResultFolder } from '../store/result-folder.ts';
import { makeFolder } from '../store/writing.ts';
import type { ExperimentState } from './assemble-experiment.ts';
import { agreeOnRegression } from './compare-arms.ts';
import {
  chooseSeed,
  type EarlierSitting,
  type ExperimentContext,
  type ExperimentOutcome,
} from './experiment-context.ts';
import type { ExperimentRequest } from './plan.ts';
import type { RoundRequest } from './round-size.ts';

/** How experiments are run, given by the one that wants a second. */
export interface ExperimentRunner {
  runExperiment(
    context: ExperimentContext,
    request: ExperimentRequest,
    round: RoundRequest,
    place: ResultFolder,
  ): Promise<ExperimentOutcome>;
  resumeExperiment(
    context: ExperimentContext,
    earlier: EarlierSitting,
    place: ResultFolder,
  ): Promise<ExperimentOutcome>;
}

/** Folder of the second experiment of an arm, inside the first. */
function confirmationFolder(folder: string, arm: number): string {
  return path.join(folder, arm <= 1 ? 'confirmation' : `confirmation-${arm}`);
}

/**
 * A second experiment, independent of the first: other seeds, other clones, other processes, the same rules. Unlike
 * repeating until green it can only lower false alarms, since both have to agree.
 */
export async function confirmRegression(
  context: ExperimentContext,
  state: ExperimentState,
  comparison: Comparison,
  runner: ExperimentRunner,
): Promise<Confirmation> {
  const { plan, place } = state;
  const index = plan.arms.findIndex((arm) => arm.name === comparison.candidate);
  const folder = confirmationFolder(place.folder, index);
  const second = { id: `${place.id}/${path.basename(folder)}`, folder };
  const earlier = await readSitting(folder);
  await makeFolder(folder);
  if (earlier?.soFar?.state === 'complete') return confirmationBy(comparison, earlier.soFar, folder);
  const outcome = earlier
    ? await runner.resumeExperiment(context, earlier, second)
    : await runner.runExperiment(
        context,
        {
          ...plan,
          target: context.target.name,
          parts: plan.parts.filter((part) => part !== 'count'),
          arms: plan.arms.filter((_, arm) => arm === 0 || arm === index),
          pairs: plan.looks.length === 1 ? (plan.looks[0]?.pairs ?? null) : null,
          randomSeed: chooseSeed(),
          countRepeats: 1, // that both do the same was shown twice by the first
          confirm: false,
        },
        { sliceSize: plan.round.sliceSize, dispatches: plan.round.dispatches },
        second,
      );
  if (outcome.failure) throw outcome.failure;
  state.loadMs += outcome.experiment.loadMs;
  return confirmationBy(comparison, outcome.experiment, folder);
}

function confirmationBy(first: Comparison, second: ExperimentRecord, folder: string): Confirmation {
  const again = second.comparisons[0];
  return {
    folder: path.basename(folder),
    verdict: again?.verdict ?? 'inconclusive',
    agreed: again !== undefined && agreeOnRegression(first, again),
    headline: again?.headline ?? '',
    pairs: again?.family.look?.pairs ?? 0,
  };
}

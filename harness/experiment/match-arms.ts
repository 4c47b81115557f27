import { HarnessError } from '../errors.ts';
import type { StoredRuns } from '../store/read-results.ts';
import type { StoredSide } from './compare-stored.ts';
import type { Sides } from './counted-statements.ts';

type StoredExperiment = Extract<StoredRuns, { kind: 'experiment' }>;
type StoredRun = Extract<StoredRuns, { kind: 'run' }>;

/**
 * Which sides of two stored results belong together: a run and a run as they are; a run and the arm of an experiment
 * that has its variant; each arm that two experiments have in common. `variant` names one arm.
 *
 * @throws HarnessError BAD_OPTION when no arm fits, with those that there are
 */
export function matchArms(
  baseline: StoredRuns,
  candidate: StoredRuns,
  variant?: string,
): Sides<StoredSide>[] {
  if (baseline.kind === 'run' && candidate.kind === 'run') {
    if (variant !== undefined)
      throw new HarnessError(
        'BAD_OPTION',
        '--variant: expected an experiment, got two runs, which have one each.',
      );
    return [{ baseline: sideOfRun(baseline), candidate: sideOfRun(candidate) }];
  }
  if (baseline.kind === 'experiment' && candidate.kind === 'experiment') {
    return commonArms(baseline, candidate, variant).map((arm) => ({
      baseline: sideOfArm(baseline, arm),
      candidate: sideOfArm(candidate, arm),
    }));
  }
  const sideOf = (result: StoredRuns, other: StoredRuns): StoredSide =>
    result.kind === 'run' ? sideOfRun(result) : sideOfArm(result, armLike(result, other, variant));
  return [{ baseline: sideOf(baseline, candidate), candidate: sideOf(candidate, baseline) }];
}

function sideOfRun({ id, run }: StoredRun): StoredSide {
  return { name: id, runs: [run] };
}

/** The counting part of an arm; an experiment without one may have dispatched alone in its other runs. */
function sideOfArm({ id, runs }: StoredExperiment, arm: string): StoredSide {
  const ofArm = runs.filter((one) => one.variant === arm);
  const counted = ofArm.filter((one) => one.part === 'count');
  const probed = ofArm.filter((one) => one.run.probe !== null);
  return {
    name: `${arm} of ${id}`,
    runs: (counted.length > 0 ? counted : probed).map((one) => one.run),
  };
}

function commonArms(a: StoredExperiment, b: StoredExperiment, variant: string | undefined): string[] {
  const common = a.experiment.variants.filter((arm) => b.experiment.variants.includes(arm));
  if (variant === undefined && common.length > 0) return common;
  if (variant !== undefined && common.includes(variant)) return [variant];
  throw new HarnessError(
    'BAD_OPTION',
    `Expected ${variant === undefined ? 'a variant' : `the variant ${variant}`} that both experiments have: ` +
      `${a.id} has ${a.experiment.variants.join(', ')}; ${b.id} has ${b.experiment.variants.join(', ')}.`,
  );
}

function armLike(
  { id, experiment }: StoredExperiment,
  other: StoredRuns,
  variant: string | undefined,
): string {
  const wanted = other.kind === 'run' ? other.run.variant : undefined;
  const fitting =
    variant === undefined
      ? armsRunning(experiment, wanted)
      : experiment.variants.filter((arm) => arm === variant);
  const [arm, second] = fitting;
  if (arm !== undefined && second === undefined) return arm;
  throw new HarnessError(
    'BAD_OPTION',
    `${id} has ${fitting.length === 0 ? 'no' : 'more than one'} variant ${variant ?? wanted}; it has ${experiment.variants.join(', ')}.`,
    { hint: '--variant NAME chooses one of them.' },
  );
}

/** In an A/A experiment two arms run the same variant under names of their own. */
function armsRunning({ plan }: StoredExperiment['experiment'], variant: string | undefined): string[] {
  const named = plan.arms.filter((arm) => arm.name === variant);
  return (named.length > 0 ? named : plan.arms.filter((arm) => arm.variant === variant)).map(
    (arm) => arm.name,
  );
}

import { HarnessError } from '../errors.ts';
import type { Arm, ExperimentPlan } from '../experiment-record.ts';
import type { PreparedDataset } from '../targets/target.ts';
import type { ExperimentContext } from './experiment-context.ts';
import type { FreshTargetOptions } from './fresh-target.ts';

/** An arm with the template that its clones come from. */
export type SeededArm = { readonly arm: Arm } & PreparedDataset;

/** Finds or builds the template of every arm; the dataset is streamed in once. */
export async function prepareArms(context: ExperimentContext, plan: ExperimentPlan): Promise<SeededArm[]> {
  const { server, signal, target } = context;
  return context.progress.step(`Dataset ${plan.shape.profile}`, async (onProgress) => {
    const arms: SeededArm[] = [];
    for (const arm of plan.arms) {
      const { variant, changes } = arm;
      const request = {
        variant,
        shape: plan.shape,
        droppedIndexes: changes.droppedIndexes,
        signal,
        onProgress,
      };
      arms.push({ arm, ...(await target.prepareDataset(server, request)) });
    }
    for (const note of new Set(arms.flatMap(({ notes = [] }) => notes))) context.progress.note(`  ${note}`);
    return arms;
  });
}

/** The arm of a slot. */
export function armNamed<Prepared extends { readonly arm: Arm }>(
  arms: readonly Prepared[],
  name: string,
): Prepared {
  const found = arms.find(({ arm }) => arm.name === name);
  if (!found) throw new HarnessError('INTERNAL', `the plan names an arm "${name}" that it does not hold`);
  return found;
}

/** What is cloned and started for an arm. */
export function targetOf(
  { arm, template }: { readonly arm: Arm; readonly template: string },
  { server, target, signal }: Pick<ExperimentContext, 'server' | 'target' | 'signal'>,
): FreshTargetOptions {
  const { injectedSlowdownRatio } = arm.changes;
  const { variant } = arm;
  return { server, target, template, variant, injectedSlowdownRatio, signal };
}

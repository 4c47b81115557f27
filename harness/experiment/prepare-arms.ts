import { HarnessError } from '../errors.ts';
import type { Arm, ExperimentPlan } from '../experiment-record.ts';
import { prepareArm } from './arm-template.ts';
import type { PreparedDataset } from './dataset.ts';
import { type ExperimentContext, entryOf } from './experiment-context.ts';
import type { FreshTargetOptions } from './fresh-target.ts';

/** An arm with the template that its clones come from. */
export type SeededArm = { readonly arm: Arm } & PreparedDataset;

/** Finds or builds the template of every arm; the dataset is streamed in once. */
export async function prepareArms(context: ExperimentContext, plan: ExperimentPlan): Promise<SeededArm[]> {
  const { server, signal } = context;
  return context.progress.step(`Dataset ${plan.shape.profile}`, async (onProgress) => {
    const arms: SeededArm[] = [];
    for (const arm of plan.arms) {
      arms.push({ arm, ...(await prepareArm(server, arm, { shape: plan.shape, signal, onProgress })) });
    }
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
  context: Pick<ExperimentContext, 'server' | 'signal' | 'entries'>,
): FreshTargetOptions {
  const { server, signal } = context;
  const { injectedSlowdownRatio } = arm.changes;
  const { variant } = arm;
  return { server, template, variant, injectedSlowdownRatio, signal, ...entryOf(context, variant) };
}

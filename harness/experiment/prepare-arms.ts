import type { Arm, ExperimentPlan } from '../experiment-record.ts';
import { prepareArm } from './arm-template.ts';
import type { PreparedDataset } from './dataset.ts';
import type { ExperimentContext } from './experiment-context.ts';

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

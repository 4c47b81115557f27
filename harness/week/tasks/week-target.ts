import type { DatasetShape } from '../../../seed/profiles.ts';
import type { FreshTargetOptions } from '../../experiment/fresh-target.ts';
import type { PreparedDataset } from '../../targets/target.ts';
import type { WeekContext } from './week-task.ts';

/** The week's own dataset as a variant finds it, with the performance indexes or without them; a step of the progress. */
export async function weekDataset(context: WeekContext, variant: string): Promise<PreparedDataset> {
  const { shape } = context.plan;
  return context.progress.step(`Dataset ${shape.profile}`, (onProgress) =>
    datasetOf(context, variant, shape, onProgress),
  );
}

/** What is cloned and started for a variant, on a dataset of any shape; it is seeded where it is not there yet. */
export async function weekTarget(
  context: WeekContext,
  variant: string,
  shape: DatasetShape,
  onProgress: (detail: string) => void = () => {},
): Promise<{ readonly fresh: FreshTargetOptions; readonly dataset: PreparedDataset }> {
  const { server, target, signal } = context;
  const dataset = await datasetOf(context, variant, shape, onProgress);
  return { fresh: { server, target, template: dataset.template, variant, signal }, dataset };
}

function datasetOf(
  { server, target, signal }: WeekContext,
  variant: string,
  shape: DatasetShape,
  onProgress: (detail: string) => void,
): Promise<PreparedDataset> {
  return target.prepareDataset(server, { variant, shape, signal, onProgress });
}

import type { DatasetShape } from '../../../seed/profiles.ts';
import { parseVariant } from '../../../target/variants.ts';
import { type PreparedDataset, prepareDataset } from '../../experiment/dataset.ts';
import { entryOf } from '../../experiment/experiment-context.ts';
import type { FreshTargetOptions } from '../../experiment/fresh-target.ts';
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
): Promise<{ readonly target: FreshTargetOptions; readonly dataset: PreparedDataset }> {
  const { server, signal } = context;
  const dataset = await datasetOf(context, variant, shape, onProgress);
  const target = { server, template: dataset.template, variant, signal, ...entryOf(context, variant) };
  return { target, dataset };
}

function datasetOf(
  { server, signal }: WeekContext,
  variant: string,
  shape: DatasetShape,
  onProgress: (detail: string) => void,
): Promise<PreparedDataset> {
  const { indexes } = parseVariant(variant).switches;
  return prepareDataset(server, { shape, indexes, signal, onProgress });
}

import type { DatasetShape } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import { type PreparedDataset, prepareDataset } from '../experiment/dataset.ts';
import type { FreshTargetOptions } from '../experiment/fresh-target.ts';
import type { WeekContext } from './week-task.ts';

/** What stands in for the service of a variant in this week, as options of a target; nothing for the reference service. */
export function entryOf({ entries }: WeekContext, variant: string): { readonly entry?: readonly string[] } {
  const entry = entries.get(variant);
  return entry === undefined ? {} : { entry };
}

/** Seeds the dataset of a variant where it is not there yet. */
export async function weekTarget(
  context: WeekContext,
  variant: string,
  shape: DatasetShape,
  onProgress: (detail: string) => void = () => {},
): Promise<{ readonly target: FreshTargetOptions; readonly dataset: PreparedDataset }> {
  const { server, signal } = context;
  const { indexes } = parseVariant(variant).switches;
  const dataset = await prepareDataset(server, { shape, indexes, signal, onProgress });
  const target = { server, template: dataset.template, variant, signal, ...entryOf(context, variant) };
  return { target, dataset };
}

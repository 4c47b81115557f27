import { parseVariant } from '../../target/variants.ts';
import { type PreparedDataset, prepareDataset } from '../experiment/dataset.ts';
import type { WeekContext } from './week-task.ts';

/** The week's own dataset as a variant finds it: with the performance indexes or without them. */
export async function weekDataset(
  { server, signal, progress, plan }: Pick<WeekContext, 'server' | 'signal' | 'progress' | 'plan'>,
  variant: string,
): Promise<PreparedDataset> {
  const { shape } = plan;
  const { indexes } = parseVariant(variant).switches;
  return progress.step(`Dataset ${shape.profile}${indexes ? ', with indexes' : ''}`, (onProgress) =>
    prepareDataset(server, { shape, indexes, signal, onProgress }),
  );
}

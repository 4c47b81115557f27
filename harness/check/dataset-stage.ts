/** Which part of a dataset it was that failed. A dataset is made in one go, and each error begins with its place in the config. Pure. */

/** In the order in which they are done. */
export const DATASET_STAGES = ['database', 'schema', 'data', 'offers'] as const;
export type DatasetStage = (typeof DATASET_STAGES)[number];

const BEGINNINGS: readonly (readonly [RegExp, DatasetStage])[] = [
  [/^database\./, 'database'],
  [/^dataset\.schema\b/, 'schema'],
  [/^dispatch\.offers\b/, 'offers'],
  [/^(dataset\.|The rows of the config\b)/, 'data'],
];

/** @param lastProgress what was told last before the failure */
export function failedStage(message: string, lastProgress: string): DatasetStage {
  const said = BEGINNINGS.find(([pattern]) => pattern.test(message));
  if (said) return said[1];
  // A lost connection and the like name no place: it was whatever was under way.
  return BEGINNINGS.find(([pattern]) => pattern.test(lastProgress))?.[1] ?? 'data';
}

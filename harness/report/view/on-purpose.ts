import type { Arm } from '../../experiment-record.ts';
import { formatShare } from '../../quantity.ts';

/** What was done to an arm to see whether it would be noticed: never to be read as a defect of the variant. */
export function changesText(arms: readonly Arm[]): string[] {
  return arms.flatMap(({ name, changes: { injectedSlowdownRatio, droppedIndexes } }) => {
    const done = [
      ...(injectedSlowdownRatio > 0
        ? [`every request slowed down by ${formatShare(injectedSlowdownRatio)}`]
        : []),
      ...droppedIndexes.map((index) => `index ${index} dropped`),
    ];
    return done.length === 0 ? [] : [`Changed on purpose in ${name}: ${done.join(', ')}.`];
  });
}

import type { Arm } from '../experiment-record.ts';
import type { VariantChanges } from '../result.ts';

export const NO_CHANGES: VariantChanges = { injectedSlowdownRatio: 0, droppedIndexes: [] };

/**
 * The arms of an experiment, the baseline first. Names are unique: the same service twice (A/A) is "optimised" and
 * "optimised (again)", and what is done to the later arms is part of their names.
 *
 * @param variants canonical names
 * @param changes done to every arm but the first
 * @throws Error when two arms would be the same in more than an A/A of two
 */
export function armsOf(variants: readonly string[], changes: VariantChanges = NO_CHANGES): Arm[] {
  const arms = variants.map((variant, index): Arm => {
    const own = index === 0 ? NO_CHANGES : changes;
    return { name: [variant, ...changeWords(own)].join(' '), variant, changes: own };
  });
  if (arms.length === 2 && arms[0]?.name === arms[1]?.name) {
    return arms.map((arm, index) => (index === 0 ? arm : { ...arm, name: `${arm.name} (again)` }));
  }
  const names = arms.map((arm) => arm.name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new Error(
      `Expected different variants, got ${twice} more than once; only two equal ones make an A/A experiment.`,
    );
  return arms;
}

function changeWords({ injectedSlowdownRatio, droppedIndexes }: VariantChanges): string[] {
  return [
    ...(injectedSlowdownRatio > 0
      ? [`slowed ${Number((injectedSlowdownRatio * 100).toPrecision(3))} %`]
      : []),
    ...droppedIndexes.map((name) => `without ${name}`),
  ];
}

/** Whether all arms are the same service with nothing done to it: whatever is found then is a false alarm. */
export function isSameOnSame(arms: readonly Arm[]): boolean {
  const [first, ...others] = arms;
  return (
    first !== undefined &&
    others.length > 0 &&
    others.every(
      (arm) => arm.variant === first.variant && JSON.stringify(arm.changes) === JSON.stringify(first.changes),
    )
  );
}

import { parseVariant, type VariantSwitches } from '../../../target/variants.ts';

/** Two variants of which the second has more switches on. */
export interface LadderPair {
  readonly from: string;
  readonly to: string;
}

/**
 * What is compared of a ladder: every two variants of which the second has more switches on and none of the others lies between, and
 * the first variant against the last. So each switch is seen at every place in every order that these variants hold.
 */
export function ladderPairs(variants: readonly string[]): LadderPair[] {
  const single = variants.flatMap((from) =>
    variants.filter((to) => isNextTo(from, to, variants)).map((to) => ({ from, to })),
  );
  const whole = { from: variants[0] ?? '', to: variants.at(-1) ?? '' };
  const known = single.some(({ from, to }) => from === whole.from && to === whole.to);
  return variants.length < 2 || known ? single : [...single, whole];
}

/** Whether a step from one to the other leaves none of the variants out. */
export function isNextTo(from: string, to: string, variants: readonly string[]): boolean {
  const leads = (one: string, other: string) => addedSwitches(one, other).length > 0;
  return leads(from, to) && !variants.some((between) => leads(from, between) && leads(between, to));
}

const WORDS: Readonly<Record<keyof VariantSwitches, string>> = {
  indexes: 'indexes',
  bulkApply: 'bulk-apply',
  eagerLoading: 'eager-loading',
};

/** The switches that `to` has on and `from` has off; none when `from` has one that `to` has not. */
export function addedSwitches(from: string, to: string): string[] {
  const [before, after] = [parseVariant(from).switches, parseVariant(to).switches];
  const names = Object.keys(WORDS) as (keyof VariantSwitches)[];
  if (names.some((name) => before[name] && !after[name])) return [];
  return names.filter((name) => after[name] && !before[name]).map((name) => WORDS[name]);
}

import type { LadderFact, LadderStep } from '../../week-record.ts';
import type { LadderPair } from './ladder-steps.ts';

/** The switches in the order in which the week turns them on. */
export const WEEK_ORDER = ['indexes', 'bulk-apply', 'eager-loading'] as const;

export type WeekSwitch = (typeof WEEK_ORDER)[number];

/**
 * The week's own way through the variants: each has what the one before it has, and more. A service that a config describes may
 * leave steps out, so what the last one turns on may be several switches.
 */
export function weekChain(variants: readonly string[]): string[] {
  const bulk = variants.includes('indexes+bulk-apply') || variants.includes('indexes');
  const chain = ['baseline', 'indexes', bulk ? 'indexes+bulk-apply' : 'bulk-apply', 'optimised'];
  return chain.filter((variant) => variants.includes(variant));
}

/** The two variants between which the week turns this on. `null` where these variants hold no such step. */
export function weekStepNames(variants: readonly string[], turnedOn: WeekSwitch): LadderPair | null {
  const chain = weekChain(variants);
  const place = chain.findIndex((variant) => LEADS_TO[turnedOn].includes(variant));
  const [from, to] = [chain[place - 1], chain[place]];
  return from === undefined || to === undefined ? null : { from, to };
}

const LEADS_TO: Readonly<Record<WeekSwitch, readonly string[]>> = {
  indexes: ['indexes'],
  'bulk-apply': ['indexes+bulk-apply', 'bulk-apply'],
  'eager-loading': ['optimised'],
};

/** The step in which the week turns this on. `null` where it was not measured. */
export function weekStep(ladder: LadderFact | null, turnedOn: WeekSwitch): LadderStep | null {
  if (ladder === null) return null;
  const names = weekStepNames(
    ladder.variants.map(({ variant }) => variant),
    turnedOn,
  );
  return ladder.steps.find((step) => step.from === names?.from && step.to === names?.to) ?? null;
}

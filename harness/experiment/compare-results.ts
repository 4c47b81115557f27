import type { StoredRuns } from '../store/read-results.ts';
import {
  compareStored,
  ratiosSideBySide,
  type StoredComparison,
  type StoredRatio,
} from './compare-stored.ts';
import { matchArms } from './match-arms.ts';

/** Two stored results laid side by side: what `rushhour compare` tells, and the page of the site. */
export interface ComparedResults {
  /** Ids. */
  readonly baseline: string;
  readonly candidate: string;
  /** Whether every pair of sides may be compared. */
  readonly comparable: boolean;
  readonly arms: readonly StoredComparison[];
  /** Of two experiments: what both have measured. */
  readonly ratios: readonly StoredRatio[];
}

/**
 * Compares two results by the arms that belong together. Pure.
 *
 * @param variant names one arm; default: each that both have
 * @throws HarnessError BAD_OPTION when no arm fits
 */
export function compareResults(
  baseline: StoredRuns,
  candidate: StoredRuns,
  variant?: string,
): ComparedResults {
  const arms = matchArms(baseline, candidate, variant).map(compareStored);
  const experiments = baseline.kind === 'experiment' && candidate.kind === 'experiment';
  return {
    baseline: baseline.id,
    candidate: candidate.id,
    comparable: arms.every((arm) => arm.refusals.length === 0),
    arms,
    ratios: experiments ? ratiosSideBySide(baseline.experiment, candidate.experiment) : [],
  };
}

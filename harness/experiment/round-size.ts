import type { ExperimentPlan } from '../experiment-record.ts';

/** What is asked of a round; the rest follows from how long a dispatch takes. */
export interface RoundRequest {
  readonly sliceSize: number;
  /** Recorded dispatches of each arm; `null` for as many as fill {@link ROUND_MS}. */
  readonly dispatches: number | null;
}

export interface RoundSizeOptions extends RoundRequest {
  /** Mean time of one dispatch of each arm, as counted alone. */
  readonly dispatchMs: readonly number[];
  /** Of the dataset: each arm dispatches each of them once at most. */
  readonly offers: number;
}

/**
 * Load of one pair, all arms together. Long against the two seconds that clones and processes of a pair cost; the
 * noise of a pair falls with the root of it, that of the experiment with the root of the number of pairs as well.
 */
export const ROUND_MS = 6_000;

const FEWEST_DISPATCHES = 2;

/** The first dispatches of a process are slower until its code is compiled; these many are enough at any speed. */
const MOST_WARM_UP = 15;

/** How many dispatches a round has, and how many come before it. */
export function sizeRound(options: RoundSizeOptions): ExperimentPlan['round'] {
  const blockMs = options.dispatchMs.reduce((sum, ms) => sum + ms, 0);
  const wanted =
    options.dispatches ?? Math.max(FEWEST_DISPATCHES, Math.round(ROUND_MS / Math.max(blockMs, 0.1)));
  const warmUp = Math.min(MOST_WARM_UP, Math.ceil(wanted / 4), Math.max(1, Math.floor(options.offers / 5)));
  const dispatches = Math.max(1, Math.min(wanted, options.offers - warmUp));
  return { warmUp, dispatches, sliceSize: Math.min(options.sliceSize, dispatches) };
}

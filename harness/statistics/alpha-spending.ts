/** When the pairs are looked at, and with what confidence. */
export interface Look {
  /** Number of pairs at which the intervals are taken. */
  readonly pairs: number;
  /** Level of the interval of one metric, 0–1: 1 − what this look may spend of the metric's alpha. */
  readonly level: number;
  /** Level of the interval of two one-sided tests, 0–1, which must lie inside the band for `equivalent`. */
  readonly equivalenceLevel: number;
}

export interface LookOptions {
  /** Chosen beforehand: a single look at so many pairs. `null`: three looks, of which the first with verdicts ends it. */
  readonly pairs: number | null;
  /** Size of the gate family: how many metrics can turn the experiment red. */
  readonly metrics: number;
  /** Chance of a false alarm in the whole family and over all looks, 0–1; default 0.05. */
  readonly alpha?: number;
}

/** One-sided error of each of the two tests of equivalence (Schuirmann 1987). */
const EQUIVALENCE_ALPHA = 0.05;

/** Looks and the share of alpha that each may spend. The shares add up to 1. */
const SPENDING = [
  { pairs: 10, share: 0.2 },
  { pairs: 16, share: 0.3 },
  { pairs: 24, share: 0.5 },
] as const;

/**
 * The looks of an experiment, in order. Alpha is divided by the number of metrics (Bonferroni) and spent over the looks
 * by fixed shares: a union bound, which holds however metrics and looks depend on each other. Equivalence is spent over
 * the looks alike but not divided by metrics, since "everything is equivalent" needs every one of them to be
 * (intersection–union, Berger 1982).
 *
 * A look whose level its pairs cannot reach (`fewestPairs`) gives no interval and so no verdict; it spends nothing.
 *
 * @throws RangeError when pairs or metrics is not a whole number of at least 1, or alpha is not in (0, 1).
 */
export function planLooks({ pairs, metrics, alpha = 0.05 }: LookOptions): readonly Look[] {
  if (pairs !== null && !(Number.isSafeInteger(pairs) && pairs >= 1)) {
    throw new RangeError(`expected 1 or more whole pairs, got ${pairs}`);
  }
  if (!(Number.isSafeInteger(metrics) && metrics >= 1)) {
    throw new RangeError(`expected 1 or more whole metrics, got ${metrics}`);
  }
  if (!(alpha > 0 && alpha < 1)) {
    throw new RangeError(`expected an alpha above 0 and below 1, got ${alpha}`);
  }
  const spending = pairs === null ? SPENDING : [{ pairs, share: 1 }];
  return spending.map((look) => ({
    pairs: look.pairs,
    level: 1 - (alpha * look.share) / metrics,
    equivalenceLevel: 1 - 2 * EQUIVALENCE_ALPHA * look.share,
  }));
}

/** Relative slack, so that the rounding of `1 - 0.95` or of a sum of shares cannot lose a level that is reached exactly. */
const SLACK = 1e-9;

/** @throws RangeError when a confidence level is not in [0, 1): no number of pairs reaches 100 %. */
export function assertLevel(level: number): void {
  if (!(level >= 0 && level < 1))
    throw new RangeError(`expected a level of at least 0 and below 1, got ${level}`);
}

/** What a discrete distribution may miss and still have this level, 0–1: a billionth more than 1 − level. */
export function mayMiss(level: number): number {
  assertLevel(level);
  return (1 - level) * (1 + SLACK);
}

import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Student's t with this many degrees of freedom differs from the normal quantile by less than 3e-9 up to p = 0.995. */
const DEGREES_AS_GOOD_AS_NORMAL = 1e9;

/** Quantile of the standard normal distribution, `p` in (0, 1). Used where it ends in a rank or a number of pairs. */
export function standardNormalQuantile(p: number): number {
  return tQuantile(p, DEGREES_AS_GOOD_AS_NORMAL);
}

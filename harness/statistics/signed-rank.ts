/**
 * Number of subsets of the ranks 1…n by their sum, as shares of all 2^n: the exact null distribution of Wilcoxon's
 * signed-rank statistic (Hollander & Wolfe, Nonparametric Statistical Methods, §3.1).
 */
function signedRankProbabilities(n: number): number[] {
  let shares = [1];
  for (let rank = 1; rank <= n; rank++) {
    const next = new Array<number>(shares.length + rank).fill(0);
    shares.forEach((share, sum) => {
      next[sum] = (next[sum] ?? 0) + share / 2;
      next[sum + rank] = (next[sum + rank] ?? 0) + share / 2;
    });
    shares = next;
  }
  return shares;
}

/** P(V ≤ v) for n pairs without ties. */
export function signedRankCdf(v: number, n: number): number {
  return signedRankProbabilities(n)
    .slice(0, Math.max(0, Math.floor(v) + 1))
    .reduce((sum, share) => sum + share, 0);
}

/** Smallest v with P(V ≤ v) ≥ p. Equal to R's `qsignrank(p, n)`. */
export function signedRankQuantile(p: number, n: number): number {
  let cumulated = 0;
  const shares = signedRankProbabilities(n);
  for (let v = 0; v < shares.length; v++) {
    cumulated += shares[v] ?? 0;
    if (cumulated >= p * (1 - 1e-12)) return v; // rounding must not push an exact level to the next rank
  }
  return shares.length - 1;
}

/** A logarithmic axis that ends on round numbers. */
export interface LogAxis {
  domain: [number, number];
  ticks: number[];
}

/**
 * Ticks for a positive range: 1, 2 and 5 of each decade while few, else whole decades. The domain is the range widened
 * to the next tick on both sides. An empty or non-positive range is drawn as 1 to 10.
 *
 * @param most the largest number of ticks that fits, default 8
 */
export function logAxis(values: Iterable<number>, most = 8): LogAxis {
  const positive = [...values].filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return { domain: [1, 10], ticks: [1, 10] };
  const low = positive.reduce((least, value) => Math.min(least, value));
  const high = positive.reduce((largest, value) => Math.max(largest, value));
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = ticksAround(low, high, steps);
    if (ticks.length <= most) return { domain: [ticks[0] as number, ticks.at(-1) as number], ticks };
  }
  const decades = ticksAround(low, high, [1]);
  const stride = Math.ceil(decades.length / most);
  return {
    domain: [decades[0] as number, decades.at(-1) as number],
    ticks: decades.filter((_, index) => index % stride === 0),
  };
}

function ticksAround(low: number, high: number, steps: readonly number[]): number[] {
  const candidates: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power += 1) {
    for (const step of steps) candidates.push(Number(`${step}e${power}`));
  }
  const first = candidates.findLastIndex((tick) => tick <= low);
  const last = candidates.findIndex((tick) => tick >= high);
  return candidates.slice(first, Math.max(last, first + 1) + 1);
}

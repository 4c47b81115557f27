/** An axis that holds 0 and many powers of ten, linear below `unit` and logarithmic above. */
export interface CountAxis {
  domain: [number, number];
  ticks: number[];
  /** A Vega expression that labels a tick. */
  labelExpr: string;
  /** Where the logarithm begins. */
  unit: number;
}

/**
 * An axis from 0 over the given amounts. Ticks are 0 and powers of ten, as many as fit; the logarithm begins
 * at the power below the smallest amount.
 *
 * @param format says a tick
 * @param most the largest number of ticks that fits
 */
export function countAxis(
  values: readonly number[],
  format: (value: number) => string,
  most: number,
): CountAxis {
  const positive = values.filter((value) => value > 0);
  const high = Math.max(...positive, positive.length === 0 ? 1 : 0);
  const low = Math.min(...positive, high);
  const end = high * 1.3;
  const [bottom, top] = [Math.floor(Math.log10(low)), Math.floor(Math.log10(end))];
  const stride = Math.max(1, Math.ceil((top - bottom + 1) / Math.max(1, most - 1)));
  const powers = Array.from(
    { length: Math.floor((top - bottom) / stride) + 1 },
    (_, index) => 10 ** (top - index * stride),
  );
  const ticks = [0, ...powers.toReversed()];
  const labels = ticks.map(
    (tick) =>
      `abs(datum.value - ${tick}) < ${tick === 0 ? 10 ** (bottom - 3) : tick / 1000} ? ${JSON.stringify(format(tick))}`,
  );
  return { domain: [0, end], ticks, labelExpr: `${labels.join(' : ')} : ''`, unit: 10 ** bottom };
}

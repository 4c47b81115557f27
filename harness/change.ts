/** How a ratio candidate ÷ baseline is said: a factor beyond 25 %, a percentage below. */

export interface RatioMeaning {
  unit: string;
  higherIsBetter: boolean;
}

const FACTOR_FROM = 1.25;

/** Units of things one counts, which become fewer; other quantities become less. */
const COUNTED: ReadonlySet<string> = new Set(['statements', 'rows', 'blocks', 'records']);

function words(meaning: RatioMeaning): { less: string; more: string } {
  if (meaning.unit === 'ms' && !meaning.higherIsBetter) return { less: 'faster', more: 'slower' };
  return { less: COUNTED.has(meaning.unit) ? 'fewer' : 'less', more: 'more' };
}

/** "48×", "2.3×": how many times larger the larger is. */
export function formatFactor(factor: number): string {
  return `${factor >= 10 ? Math.round(factor).toLocaleString('en-US') : factor.toFixed(1)}×`;
}

function signedPercent(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const digits = Math.abs(percent) < 99.95 ? 1 : 0;
  const size = Math.abs(percent).toFixed(digits);
  if (Number(size) === 0) return '0 %';
  return `${percent < 0 ? '−' : '+'}${size} %`;
}

/** Whether the ratio is far enough from 1 to be said as a factor. */
export function isFactor(ratio: number): boolean {
  return ratio > 0 && (ratio >= FACTOR_FROM || ratio <= 1 / FACTOR_FROM);
}

/** "48× faster", "3.0× more", "−9.8 %". A candidate of 0 is "none left". */
export function formatChange(ratio: number, meaning: RatioMeaning): string {
  if (!Number.isFinite(ratio)) return 'from none';
  if (ratio <= 0) return 'none left';
  if (!isFactor(ratio)) return signedPercent(ratio);
  const { less, more } = words(meaning);
  return ratio < 1 ? `${formatFactor(1 / ratio)} ${less}` : `${formatFactor(ratio)} ${more}`;
}

/** An interval of ratios: "46× to 51× faster" when both ends are factors of one direction, else "−6.9 % to +12.4 %". */
export function formatChangeInterval(low: number, high: number, meaning: RatioMeaning): string {
  const sameSide = (low < 1 && high < 1) || (low > 1 && high > 1);
  if (!sameSide || !isFactor(low) || !isFactor(high))
    return `${signedPercent(low)} to ${signedPercent(high)}`;
  const { less, more } = words(meaning);
  const [near, far] = low < 1 ? [1 / high, 1 / low] : [low, high];
  const [from, to] = [formatFactor(near), formatFactor(far)];
  return `${from === to ? from : `${from} to ${to}`} ${low < 1 ? less : more}`;
}

/** The label of a tick on a short ratio axis: "−10 %", "same", "+2 %". */
export function formatPercentTick(ratio: number): string {
  return Math.abs(ratio - 1) < 1e-9 ? 'same' : signedPercent(ratio).replace('.0 %', ' %');
}

/** A ratio as short as can be: "÷50", "same", "×2", and "−10 %" within 25 %. */
export function formatRatioTick(ratio: number): string {
  if (!isFactor(ratio)) return formatPercentTick(ratio);
  const factor = ratio < 1 ? 1 / ratio : ratio;
  return `${ratio < 1 ? '÷' : '×'}${Number(factor.toPrecision(2)).toLocaleString('en-US')}`;
}

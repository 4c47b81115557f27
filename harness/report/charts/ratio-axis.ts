import { formatPercentTick, formatRatioTick } from '../../change.ts';

/** A logarithmic axis of ratios that always shows 1, the line of no change. */
export interface RatioAxis {
  domain: [number, number];
  ticks: number[];
  /** A Vega expression that labels a tick: "÷10", "same", "×2", "−5 %". */
  labelExpr: string;
}

const FACTORS = [1, 2, 5];
const PERCENT_STEPS = [0.5, 1, 2, 5, 10, 25, 50];

/** Up to this span of the axis, steps of a percentage tell more than factors. */
const PERCENT_UP_TO = 4;

/** An axis over the given ratios and 1, with a little room at both ends. Percentages on a short axis, factors on a long one. */
export function ratioAxis(ratios: Iterable<number>, most = 7): RatioAxis {
  const positive = [1, ...ratios].filter((ratio) => ratio > 0 && Number.isFinite(ratio));
  const low = positive.reduce((least, ratio) => Math.min(least, ratio));
  const high = positive.reduce((largest, ratio) => Math.max(largest, ratio));
  const room = Math.max((high / low) ** 0.07, 1.01);
  const domain: [number, number] = [low / room, high * room];
  const inPercent = high / low <= PERCENT_UP_TO;
  const ticks = (inPercent ? percentTicks : factorTicks)(domain, most);
  const format = inPercent ? formatPercentTick : formatRatioTick;
  const labels = ticks.map(
    (tick) => `abs(datum.value / ${tick} - 1) < 1e-6 ? ${JSON.stringify(format(tick))}`,
  );
  return { domain, ticks, labelExpr: `${labels.join(' : ')} : ''` };
}

function factorTicks([low, high]: [number, number], most: number): number[] {
  const decades = Math.ceil(Math.max(-Math.log10(low), Math.log10(high)));
  for (const steps of [FACTORS, [1, 3], [1]]) {
    const above = Array.from({ length: decades + 1 }, (_, power) =>
      steps.map((step) => step * 10 ** power),
    ).flat();
    const ticks = [...above.slice(1).map((factor) => 1 / factor), ...above].sort((a, b) => a - b);
    const inside = ticks.filter((tick) => tick >= low && tick <= high);
    if (inside.length <= most) return inside;
  }
  return [1];
}

function percentTicks([low, high]: [number, number], most: number): number[] {
  for (const step of PERCENT_STEPS) {
    const from = Math.ceil(((low - 1) * 100) / step);
    const to = Math.floor(((high - 1) * 100) / step);
    if (to - from + 1 > most) continue;
    return Array.from({ length: to - from + 1 }, (_, index) => 1 + ((from + index) * step) / 100);
  }
  return [1];
}

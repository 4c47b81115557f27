/** How the week's goals are said: as a change in percent of what was before. */

/** "−98.7 %", "+3.2 %". @param ratio after ÷ before */
export function formatReduction(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const nearlyAll = Math.abs(percent) > 99.9 && Math.abs(percent) < 100;
  const size = Number(Math.abs(percent).toFixed(nearlyAll ? 2 : 1));
  return size === 0 ? '±0 %' : `${percent < 0 ? '−' : '+'}${size} %`;
}

/** "−98.9 % to −98.5 %", "−24.3 % to +32.3 %": from the lower ratio to the higher. */
export function formatReductionInterval(low: number, high: number): string {
  return `${formatReduction(low)} to ${formatReduction(high)}`;
}

/** "−86 % falls short of −90 %"; null for a ratio that reaches the goal. @param goalRatio largest after ÷ before that passes */
export function shortOf(ratio: number, goalRatio: number): string | null {
  return ratio > goalRatio ? `${formatReduction(ratio)} falls short of ${formatReduction(goalRatio)}` : null;
}

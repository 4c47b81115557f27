import { countOf } from '../../quantity.ts';
import type { Chart } from './chart.ts';
import { contextLine } from './context.ts';
import { type LatencyLine, latencyFinding } from './latency-finding.ts';
import type { VariantStyle } from './palette.ts';
import { drawPercentiles, hasPoints } from './percentile-lines.ts';

export interface DispatchPercentilesData {
  /** Of each variant, from its side of every pair. */
  lines: readonly LatencyLine[];
  styles: ReadonlyMap<string, VariantStyle>;
  pairs: number;
  sliceSize: number;
  context: string;
  baseline: string;
  candidate: string;
}

/** Time of a dispatch by percentile, from the alternating slices. `null` when no pair has any. */
export function dispatchPercentilesChart(data: DispatchPercentilesData): Chart | null {
  const panels = [{ endpoint: 'A dispatch', lines: data.lines }];
  if (!hasPoints(panels)) return null;
  const dispatches = Math.min(...data.lines.map(({ fewestRequests }) => fewestRequests));
  return {
    name: 'dispatch-percentiles',
    finding: latencyFinding({ ...data, panels }),
    context: contextLine(
      `${countOf(data.pairs, 'pair')} of ${countOf(dispatches, 'dispatch', 'dispatches')} a side, in slices of ${data.sliceSize}`,
      data.context,
    ),
    reading:
      'Further right is rarer: at 90 % one dispatch in ten took longer. Thick lines are medians over the pairs, thin lines single pairs; they end where a pair has no slower dispatch left to tell.',
    draw: (widthPx) =>
      drawPercentiles(
        { panels, styles: data.styles, axisTitle: 'percentile of dispatches', panelHeight: 260 },
        widthPx,
      ),
  };
}

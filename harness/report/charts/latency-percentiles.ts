import type { LoadReport } from '../../result.ts';
import type { Chart } from './chart.ts';
import { contextLine, generatorContext } from './context.ts';
import { type LatencyPanel, latencyFinding } from './latency-finding.ts';
import type { VariantStyle } from './palette.ts';
import { drawPercentiles, hasPoints } from './percentile-lines.ts';

export interface LatencyPercentilesData {
  panels: readonly LatencyPanel[];
  styles: ReadonlyMap<string, VariantStyle>;
  report: Pick<LoadReport, 'generator' | 'model'>;
  context: string;
  /** Arrivals that were dropped: above 0 the latency is censored, and the chart says so. */
  droppedIterations: number;
  /** Endpoints that were measured, of which the panels are the most requested. */
  endpointCount: number;
  /** First and last variant of the finding; the same for a single run. */
  baseline: string;
  candidate: string;
}

/** Latency by percentile, one panel an endpoint. `null` when no endpoint has a percentile to draw. */
export function latencyPercentilesChart(data: LatencyPercentilesData): Chart | null {
  if (!hasPoints(data.panels)) return null;
  return {
    name: 'latency-percentiles',
    finding: latencyFinding(data),
    context: contextLine(
      data.context,
      `${generatorContext(data.report)}; service time`,
      data.panels.length < data.endpointCount
        ? `the ${data.panels.length} most requested of ${data.endpointCount} endpoints`
        : null,
      data.droppedIterations > 0
        ? `censored: ${data.droppedIterations} arrivals were dropped and have no latency`
        : null,
    ),
    reading:
      'Further right is rarer: at 99 % one request in a hundred took longer. Lower is better. Thick lines are medians over the runs, thin lines single runs.',
    draw: (widthPx) =>
      drawPercentiles({ ...data, axisTitle: 'percentile of requests', panelHeight: 150 }, widthPx),
  };
}

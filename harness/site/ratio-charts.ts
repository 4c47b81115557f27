import type { Chart } from '../report/charts/chart.ts';
import { ratioOverTimeChart } from '../report/charts/ratio-over-time.ts';
import { ratioSeries } from '../report/ratio-series.ts';
import type { ListedResult } from './listed-result.ts';

const MOST_CHARTS = 8;

/** A chart for each comparison that was made more than once, of the experiments that are listed. Pure. */
export function ratioCharts(
  listed: readonly Pick<ListedResult, 'startedAt' | 'scenario' | 'ratios'>[],
): Chart[] {
  return ratioSeries(listed)
    .slice(0, MOST_CHARTS)
    .map((series, index) => ratioOverTimeChart(series, `ratio-over-time-${index + 1}`));
}

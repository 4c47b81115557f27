/** What `site/data/<id>.js` holds of a run or an experiment: written in Node, read in the browser. */
import type { StoredRuns } from '../store/read-results.ts';

export interface ComparisonData {
  /** Without raw samples, and without its folder. */
  readonly result: StoredRuns;
  /** File names of the pictures in `<id>/report/charts/`. */
  readonly charts: readonly string[];
  readonly panels: readonly LoadPanel[];
}

/** What a load generator saw: latency of an endpoint by percentile, or latency over time. */
export interface LoadPanel {
  readonly kind: 'percentiles' | 'over-time';
  readonly subject: string;
  readonly lines: readonly LoadLine[];
}

export interface LoadLine {
  readonly variant: string;
  /** Quantile 0–1 or second of the load, and milliseconds; ascending. */
  readonly points: readonly (readonly [number, number])[];
}

/** The end-of-test numbers of k6: the check on the raw samples, and what is left when those are damaged. Pure. */
import { z } from 'zod';
import { ENDPOINTS } from '../../scenarios/endpoints.ts';
import type { EndpointLoad } from '../result.ts';
import type { IterationCounts } from './k6-samples.ts';
import { CURVE_QUANTILES } from './latency-summary.ts';

const REFERENCE_NAMES: readonly string[] = Object.values(ENDPOINTS).map(({ name }) => name);

const Metric = z.object({ values: z.record(z.string(), z.number()) });
const Summary = z.object({
  metrics: z.record(z.string(), Metric),
  state: z.object({ testRunDurationMs: z.number() }),
});

export interface K6Summary {
  /** Requests of the measured part. */
  readonly requests: number;
  /** Of the whole run, warm-up and login included. */
  readonly wholeRun: {
    readonly durationMs: number;
    readonly failedRequests: number;
    readonly mismatches: number;
    readonly iterations: IterationCounts;
    readonly dispatches: { readonly started: number; readonly completed: number; readonly failed: number };
  };
  /** Without errors and timeouts, which k6 does not keep per endpoint, and with the durations of failed requests. */
  readonly endpoints: readonly EndpointLoad[];
}

/** The name k6 has for a quantile (0–1): `p(92.5)`, or `min`, `med`, `max`. */
export function trendStatOf(quantile: number): string {
  if (quantile === 0) return 'min';
  if (quantile === 0.5) return 'med';
  return quantile === 1 ? 'max' : `p(${Number((quantile * 100).toPrecision(6))})`;
}

/** What k6 is asked to say about every duration: enough for the whole curve. */
export const TREND_STATS: readonly string[] = ['count', 'avg', ...CURVE_QUANTILES.map(trendStatOf)];

/**
 * @param variant gives the requests and endpoints of this target alone, when several shared the run
 * @param names of the endpoints that the script has k6 keep metrics of. Default: those of the reference service
 * @throws Error when the text is not what the scripts' handleSummary writes
 */
export function parseK6Summary(
  text: string,
  variant?: string,
  names: readonly string[] = REFERENCE_NAMES,
): K6Summary {
  const { metrics, state } = Summary.parse(JSON.parse(text));
  const tags = variant === undefined ? 'phase:measure' : `phase:measure,variant:${variant}`;
  const endpoints = names.flatMap((name) => {
    const values = metrics[`http_req_duration{name:${name},${tags}}`]?.values;
    return values === undefined || (values.count ?? 0) === 0 ? [] : [endpointLoad(name, values)];
  });
  const countOf = (metric: string) => metrics[metric]?.values.count ?? 0;
  return {
    requests: countOf(`http_reqs{${tags}}`),
    wholeRun: {
      durationMs: state.testRunDurationMs,
      // A rate of "failed": its passes are the failures.
      failedRequests: metrics.http_req_failed?.values.passes ?? 0,
      mismatches: countOf('mismatches'),
      iterations: {
        started: countOf('iterations_started'),
        ended: countOf('iterations'),
        dropped: countOf('dropped_iterations'),
        exceptions: countOf('exceptions'),
      },
      dispatches: {
        started: countOf('dispatches_started'),
        completed: countOf('dispatches_completed'),
        failed: countOf('dispatches_failed'),
      },
    },
    endpoints,
  };
}

function endpointLoad(endpoint: string, values: Readonly<Record<string, number>>): EndpointLoad {
  const at = (quantile: number) => values[trendStatOf(quantile)] ?? 0;
  return {
    endpoint,
    requests: values.count ?? 0,
    errors: 0,
    timeouts: 0,
    latency: {
      minMs: at(0),
      meanMs: values.avg ?? 0,
      p50Ms: at(0.5),
      p75Ms: at(0.75),
      p90Ms: at(0.9),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      maxMs: at(1),
    },
    percentiles: CURVE_QUANTILES.map((quantile) => ({ quantile, ms: at(quantile) })),
  };
}

import { ENDPOINTS } from '../../scenarios/endpoints.ts';
import type { EndpointLoad, LoadReport, RunRecord } from '../result.ts';
import type { TimingMetric } from './metrics.ts';
import { findLoadFault } from './pair-faults.ts';

export const DISPATCH_UNDER_LOAD = 'dispatch under load, median';
export const latencyName = (endpoint: string, quantile: Quantile) => `${endpoint} ${quantile}`;
/** Of a k6 script of the user's own, over all of its requests. */
export const SCRIPT_P50 = 'requests of the script p50';
export const capacityName = (endpoint: string) => `${endpoint} capacity`;

/** What decides when the load part of the reference target is all there is, declared before anything runs. */
export const LOAD_GATE: readonly string[] = [
  latencyName(ENDPOINTS.listBookings.name, 'p50'),
  DISPATCH_UNDER_LOAD,
  capacityName(ENDPOINTS.listBookings.name),
];

type Quantile = 'p50' | 'p95' | 'p99';

/** Band of no interest, and requests a side and pair below which a quantile is a few single requests. */
const QUANTILES: Readonly<Record<Quantile, { delta: number; leastRequests: number }>> = {
  p50: { delta: 0.03, leastRequests: 1 },
  p95: { delta: 0.05, leastRequests: 200 },
  p99: { delta: 0.1, leastRequests: 1_000 },
};

const DISPATCH_DELTA = 0.03;
const CAPACITY_DELTA = 0.05;

/**
 * The metrics that runs of the load part can be compared by, in the order they are told: dispatches and the latency of
 * every endpoint under the open model, then the capacity of every endpoint that was saturated.
 */
export function loadMetrics(example: RunRecord): TimingMetric[] {
  const open = reportOf(example, 'open');
  const saturated = reportOf(example, 'closed')?.phases.flatMap(({ endpoint }) => endpoint ?? []);
  return [
    ...(open === undefined ? [] : [open.ownScript === undefined ? DISPATCH_METRIC : SCRIPT_METRIC]),
    ...(open?.endpoints ?? []).flatMap(({ endpoint }) => [
      latencyMetric(endpoint, 'p50'),
      latencyMetric(endpoint, 'p95'),
      latencyMetric(endpoint, 'p99'),
    ]),
    ...[...new Set(saturated)].map(capacityMetric),
  ];
}

function reportOf(run: RunRecord, model: LoadReport['model']): LoadReport | undefined {
  return run.loads.find(({ report }) => report.model === model)?.report;
}

function flawOf(run: RunRecord, model: LoadReport['model']): string | null {
  const report = reportOf(run, model);
  return report === undefined ? 'not measured' : findLoadFault(report);
}

const DISPATCH_METRIC: TimingMetric = {
  metric: DISPATCH_UNDER_LOAD,
  unit: 'ms',
  source: 'load',
  higherIsBetter: false,
  delta: DISPATCH_DELTA,
  of: (run) => reportOf(run, 'open')?.dispatches.timeToCompleteMs?.p50Ms ?? null,
  flaw: (run) => flawOf(run, 'open'),
};

const SCRIPT_METRIC: TimingMetric = {
  metric: SCRIPT_P50,
  unit: 'ms',
  source: 'load',
  higherIsBetter: false,
  delta: QUANTILES.p50.delta,
  of: (run) => reportOf(run, 'open')?.phases[0]?.p50Ms ?? null,
  flaw: (run) => flawOf(run, 'open'),
};

function latencyMetric(endpoint: string, quantile: Quantile): TimingMetric {
  const loadOf = (run: RunRecord): EndpointLoad | undefined =>
    reportOf(run, 'open')?.endpoints.find((load) => load.endpoint === endpoint);
  const { delta, leastRequests } = QUANTILES[quantile];
  const metric = latencyName(endpoint, quantile);
  return {
    metric,
    unit: 'ms',
    source: 'load',
    higherIsBetter: false,
    delta,
    of: (run) => loadOf(run)?.latency?.[`${quantile}Ms`] ?? null,
    flaw: (run) => flawOf(run, 'open') ?? findTooFew(loadOf(run)?.requests ?? 0, leastRequests, quantile),
  };
}

function findTooFew(requests: number, least: number, quantile: Quantile): string | null {
  return requests < least ? `${requests} requests are too few for a ${quantile}, it takes ${least}` : null;
}

/** The most that any number of connections got out of the endpoint. */
function capacityMetric(endpoint: string): TimingMetric {
  const metric = capacityName(endpoint);
  return {
    metric,
    unit: 'requests/s',
    source: 'load',
    higherIsBetter: true,
    delta: CAPACITY_DELTA,
    of: (run) => {
      const phases = reportOf(run, 'closed')?.phases.filter((phase) => phase.endpoint === endpoint) ?? [];
      return phases.length === 0
        ? null
        : Math.max(...phases.map(({ throughputPerSecond }) => throughputPerSecond));
    },
    flaw: (run) => flawOf(run, 'closed'),
  };
}

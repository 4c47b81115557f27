/** What the load of a service that is not ours has to keep to: what its config says, and what makes numbers worthless. Pure. */
import { type EndpointTraffic, visitedEndpoints } from '../../scenarios/endpoint-traffic.ts';
import type { LoadReport, ThresholdResult } from '../result.ts';
import { countRateLimited, RATE_LIMITED_RATIO, rateLimitedRatio } from './rate-limited.ts';
import { atMost, judgeErrors, judgeLatency } from './thresholds.ts';

export interface ConfiguredThresholds {
  /** By the name of the endpoint in the config. */
  readonly p95Ms?: Readonly<Record<string, number>>;
  /** Of every endpoint, 0–1. */
  readonly errorRatio?: number;
}

/** As the scenarios of the reference service are judged. In a closed loop latency says how many connections there are. */
export function judgeConfigured(
  report: LoadReport,
  traffic: EndpointTraffic,
  { p95Ms = {}, errorRatio }: ConfiguredThresholds,
): ThresholdResult[] {
  const isOpen = report.model === 'open';
  const names = isOpen
    ? visitedEndpoints(traffic).map(([, { name }]) => name)
    : report.endpoints.map(({ endpoint }) => endpoint);
  const { started, failed, unfinished } = report.dispatches;
  return [
    atMost('iterations that threw', 'count', 0, report.exceptions),
    atMost('answers with a wrong body', 'count', 0, report.mismatches),
    ...(isOpen ? [atMost('dropped iterations', 'count', 0, report.droppedIterations)] : []),
    ...(countRateLimited(report) === 0
      ? []
      : [atMost('answers 429 (too many requests)', 'ratio', RATE_LIMITED_RATIO, rateLimitedRatio(report))]),
    ...(isOpen
      ? Object.entries(p95Ms).map(([key, limitMs]) =>
          judgeLatency(report, traffic.endpoints[key]?.name ?? key, limitMs),
        )
      : []),
    ...(errorRatio === undefined ? [] : names.map((name) => judgeErrors(report, name, errorRatio))),
    ...(isOpen && traffic.dispatch !== null
      ? [
          atMost(
            'dispatches that failed or did not end',
            'ratio',
            0,
            started === 0 ? null : (failed + unfinished) / started,
          ),
        ]
      : []),
  ];
}

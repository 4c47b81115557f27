/** What a load report has to keep to. Pure; the tools evaluate nothing while they measure. */
import { ENDPOINTS, type EndpointKey } from '../../scenarios/endpoints.ts';
import {
  type EndpointThreshold,
  type ScenarioName,
  WORKLOADS,
  type Workload,
} from '../../scenarios/workloads.ts';
import type { LoadReport, ThresholdResult } from '../result.ts';

/** The thresholds of a scenario, judged on what a generator reports. */
export function judgeThresholds(report: LoadReport, scenario: ScenarioName): ThresholdResult[] {
  return judge(report, WORKLOADS[scenario]);
}

/**
 * An open model is judged on everything; an endpoint that was never asked fails, since nothing shows that it keeps to
 * anything. In a closed loop each connection waits for its answer, so latency says how many connections there are and
 * only the errors of the probed endpoints are judged.
 */
export function judge(report: LoadReport, workload: Workload): ThresholdResult[] {
  const correctness = [
    atMost('iterations that threw', 'count', 0, report.exceptions),
    atMost('answers with a wrong body', 'count', 0, report.mismatches),
  ];
  if (report.model === 'closed') {
    const limit = workload.thresholds.probeErrorRatio;
    return [...correctness, ...report.endpoints.map(({ endpoint }) => judgeErrors(report, endpoint, limit))];
  }
  const endpoints = Object.entries(workload.thresholds.endpoints) as [EndpointKey, EndpointThreshold][];
  return [
    ...correctness,
    ...judgeArrivals(report, workload),
    ...endpoints.flatMap(([key, threshold]) => [
      judgeLatency(report, ENDPOINTS[key].name, threshold.p95Ms),
      judgeErrors(report, ENDPOINTS[key].name, threshold.errorRatio),
    ]),
    ...Object.entries(workload.thresholds.stepP95Ms).map(([step, limitMs]) =>
      atMost(
        `p95 of the step "${step}"`,
        'ms',
        limitMs,
        report.phases.find(({ name }) => name === step)?.p95Ms ?? null,
      ),
    ),
    ...judgeDispatches(report, workload),
  ];
}

function judgeArrivals(report: LoadReport, { thresholds }: Workload): ThresholdResult[] {
  const limit = thresholds.droppedIterations;
  return limit === null ? [] : [atMost('dropped iterations', 'count', limit, report.droppedIterations)];
}

export function judgeLatency(report: LoadReport, name: string, limitMs: number): ThresholdResult {
  const measured = report.endpoints.find(({ endpoint }) => endpoint === name);
  return atMost(`p95 of ${name}`, 'ms', limitMs, measured?.latency?.p95Ms ?? null);
}

export function judgeErrors(report: LoadReport, name: string, limit: number): ThresholdResult {
  const measured = report.endpoints.find(({ endpoint }) => endpoint === name);
  const ratio =
    measured === undefined || measured.requests === 0 ? null : measured.errors / measured.requests;
  return atMost(`errors of ${name}`, 'ratio', limit, ratio);
}

function judgeDispatches({ dispatches }: LoadReport, { thresholds }: Workload): ThresholdResult[] {
  const { started, failed, unfinished, timeToCompleteMs } = dispatches;
  const lost = started === 0 ? null : (failed + unfinished) / started;
  const results = [
    atMost('dispatches that failed or did not end', 'ratio', thresholds.lostDispatchRatio, lost),
  ];
  if (thresholds.dispatchP95Ms !== null) {
    results.push(
      atMost('p95 of a dispatch to its end', 'ms', thresholds.dispatchP95Ms, timeToCompleteMs?.p95Ms ?? null),
    );
  }
  return results;
}

export function atMost(
  name: string,
  unit: ThresholdResult['unit'],
  limit: number,
  measured: number | null,
): ThresholdResult {
  return { name, unit, limit, measured, passed: measured !== null && measured <= limit };
}

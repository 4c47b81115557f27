import type { ScenarioName } from '../../scenarios/traffic-plan.ts';
import { isConstantRate, WORKLOADS } from '../../scenarios/workloads.ts';
import { SEED_PASSWORD } from '../../seed/profiles.ts';
import { LOAD_GATE } from '../experiment/load-metrics.ts';
import { trafficWork } from '../experiment/traffic.ts';
import { judgeThresholds } from '../load-generators/thresholds.ts';
import { errorLimitOf, type Traffic, type TrafficRequest } from './traffic.ts';

/** A day at the dispatch office of the reference service; its dispatchers log in by themselves. */
export function referenceTraffic(request: TrafficRequest): Traffic {
  const scenario = request.scenario as ScenarioName;
  return {
    work: trafficWork({ ...request, scenario }),
    loginPassword: SEED_PASSWORD,
    logIn: async () => [],
    skipped: () => null,
    gate: () => LOAD_GATE,
    errorLimit: errorLimitOf(isConstantRate(WORKLOADS[scenario]), request.maxErrorRatio),
    judge: (report) => judgeThresholds(report, scenario),
  };
}

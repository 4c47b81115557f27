/** A schedule → the options of k6. */
import type { Options, Scenario } from 'k6/options';
import { ENDPOINTS } from '../endpoints.ts';
import { type ArrivalPlan, scenarioSeconds } from '../schedule.ts';
import type { ScenarioName } from '../traffic-plan.ts';
import { anyPlan, arrivalsOfAll, targets } from './plan.ts';

/** Long enough for a login and a list per company on a service that is busy. */
const SETUP_TIMEOUT = '120s';

export function optionsFor(scenario: ScenarioName): Options {
  if (anyPlan.scenario !== scenario) {
    throw new Error(`This is the script of "${scenario}", but the traffic plan is for "${anyPlan.scenario}"`);
  }
  return optionsOf(Object.values(ENDPOINTS).map(({ name }) => name));
}

/** @param endpoints names of the endpoints that k6 keeps metrics of */
export function optionsOf(endpoints: readonly string[]): Options {
  return {
    scenarios: Object.fromEntries(arrivalsOfAll.map((arrivals) => [arrivals.id, scenarioOf(arrivals)])),
    setupTimeout: SETUP_TIMEOUT,
    thresholds: measuredSubmetrics(endpoints),
    userAgent: 'rushhour',
    noVUConnectionReuse: false,
  };
}

function scenarioOf(arrivals: ArrivalPlan): Scenario {
  const microseconds = (seconds: number) => `${Math.round(seconds * 1e6)}us`;
  return {
    executor: 'constant-arrival-rate',
    exec: arrivals.kind,
    // One iteration per period says any rate exactly; `rate` itself must be a whole number.
    rate: 1,
    timeUnit: microseconds(arrivals.periodSeconds),
    startTime: microseconds(arrivals.startSeconds),
    duration: microseconds(scenarioSeconds(arrivals)),
    preAllocatedVUs: arrivals.virtualUsers,
    maxVUs: arrivals.virtualUsers,
    gracefulStop: microseconds(arrivals.gracefulStopSeconds),
    tags: { phase: arrivals.measured ? 'measure' : 'warm-up' },
  };
}

/**
 * Thresholds that always hold. k6 keeps a metric per tag value only where a threshold names it; run with --no-thresholds
 * none of them is evaluated, and the harness judges afterwards. Targets that share the traffic have metrics of their own.
 */
function measuredSubmetrics(endpoints: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(
    targets.flatMap(({ name: variant }) => {
      const tags = variant === null ? 'phase:measure' : `phase:measure,variant:${variant}`;
      const perEndpoint = endpoints.map((name) => [`http_req_duration{name:${name},${tags}}`, ['max>=0']]);
      return [[`http_reqs{${tags}}`, ['count>=0']], ...perEndpoint];
    }),
  );
}

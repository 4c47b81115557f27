/** The traffic plan as k6 reads it: a file named by the environment. Runs in the init context of every VU. */

import type { EndpointPlan, PairedEndpointPlan } from '../endpoint-traffic.ts';
import { interleave } from '../interleaved-arrivals.ts';
import { type ArrivalPlan, scheduleTraffic, type TrafficSchedule } from '../schedule.ts';
import type { PairedTrafficPlan, TrafficPlan } from '../traffic-plan.ts';
import { type NamedTarget, targetsOf } from '../traffic-targets.ts';

export function environment(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '') {
    throw new Error(`Expected the environment variable ${name}; \`rushhour run\` sets it`);
  }
  return value;
}

export const anyPlan = JSON.parse(open(environment('RUSHHOUR_PLAN'))) as
  | TrafficPlan
  | PairedTrafficPlan
  | EndpointPlan
  | PairedEndpointPlan;
export const targets: readonly NamedTarget[] = targetsOf(anyPlan);
/** Of each target. */
export const schedule: TrafficSchedule = scheduleTraffic(anyPlan, targets.length);
/** Of all targets together: what k6 starts. */
export const arrivalsOfAll: readonly ArrivalPlan[] = schedule.arrivals.map((arrivals) =>
  interleave(arrivals, targets.length),
);

/** The arrivals at each target that a k6 scenario stands for. */
export function arrivalsOf(scenarioId: string): ArrivalPlan {
  const found = schedule.arrivals.find(({ id }) => id === scenarioId);
  if (found === undefined) throw new Error(`The schedule has no arrivals called "${scenarioId}"`);
  return found;
}

/** The traffic plan as k6 reads it: a file named by the environment. Runs in the init context of every VU. */
import { interleave } from '../interleaved-arrivals.ts';
import { type ArrivalPlan, scheduleTraffic, type TrafficSchedule } from '../schedule.ts';
import type { PairedTrafficPlan, TrafficPlan } from '../traffic-plan.ts';
import { type NamedTarget, targetsOf } from '../traffic-targets.ts';
import { WORKLOADS, type Workload } from '../workloads.ts';

function environment(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '') {
    throw new Error(`Expected the environment variable ${name}; \`rushhour run\` sets it`);
  }
  return value;
}

export const plan = JSON.parse(open(environment('RUSHHOUR_PLAN'))) as TrafficPlan | PairedTrafficPlan;
export const workload: Workload = WORKLOADS[plan.scenario];
export const targets: readonly NamedTarget[] = targetsOf(plan);
/** Of each target. */
export const schedule: TrafficSchedule = scheduleTraffic(plan, targets.length);
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

export function loginPassword(): string {
  return environment('RUSHHOUR_LOGIN_PASSWORD');
}

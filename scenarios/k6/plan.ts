/** The traffic plan as k6 reads it: a file named by the environment. Runs in the init context of every VU. */
import { type ArrivalPlan, scheduleTraffic, type TrafficSchedule } from '../schedule.ts';
import type { TrafficPlan } from '../traffic-plan.ts';
import { WORKLOADS, type Workload } from '../workloads.ts';

function environment(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '') {
    throw new Error(`Expected the environment variable ${name}; \`rushhour run\` sets it`);
  }
  return value;
}

export const plan = JSON.parse(open(environment('RUSHHOUR_PLAN'))) as TrafficPlan;
export const workload: Workload = WORKLOADS[plan.scenario];
export const schedule: TrafficSchedule = scheduleTraffic(plan);

/** The arrivals that a k6 scenario stands for. */
export function arrivalsOf(scenarioId: string): ArrivalPlan {
  const found = schedule.arrivals.find(({ id }) => id === scenarioId);
  if (found === undefined) throw new Error(`The schedule has no arrivals called "${scenarioId}"`);
  return found;
}

export function loginPassword(): string {
  return environment('RUSHHOUR_LOGIN_PASSWORD');
}

/** The traffic plan of the reference service. */
import type { PairedTrafficPlan, TrafficPlan } from '../traffic-plan.ts';
import { WORKLOADS, type Workload } from '../workloads.ts';
import { anyPlan, environment } from './plan.ts';

export const plan = anyPlan as TrafficPlan | PairedTrafficPlan;
export const workload: Workload = WORKLOADS[plan.scenario];

export function loginPassword(): string {
  return environment('RUSHHOUR_LOGIN_PASSWORD');
}

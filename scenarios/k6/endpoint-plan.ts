/** The traffic plan of a service that is not ours, and who asks it: the plan is a file, identities come in the environment. */
import type { EndpointPlan, PairedEndpointPlan, TrafficIdentity } from '../endpoint-traffic.ts';
import { anyPlan, environment } from './plan.ts';

export const plan = anyPlan as EndpointPlan | PairedEndpointPlan;

/** By the number of the target. */
export const identities = JSON.parse(environment('RUSHHOUR_IDENTITIES')) as readonly TrafficIdentity[][];

/** The arrivals at one of several targets → those at all of them together, which is what k6 starts. Pure. */
import type { ArrivalPlan } from './schedule.ts';

/**
 * The mix takes turns: as many iterations for each target, at the rate of all of them. A company-day is dispatched on every
 * target within one iteration, one after the other, so that no two dispatches wait for each other's processor time.
 * `firstIndex` stays that of each single target.
 */
export function interleave(arrivals: ArrivalPlan, targets: number): ArrivalPlan {
  const virtualUsers = arrivals.virtualUsers * targets;
  if (arrivals.kind === 'dispatch') {
    return {
      ...arrivals,
      virtualUsers: Math.min(arrivals.arrivals, virtualUsers),
      gracefulStopSeconds: arrivals.gracefulStopSeconds * targets,
    };
  }
  return {
    ...arrivals,
    arrivals: arrivals.arrivals * targets,
    periodSeconds: arrivals.periodSeconds / targets,
    virtualUsers,
  };
}

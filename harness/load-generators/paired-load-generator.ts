/** The seam for everything that makes traffic at several services which are up at once. */

import type { PairedEndpointPlan } from '../../scenarios/endpoint-traffic.ts';
import type { PairedTrafficPlan } from '../../scenarios/traffic-plan.ts';
import { findTargetFaults } from '../../scenarios/traffic-targets.ts';
import { isConstantRate, WORKLOADS } from '../../scenarios/workloads.ts';
import { HarnessError } from '../errors.ts';
import type { LoadReport, ThresholdResult } from '../result.ts';
import type { LoadGenerator, LoadOrder } from './load-generator.ts';
import type { PairedScriptPlan } from './script-traffic.ts';

export interface PairedLoadRequest extends LoadOrder {
  readonly plan: PairedTrafficPlan | PairedEndpointPlan | PairedScriptPlan;
}

export interface PairedLoadOutcome {
  /** By the name of the target. Their raw files are the same: those of the pair. */
  readonly reports: ReadonlyMap<string, LoadReport>;
  /** CPU time of the generator, which served all targets; `null` where this platform cannot tell. */
  readonly cpuMs: number | null;
  /** By the name of the target, of a script that has its own. Default: those of the scenario are judged. */
  readonly thresholds?: ReadonlyMap<string, ThresholdResult[]>;
}

export interface PairedLoadGenerator {
  readonly name: LoadGenerator['name'];
  version(): Promise<string>;
  /** As {@link LoadGenerator.run}, with one report for each target. */
  run(request: PairedLoadRequest): Promise<PairedLoadOutcome>;
}

/** @throws HarnessError BAD_OPTION listing everything that keeps the targets from being compared under this plan */
export function checkPairedPlan(plan: PairedLoadRequest['plan']): void {
  const faults = [...findTargetFaults(plan.targets), ...findRateFaults(plan)];
  if (faults.length > 0) {
    throw new HarnessError('BAD_OPTION', `These targets cannot share traffic: ${faults.join('; ')}.`);
  }
}

function findRateFaults(plan: PairedLoadRequest['plan']): string[] {
  const { scenario } = plan;
  const queue = `the scenario "${scenario}" changes its arrival rate, and past the limit of a variant its latency is that of a queue; `;
  if ('kind' in plan) {
    return plan.kind === 'script' || plan.steps.length === 1 ? [] : [`${queue}use one with a single step`];
  }
  if (Object.hasOwn(WORKLOADS, plan.scenario) && !isConstantRate(WORKLOADS[plan.scenario])) {
    const usable = Object.values(WORKLOADS).filter(isConstantRate);
    return [`${queue}use one of ${usable.map(({ name }) => name).join(', ')}`];
  }
  return [];
}

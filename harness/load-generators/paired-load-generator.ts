/** The seam for everything that makes traffic at several services which are up at once. */

import type { PairedTrafficPlan } from '../../scenarios/traffic-plan.ts';
import { findTargetFaults } from '../../scenarios/traffic-targets.ts';
import { isConstantRate, WORKLOADS } from '../../scenarios/workloads.ts';
import { HarnessError } from '../errors.ts';
import type { LoadReport } from '../result.ts';
import type { LoadGenerator, LoadOrder } from './load-generator.ts';

export interface PairedLoadRequest extends LoadOrder {
  readonly plan: PairedTrafficPlan;
}

export interface PairedLoadOutcome {
  /** By the name of the target. Their raw files are the same: those of the pair. */
  readonly reports: ReadonlyMap<string, LoadReport>;
  /** CPU time of the generator, which served all targets; `null` where this platform cannot tell. */
  readonly cpuMs: number | null;
}

export interface PairedLoadGenerator {
  readonly name: LoadGenerator['name'];
  version(): Promise<string>;
  /** As {@link LoadGenerator.run}, with one report for each target. */
  run(request: PairedLoadRequest): Promise<PairedLoadOutcome>;
}

/** @throws HarnessError BAD_OPTION listing everything that keeps the targets from being compared under this plan */
export function checkPairedPlan({ scenario, targets }: PairedTrafficPlan): void {
  const faults = findTargetFaults(targets);
  if (Object.hasOwn(WORKLOADS, scenario) && !isConstantRate(WORKLOADS[scenario])) {
    const usable = Object.values(WORKLOADS).filter(isConstantRate);
    faults.push(
      `the scenario "${scenario}" changes its arrival rate, and past the limit of a variant its latency is that of a queue; ` +
        `use one of ${usable.map(({ name }) => name).join(', ')}`,
    );
  }
  if (faults.length > 0) {
    throw new HarnessError('BAD_OPTION', `These targets cannot share traffic: ${faults.join('; ')}.`);
  }
}

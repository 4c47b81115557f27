import type { ScenarioName } from '../../../scenarios/traffic-plan.ts';
import type { DatasetShape } from '../../../seed/profiles.ts';
import type { RunPlan } from '../../experiment/run-once.ts';
import type { LoadGenerator } from '../../load-generators/load-generator.ts';
import type { WeekContext } from './week-task.ts';

/** One variant under one scenario. */
export type PlannedRun = Pick<RunPlan, 'variant' | 'probe' | 'generators' | 'skippedLoads'>;

export interface LoadTest {
  readonly scenario: Extract<ScenarioName, 'load' | 'stress'>;
  readonly shape: DatasetShape;
  readonly durationFactor: number;
  /** One without a generator is not run. */
  readonly runs: readonly PlannedRun[];
}

type Generators = Pick<WeekContext, 'plan' | 'generators' | 'skippedLoads'>;

const PROBE = { warmUp: 1, dispatches: 1 };
const NO_PROBE = { warmUp: 0, dispatches: 0 };

/** An ordinary busy hour, before and after. */
export function loadTest({ plan, generators, skippedLoads }: Generators): LoadTest {
  const runs = ['baseline', 'optimised'].map((variant) => ({
    ...{ variant, probe: PROBE, generators, skippedLoads },
  }));
  return {
    ...{ scenario: 'load', shape: plan.shape, durationFactor: plan.load.durationFactor },
    runs,
  };
}

/** Steps past the limit and back: of the optimised service, in the full week before it of the baseline. */
export function stressTest({ plan, generators, skippedLoads }: Generators): LoadTest {
  const quick = plan.mode === 'quick';
  const stepsOnly = (reason: string) => withoutSaturation(generators, skippedLoads, reason);
  const optimised = {
    ...{ variant: 'optimised', probe: PROBE },
    ...(quick ? stepsOnly('the quick week stresses at arrival rates alone') : { generators, skippedLoads }),
  };
  // With a million past bookings one dispatch of it does not end within the minute that it is followed for.
  const baseline = {
    ...{ variant: 'baseline', probe: NO_PROBE },
    ...stepsOnly('the baseline is stressed at arrival rates alone'),
  };
  return {
    ...{ scenario: 'stress', shape: plan.stress.shape, durationFactor: plan.stress.durationFactor },
    runs: quick ? [optimised] : [baseline, optimised],
  };
}

/** Leaves out what saturates in a closed loop. */
function withoutSaturation(
  generators: readonly LoadGenerator[],
  skippedLoads: PlannedRun['skippedLoads'],
  reason: string,
): Pick<PlannedRun, 'generators' | 'skippedLoads'> {
  const isLeft = ({ name }: LoadGenerator) => name === 'autocannon';
  return {
    generators: generators.filter((generator) => !isLeft(generator)),
    skippedLoads: [
      ...skippedLoads,
      ...generators.filter(isLeft).map(({ name }) => ({ generator: name, reason })),
    ],
  };
}

import type { DatasetShape } from '../../seed/profiles.ts';
import { gatesOf } from '../config/check-nightly.ts';
import type { NightlyScenarioConfig } from '../config/rushhour-config.ts';
import { namesToChoose } from '../config/similar-name.ts';
import { HarnessError } from '../errors.ts';
import { armsOf } from '../experiment/arms.ts';
import { chooseSeed } from '../experiment/experiment-context.ts';
import { ROUND_METRICS } from '../experiment/metrics.ts';
import type { ExperimentRequest } from '../experiment/plan.ts';
import type { RoundRequest } from '../experiment/round-size.ts';
import type { LoadGenerator } from '../load-generators/load-generator.ts';
import { requireOffers, WARM_UP_DISPATCHES } from '../targets/offer.ts';
import type { Target } from '../targets/target.ts';
import { CANDIDATE, REFERENCE } from './two-commits.ts';

/** What of a scenario is measured, the same for every experiment of a night. */
export interface ScenarioPlan {
  readonly scenario: string;
  readonly mode: NonNullable<NightlyScenarioConfig['mode']>;
  readonly request: ExperimentRequest;
  readonly round: RoundRequest;
}

export interface PlanOptions {
  readonly shape: DatasetShape;
  /** Of those that are there. */
  readonly generators: readonly LoadGenerator['name'][];
  /** As `calibrate` found it; `null`: one dispatch. */
  readonly sliceSize: number | null;
}

const REPEATS = 2;
const DISPATCHES = 2;
const LOAD = { pairs: 6, durationFactor: 0.5, rateFactor: 1 } as const;

/**
 * The experiment that a scenario of a night is. Counts are always part of it; a regression of a time is confirmed.
 * @throws HarnessError BAD_CONFIG for gate metrics or a load that there are not, BAD_OPTION for too few offers
 */
export function planScenario(
  target: Target,
  scenario: string,
  config: NightlyScenarioConfig,
  { shape, generators, sliceSize }: PlanOptions,
): ScenarioPlan {
  const { mode = 'pair', pairs = null } = config;
  const randomSeed = chooseSeed();
  const factors = { durationFactor: LOAD.durationFactor, rateFactor: LOAD.rateFactor };
  if (mode === 'load')
    requireLoad(
      scenario,
      config,
      target.trafficOf({ scenario, shape, offers: [], randomSeed, ...factors })?.gate(generators) ?? [],
    );
  requireOffers('dispatches that are counted', DISPATCHES, target.expectedOffers(shape));
  return {
    scenario,
    mode,
    request: {
      target: target.name,
      scenario,
      parts: mode === 'count' ? [] : mode === 'load' ? ['pair', 'load'] : ['pair'],
      arms: armsOf([REFERENCE, CANDIDATE]),
      shape,
      randomSeed,
      countRepeats: REPEATS,
      probe: { warmUp: WARM_UP_DISPATCHES, dispatches: DISPATCHES },
      pairs,
      gate: gatesOf(config),
      ...(config.gates ? { bands: { ...config.gates } } : {}),
      load: { ...LOAD, generators: mode === 'load' ? [...generators] : [] },
      confirm: true,
    },
    round: { dispatches: null, sliceSize: sliceSize ?? 1 },
  };
}

function requireLoad(scenario: string, { gates }: NightlyScenarioConfig, ofLoad: readonly string[]): void {
  const place = `nightly.scenarios.${scenario}`;
  if (ofLoad.length === 0)
    throw new HarnessError(
      'BAD_CONFIG',
      `${place}.mode: expected a scenario with a load, got 'load' of none.`,
      {
        hint: "Say mode 'pair', or name a scenario of the config that has traffic.",
      },
    );
  const known = [...ROUND_METRICS.map(({ metric }) => metric), ...ofLoad];
  const unknown = Object.keys(gates ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new HarnessError(
      'BAD_CONFIG',
      `${place}.gates: expected names of metrics, got '${unknown}'${namesToChoose(unknown, known)}`,
    );
}

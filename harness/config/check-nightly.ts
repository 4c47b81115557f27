import { DEFAULT_GATE, ROUND_METRICS } from '../experiment/metrics.ts';
import { mismatch, type Place, type Problem } from './config-problem.ts';
import type { NightlyScenarioConfig, RushhourConfig } from './rushhour-config.ts';
import { namesToChoose } from './similar-name.ts';
import type { Partly, SoundPart } from './sound-part.ts';

const PLACE = ['nightly'] as const;

/** More metrics that decide share the chance of a false alarm so far that none can be told any more. */
export const MOST_GATES = 4;

/** The variants that can be brought up at any commit. */
export function variantsOfCommits({ variants }: Pick<SoundPart, 'variants'>): string[] {
  return Object.entries(variants ?? {}).flatMap(([name, variant]) => (variant?.source ? [name] : []));
}

/** What `nightly` says of variants, scenarios and metrics. */
export function nightlyProblems(config: SoundPart): Problem[] {
  if (config.nightly === undefined) return [];
  return [
    ...variantProblems(config, config.nightly.variant),
    ...Object.entries(config.nightly.scenarios ?? {}).flatMap(([name, scenario]) =>
      scenarioProblems(config, name, scenario),
    ),
  ];
}

function variantProblems(config: SoundPart, name: string | undefined): Problem[] {
  const place = [...PLACE, 'variant'];
  const fitting = variantsOfCommits(config);
  if (name === undefined)
    return fitting.length === 1
      ? []
      : [
          mismatch(
            place,
            'the name of the variant that is measured at both commits',
            fitting.length === 0
              ? 'nothing, and no variant has a `source`'
              : `nothing, and ${fitting.map((each) => `'${each}'`).join(', ')} have a \`source\``,
          ),
        ];
  const variants = Object.keys(config.variants ?? {});
  if (!variants.includes(name))
    return [mismatch(place, 'the name of a variant', `'${name}'${namesToChoose(name, variants)}`)];
  return fitting.includes(name)
    ? []
    : [mismatch(place, 'a variant with a `source`, which names its repository', `'${name}' without one`)];
}

/** Of a config without scenarios, and beside them: dispatches alone. */
const DISPATCHES_ALONE = 'dispatch';

function scenarioProblems(
  { scenarios }: SoundPart,
  name: string,
  scenario: Partly<NightlyScenarioConfig> | undefined,
): Problem[] {
  const place = [...PLACE, 'scenarios', name];
  const known = [...new Set([...Object.keys(scenarios ?? {}), DISPATCHES_ALONE])];
  return [
    ...(known.includes(name)
      ? []
      : [mismatch(place, 'the name of a scenario', `'${name}'${namesToChoose(name, known)}`)]),
    ...gateProblems([...place, 'gates'], scenario),
  ];
}

function gateProblems(place: Place, scenario: Partly<NightlyScenarioConfig> | undefined): Problem[] {
  if (scenario?.gates === undefined) return [];
  if (scenario.mode === 'count')
    return [mismatch(place, "times to decide by mode 'pair' or 'load'", "mode 'count', which times nothing")];
  const names = Object.keys(scenario.gates);
  if (names.length === 0 || names.length > MOST_GATES)
    return [mismatch(place, `1 to ${MOST_GATES} metrics`, `${names.length}`)];
  // Those of a load are named after its endpoints: they are known once its traffic is planned.
  if (scenario.mode === 'load') return [];
  const known = ROUND_METRICS.map(({ metric }) => metric);
  return names
    .filter((name) => !known.includes(name))
    .map((name) =>
      mismatch([...place, name], 'the name of a metric', `'${name}'${namesToChoose(name, known)}`),
    );
}

/** The scenario that a night measures when its config names none: the first, with its defaults. */
export function nightlyScenarios(
  { scenarios }: Pick<RushhourConfig, 'scenarios'>,
  nightly: RushhourConfig['nightly'],
): [string, NightlyScenarioConfig][] {
  const named = Object.entries(nightly?.scenarios ?? {});
  return named.length > 0 ? named : [[Object.keys(scenarios ?? {})[0] ?? DISPATCHES_ALONE, {}]];
}

/** Metrics that decide, in the order of the config. */
export function gatesOf({ gates }: NightlyScenarioConfig): string[] {
  return Object.keys(gates ?? {}).length > 0 ? Object.keys(gates ?? {}) : [...DEFAULT_GATE];
}

import type { ScenarioConfig } from '../config/rushhour-config.ts';
import { findK6, missingK6Error } from '../load-generators/k6-binary.ts';
import { countOf, formatRate } from '../quantity.ts';
import { configuredTraffic } from '../targets/configured-traffic.ts';
import type { Offer } from '../targets/offer.ts';
import type { CheckContext } from './check-context.ts';
import { type Found, given, type Tried } from './parts.ts';

type VisitScenario = Exclude<ScenarioConfig, { readonly k6: string }>;

/** What scenarios plan, and whether the generator they need is there. */
export async function tryScenarios(
  { parts, loaded, shape, signal }: CheckContext,
  offers: Tried<readonly Offer[]>,
): Promise<void> {
  const scenarios = Object.entries(loaded.config.scenarios ?? {});
  if (scenarios.length === 0) return;
  const k6 = await parts.try(
    { name: 'k6', label: 'k6', remedy: 'Run `rushhour doctor --fix`, or name one with K6_PATH.' },
    [],
    () =>
      k6Found(
        scenarios.some(([, scenario]) => 'k6' in scenario),
        signal,
      ),
  );
  for (const [name, scenario] of scenarios) {
    const part = {
      name: `scenario ${name}`,
      label: `scenario ${name}`,
      remedy: `Correct scenarios.${name}.`,
    };
    await parts.try(part, 'k6' in scenario ? [k6] : [], async () => {
      const traffic = configuredTraffic(loaded, {
        ...{ scenario: name, shape, offers: offers.works ? given(offers) : [] },
        ...{ durationFactor: 1, rateFactor: 1, randomSeed: shape.randomSeed },
      });
      const idle = traffic?.skipped('autocannon') ?? null;
      return {
        value: null,
        detail: [
          scenarioText(scenario),
          ...(k6.works && given(k6) ? [] : ['without k6']),
          ...(idle === null ? [] : [`without autocannon: ${idle}`]),
        ].join('; '),
        ...tooFewOffers(scenario, offers),
      };
    });
  }
}

/** Traffic of visits can do without; a script of one's own cannot. */
async function k6Found(isNeeded: boolean, signal: AbortSignal): Promise<Found<boolean>> {
  const found = await findK6({ signal });
  if (found.found) return { value: true, detail: `${found.version} (${found.source})` };
  const { message, hint = '' } = missingK6Error(found);
  return { value: false, status: isNeeded ? 'problem' : 'warning', detail: message, remedy: hint };
}

/** Every dispatch takes an offer of its own. */
function tooFewOffers(
  scenario: ScenarioConfig,
  offers: Tried<readonly Offer[]>,
): Pick<Found<unknown>, 'status' | 'remedy'> {
  const needed = dispatchesOf(scenario);
  if (!offers.works || needed <= given(offers).length) return {};
  return {
    status: 'warning',
    remedy: `It dispatches ${countOf(needed, 'offer')}, and there are ${given(offers).length}: raise --companies or --days, or dispatchEverySeconds.`,
  };
}

function dispatchesOf(scenario: ScenarioConfig): number {
  if ('k6' in scenario || scenario.dispatchEverySeconds === undefined) return 0;
  return Math.floor(secondsOf(scenario) / scenario.dispatchEverySeconds);
}

function secondsOf({ steps, warmUpSeconds = 2 }: VisitScenario): number {
  return steps.reduce((sum, step) => sum + step.seconds, warmUpSeconds);
}

function scenarioText(scenario: ScenarioConfig): string {
  if ('k6' in scenario) return `runs ${scenario.k6} as it is`;
  const { mix, steps, dispatchEverySeconds } = scenario;
  const rates = steps.map(({ ratePerSecond }) => ratePerSecond);
  const seconds = secondsOf(scenario);
  const visits = Math.round(steps.reduce((sum, step) => sum + step.ratePerSecond * step.seconds, 0));
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  const range = least === most ? formatRate(most) : `${formatRate(least)} to ${formatRate(most)}`;
  const endpoints = new Set(mix.flatMap(({ visit }) => visit)).size;
  return [
    `${countOf(visits, 'visit')} at ${range}, ${seconds} s with the warm-up`,
    `${countOf(mix.length, 'kind')} of visit to ${countOf(endpoints, 'endpoint')}`,
    ...(dispatchEverySeconds === undefined
      ? []
      : [`a dispatch every ${dispatchEverySeconds} s, ${countOf(dispatchesOf(scenario), 'offer')} in all`]),
  ].join('; ');
}

/** The variants of the optimisation week, by what they switch on. */
export async function tryWeek({ parts, loaded }: CheckContext): Promise<void> {
  const { week } = loaded.config;
  if (!week) return;
  const steps = ['baseline', 'indexes', 'bulkApply', 'optimised'] as const;
  await parts.try({ name: 'week', label: 'week', remedy: 'Correct `week`.' }, [], async () => {
    const named = steps.flatMap((step) => (week[step] ? [`${step} is ${week[step]}`] : []));
    const left = steps.filter((step) => !week[step]);
    const leftOut = left.length > 0 ? `; left out: ${left.join(', ')}` : '';
    return { value: null, detail: `${named.join(', ')}${leftOut}` };
  });
}

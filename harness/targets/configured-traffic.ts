import path from 'node:path';
import {
  type DispatchRequests,
  type EndpointTraffic,
  PAGE_SIZE,
  peakRequestsPerSecond,
  saturableEndpoints,
  type TrafficEndpoint,
} from '../../scenarios/endpoint-traffic.ts';
import { methodOf, placeholdersOf } from '../../scenarios/request-template.ts';
import { scheduleTraffic } from '../../scenarios/schedule.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type {
  EndpointConfig,
  RequestConfig,
  RushhourConfig,
  ScenarioConfig,
  Values,
} from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { capacityName, DISPATCH_UNDER_LOAD, latencyName, SCRIPT_P50 } from '../experiment/load-metrics.ts';
import { judgeConfigured } from '../load-generators/configured-thresholds.ts';
import type { Offer } from './offer.ts';
import { errorLimitOf, type Traffic, type TrafficRequest } from './traffic.ts';
import { logInForTraffic } from './traffic-identities.ts';

type MixScenario = Extract<ScenarioConfig, { readonly mix: unknown }>;

const MOST_ACCOUNTS = 5;
const MOST_OFFERS = 2_000;

/**
 * The traffic of a scenario of the config; `null` for one that has none beside its dispatches.
 * @throws HarnessError BAD_CONFIG when it asks more of the service than the config says it takes
 */
export function configuredTraffic(loaded: LoadedConfig, request: TrafficRequest): Traffic | null {
  const scenario = loaded.config.scenarios?.[request.scenario];
  if (scenario === undefined) return null;
  return 'k6' in scenario
    ? scriptTraffic(loaded, request, scenario)
    : endpointTraffic(loaded, request, scenario);
}

function scriptTraffic(
  loaded: LoadedConfig,
  { scenario, randomSeed, offers, maxErrorRatio }: TrafficRequest,
  { k6, environment = {}, maxErrorRatio: configured }: Extract<ScenarioConfig, { readonly k6: unknown }>,
): Traffic {
  const file = path.resolve(loaded.folder, k6);
  return {
    work: { kind: 'script', scenario, file, environment, randomSeed },
    loginPassword: '',
    logIn: (place, signal) => logInForTraffic(loaded, place, offers.slice(0, 1), signal),
    skipped: (generator) =>
      generator === 'autocannon' ? 'the scenario is a script, which k6 alone runs' : null,
    // What a script does to the rate is known to the script alone.
    errorLimit: errorLimitOf(true, maxErrorRatio ?? configured),
    judge: () => [],
    gate: () => [SCRIPT_P50],
  };
}

function endpointTraffic(loaded: LoadedConfig, request: TrafficRequest, scenario: MixScenario): Traffic {
  const { config } = loaded;
  const { work, askers } = planEndpoints(config, request, scenario);
  refuseTooMuch(config, request, work);
  return {
    work,
    loginPassword: '',
    logIn: (place, signal) => logInForTraffic(loaded, place, askers, signal),
    skipped: (generator) => (generator === 'autocannon' ? whyNothingToSaturate(config, work) : null),
    errorLimit: errorLimitOf(scenario.steps.length === 1, request.maxErrorRatio ?? scenario.maxErrorRatio),
    judge: (report) => judgeConfigured(report, work, scenario.thresholds ?? {}),
    gate: (generators) => gateOf(config, work, generators),
  };
}

/** The first endpoint of the mix, what can be saturated of it, and dispatches where they are followed. */
function gateOf(
  config: RushhourConfig,
  work: EndpointTraffic,
  generators: readonly string[],
): readonly string[] {
  const first = work.endpoints[work.visits[0]?.endpoints[0] ?? '']?.name;
  const [saturated] = saturableEndpoints(work);
  const open = [
    ...(first === undefined ? [] : [latencyName(first, 'p50')]),
    ...(work.dispatch?.complete ? [DISPATCH_UNDER_LOAD] : []),
  ];
  const saturates = generators.includes('autocannon') && whyNothingToSaturate(config, work) === null;
  return [
    ...(generators.includes('k6') ? open : []),
    ...(saturates && saturated ? [capacityName(saturated[1].name)] : []),
  ];
}

/** What autocannon would ask as often as it can. */
function whyNothingToSaturate({ service }: RushhourConfig, work: EndpointTraffic): string | null {
  if (service.requestsPerSecond !== undefined)
    return `the service takes ${service.requestsPerSecond} requests a second (service.requestsPerSecond): there is nothing to saturate`;
  return saturableEndpoints(work).length > 0
    ? null
    : 'the mix has no GET that can be asked without an earlier answer';
}

function refuseTooMuch({ service }: RushhourConfig, request: TrafficRequest, work: EndpointTraffic): void {
  const limit = service.requestsPerSecond;
  const planned = peakRequestsPerSecond(work);
  if (limit === undefined || planned <= limit) return;
  throw new HarnessError(
    'BAD_CONFIG',
    `scenarios.${request.scenario}: expected at most ${limit} requests a second (service.requestsPerSecond), got up to ${planned.toFixed(1)}${request.rateFactor === 1 ? '' : ` with --rate-factor ${request.rateFactor}`}.`,
    {
      hint: 'Lower ratePerSecond of its steps: it counts visits, and each sends a request for every endpoint in it.',
    },
  );
}

/**
 * The plan of a scenario, and for each of its identities an offer whose account it is. Everybody who is needed for a dispatch asks, and
 * others up to five: services limit logins.
 */
export function planEndpoints(
  config: RushhourConfig,
  { scenario: name, offers, ...request }: TrafficRequest,
  scenario: MixScenario,
): { readonly work: EndpointTraffic; readonly askers: readonly Offer[] } {
  const named = Object.entries(config.endpoints ?? {});
  const dispatch =
    scenario.dispatchEverySeconds === undefined
      ? null
      : dispatchRequests(config, name, scenario.dispatchEverySeconds);
  const taken = [
    ...named.map(([, endpoint]) => routeOf(endpoint)),
    ...(dispatch ? [dispatch.start.name] : []),
  ];
  const endpoints = Object.fromEntries(
    named.map(([key, endpoint]) => {
      const route = routeOf(endpoint);
      const isAlone = taken.filter((other) => other === route).length === 1;
      return [key, endpointOf(endpoint, isAlone ? route : `${route} [${key}]`)] as const;
    }),
  );
  const work: Omit<EndpointTraffic, 'offers' | 'identityOf'> = {
    kind: 'endpoints',
    scenario: name,
    ...{
      randomSeed: request.randomSeed,
      durationFactor: request.durationFactor,
      rateFactor: request.rateFactor,
    },
    endpoints,
    visits: scenario.mix.map(({ weight, visit }) => ({ weight, endpoints: visit })),
    steps: scenario.steps.map((step, index) => ({ ...step, name: step.name ?? `step ${index + 1}` })),
    warmUpSeconds: scenario.warmUpSeconds ?? 2,
    requestTimeoutSeconds: config.service.requestTimeoutSeconds ?? 30,
    dispatch,
  };
  const chosen = chooseOffers(
    config,
    offers,
    dispatchesIn({ ...work, offers: valuesOf(offers), identityOf: [] }),
  );
  const asked = askedValues(work);
  return {
    work: {
      ...work,
      offers: chosen.offers.map(({ values }) => pick(values, asked)),
      identityOf: chosen.identityOf,
    },
    askers: chosen.askers,
  };
}

const valuesOf = (offers: readonly Offer[]) => offers.map(({ values }) => values);

function dispatchesIn(work: EndpointTraffic): number {
  return scheduleTraffic(work)
    .arrivals.filter(({ kind }) => kind === 'dispatch')
    .reduce((sum, { arrivals }) => sum + arrivals, 0);
}

function chooseOffers(config: RushhourConfig, offers: readonly Offer[], dispatched: number) {
  const askers: Offer[] = [];
  const numbers = new Map<string, number>();
  const chosen: Offer[] = [];
  const identityOf: number[] = [];
  for (const [index, offer] of offers.entries()) {
    if (index >= Math.max(dispatched, MOST_OFFERS)) break;
    const key = accountKey(config, offer);
    let number = numbers.get(key);
    if (number === undefined) {
      if (index >= dispatched && askers.length >= MOST_ACCOUNTS) continue;
      number = askers.push(offer) - 1;
      numbers.set(key, number);
    }
    chosen.push(offer);
    identityOf.push(number);
  }
  return { offers: chosen, identityOf, askers };
}

/** Equal for offers that one account asks about. */
function accountKey({ login }: RushhourConfig, { values }: Offer): string {
  const column = login && login.kind !== 'header' ? login.accountOf : undefined;
  return column === undefined ? '' : String(values[column]);
}

function dispatchRequests(config: RushhourConfig, name: string, everySeconds: number): DispatchRequests {
  const { request, extract, complete, timeoutSeconds = 300, pauseMs = 0 } = config.dispatch;
  if (everySeconds * 1000 < pauseMs) {
    throw new HarnessError(
      'BAD_CONFIG',
      `scenarios.${name}.dispatchEverySeconds: expected at least ${pauseMs / 1000}, the pause between dispatches (dispatch.pauseMs), got ${everySeconds}.`,
      { hint: 'Raise it: the service merges or refuses dispatches that follow too quickly.' },
    );
  }
  const asPost: RequestConfig = { method: 'POST', ...request };
  return {
    everySeconds,
    timeoutSeconds,
    start: endpointOf({ ...asPost, ...(extract ? { extract } : {}) }, routeOf(asPost)),
    complete:
      complete.by === 'response'
        ? { by: 'response' }
        : complete.by === 'poll'
          ? {
              by: 'poll',
              ask: endpointOf(complete.request, routeOf(complete.request)),
              state: complete.state,
              done: complete.done,
              failed: complete.failed ?? [],
              everyMs: complete.everyMs ?? 50,
            }
          : null,
  };
}

/** Method and path without its query. Commas would end a cell of the samples. */
function routeOf(request: RequestConfig): string {
  return `${methodOf(request)} ${(request.path.split('?')[0] ?? '').replaceAll(',', '%2C')}`;
}

function endpointOf(config: EndpointConfig, name: string): TrafficEndpoint {
  const { method, path: where, headers, body, form, page } = config;
  const request = {
    path: where,
    ...(method && { method }),
    ...(headers && { headers }),
    ...(form && { form }),
  };
  return {
    name,
    request: body === undefined ? request : { ...request, body },
    expect: config.expect ?? [],
    extract: config.extract ?? {},
    ...(page ? { page: { [page.size]: PAGE_SIZE } } : {}),
  };
}

/** Names that requests ask for: what nobody asks for has no place in a plan that is written down. */
function askedValues({ endpoints, dispatch }: Pick<EndpointTraffic, 'endpoints' | 'dispatch'>): Set<string> {
  const requests = [
    ...Object.values(endpoints),
    ...(dispatch === null ? [] : [dispatch.start]),
    ...(dispatch?.complete?.by === 'poll' ? [dispatch.complete.ask] : []),
  ];
  return new Set(requests.flatMap(({ request }) => placeholdersOf(request)));
}

function pick(values: Values, names: ReadonlySet<string>): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

/** Traffic at the endpoints of a service that is not ours: what the harness hands to every load generator, as JSON. Pure. */
import type { RequestTemplate, TemplateValue, TemplateValues } from './request-template.ts';
import { placeholdersOf } from './request-template.ts';
import { chooseFrom } from './traffic-choices.ts';
import type { TrafficTarget } from './traffic-plan.ts';

/** What is asked of a service: everything but where it is, and but tokens and whatever else identifies who asks. */
export interface EndpointTraffic {
  readonly kind: 'endpoints';
  /** As the config names it. */
  readonly scenario: string;
  /** Chooses offers and the order of turns; equal seeds give equal requests in every variant. */
  readonly randomSeed: number;
  /** Multiplies every duration; 1 = as written. */
  readonly durationFactor: number;
  /** Multiplies every arrival rate; 1 = as written. */
  readonly rateFactor: number;
  /** By the name that visits use. */
  readonly endpoints: Readonly<Record<string, TrafficEndpoint>>;
  /** Weights are whole numbers. */
  readonly visits: readonly { readonly weight: number; readonly endpoints: readonly string[] }[];
  /** Visits a second. */
  readonly steps: readonly {
    readonly name: string;
    readonly ratePerSecond: number;
    readonly seconds: number;
  }[];
  readonly warmUpSeconds: number;
  readonly requestTimeoutSeconds: number;
  readonly dispatch: DispatchRequests | null;
  /** Dispatched in this order, each once. A visit is about any of them. Only what the requests ask for. */
  readonly offers: readonly TemplateValues[];
  /** For each offer, the number of who asks about it. */
  readonly identityOf: readonly number[];
}

export interface TrafficEndpoint {
  /** Method and path without query, unique. The tag of its requests in every result. */
  readonly name: string;
  readonly request: RequestTemplate;
  /** Statuses that are right; empty for every 2xx. */
  readonly expect: readonly number[];
  /** Names for values of the answer, by path. */
  readonly extract: Readonly<Record<string, string>>;
  /** The length that it asks for, where it is a list of any length. */
  readonly page?: TemplateValues;
}

/** Starts of dispatches, and how their end is seen from outside. */
export interface DispatchRequests {
  readonly everySeconds: number;
  readonly timeoutSeconds: number;
  readonly start: TrafficEndpoint;
  /** `null` where only the database tells: then dispatches are started, and not followed. */
  readonly complete:
    | { readonly by: 'response' }
    | {
        readonly by: 'poll';
        readonly ask: TrafficEndpoint;
        /** Path to what tells the state. */
        readonly state: string;
        readonly done: readonly TemplateValue[];
        readonly failed: readonly TemplateValue[];
        readonly everyMs: number;
      }
    | null;
}

/** The work for one service. */
export interface EndpointPlan extends EndpointTraffic {
  /** Origin of the service, without a trailing slash. */
  readonly baseUrl: string;
}

/** The same work for several services that are up at once and get it in turns. */
export interface PairedEndpointPlan extends EndpointTraffic {
  readonly targets: readonly TrafficTarget[];
}

/** Who asks: all of it may be secret, so it travels in the environment alone. */
export interface TrafficIdentity {
  readonly headers: Readonly<Record<string, string>>;
  readonly values: TemplateValues;
}

/** Lists are asked for at this length, as a screen shows them. */
export const PAGE_SIZE = 20;

/** What a request is filled with, unless an earlier answer says otherwise. */
export interface Asking {
  readonly identity: TrafficIdentity;
  readonly values: TemplateValues;
}

const PURPOSE_OF_OFFER = 8;

/** Who asks in visit or request `index` of a run, and about what. */
export function askingAt(
  traffic: EndpointTraffic,
  identities: readonly TrafficIdentity[],
  index: number,
): Asking {
  const numbers = traffic.offers.map((_, number) => number);
  const offer = numbers.length === 0 ? 0 : chooseFrom(numbers, traffic.randomSeed, index, PURPOSE_OF_OFFER);
  return askingAbout(traffic, identities, offer);
}

/** Who asks about offer number `offer`. Where there are no offers, the first identity asks about nothing. */
export function askingAbout(
  { offers, identityOf }: EndpointTraffic,
  identities: readonly TrafficIdentity[],
  offer: number,
): Asking {
  const identity = identities[identityOf[offer] ?? 0];
  if (identity === undefined) throw new RangeError(`Expected an identity for offer ${offer + 1}, got none`);
  return { identity, values: { ...identity.values, ...offers[offer] } };
}

export function isExpected({ expect }: TrafficEndpoint, status: number): boolean {
  return expect.length === 0 ? status >= 200 && status < 300 : expect.includes(status);
}

/** Endpoints that a visit of the mix asks, each once, in the order of the config. */
export function visitedEndpoints({ endpoints, visits }: EndpointTraffic): [string, TrafficEndpoint][] {
  const visited = new Set(visits.flatMap((visit) => visit.endpoints));
  return Object.entries(endpoints).filter(([key]) => visited.has(key));
}

/**
 * Endpoints that can be asked over and over without a change and without an earlier answer: GET, with placeholders of `known`
 * values alone.
 */
export function saturableEndpoints(traffic: EndpointTraffic): [string, TrafficEndpoint][] {
  const extracted = new Set(Object.values(traffic.endpoints).flatMap(({ extract }) => Object.keys(extract)));
  const offered = new Set(traffic.offers.flatMap((offer) => Object.keys(offer)));
  return visitedEndpoints(traffic).filter(
    ([, { request }]) =>
      (request.method ?? 'GET') === 'GET' &&
      request.body === undefined &&
      request.form === undefined &&
      placeholdersOf(request).every((name) => offered.has(name) || !extracted.has(name)),
  );
}

/** Names of everything that results tell apart: what is visited, and what a dispatch asks. */
export function namesInResults(traffic: EndpointTraffic): string[] {
  const names = visitedEndpoints(traffic).map(([, { name }]) => name);
  return traffic.dispatch === null ? names : [...new Set([...names, traffic.dispatch.start.name])];
}

/** Requests a second at one service when the traffic is at its highest. */
export function peakRequestsPerSecond({ visits, steps, rateFactor, dispatch }: EndpointTraffic): number {
  const total = visits.reduce((sum, { weight }) => sum + weight, 0);
  const perVisit = visits.reduce((sum, { weight, endpoints }) => sum + weight * endpoints.length, 0) / total;
  const highest = Math.max(...steps.map(({ ratePerSecond }) => ratePerSecond));
  const polls = dispatch?.complete?.by === 'poll' ? 1000 / dispatch.complete.everyMs : 0;
  return (
    highest * rateFactor * perVisit + (dispatch === null ? 0 : rateFactor / dispatch.everySeconds + polls)
  );
}

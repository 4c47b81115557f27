import { mismatch, type Place, type Problem } from './config-problem.ts';
import type { RequestConfig } from './rushhour-config.ts';
import { namesToChoose } from './similar-name.ts';
import type { Partly, SoundPart } from './sound-part.ts';

/** A request and where it stands. */
export interface PlacedRequest {
  readonly place: Place;
  readonly request: Partly<RequestConfig>;
}

/** What requests and scenarios say of themselves, and of endpoints. */
export function trafficProblems(config: SoundPart): Problem[] {
  return [
    ...requestsOf(config).flatMap(({ place, request }) => bodyProblems(place, request)),
    ...scenarioProblems(config),
  ];
}

/** Every request of a config. */
export function requestsOf(config: SoundPart): PlacedRequest[] {
  const { service, login, dispatch, outcome, endpoints } = config;
  const complete = dispatch?.complete;
  const all: [Place, Partly<RequestConfig> | undefined][] = [
    ...listed(['service', 'warmUp'], service?.warmUp),
    [['login', 'request'], login && 'request' in login ? login.request : undefined],
    [['dispatch', 'request'], dispatch?.request],
    [
      ['dispatch', 'complete', 'request'],
      complete?.by === 'poll' && 'request' in complete ? complete.request : undefined,
    ],
    ...listed(['outcome', 'answers'], outcome?.answers),
    ...Object.entries(endpoints ?? {}).map(([name, endpoint]): [Place, Partly<RequestConfig> | undefined] => [
      ['endpoints', name],
      endpoint,
    ]),
  ];
  return all.flatMap(([place, request]) => (request === undefined ? [] : [{ place, request }]));
}

function listed(
  list: Place,
  requests: readonly (Partly<RequestConfig> | undefined)[] | undefined,
): [Place, Partly<RequestConfig> | undefined][] {
  return (requests ?? []).map((request, position) => [[...list, position], request]);
}

function bodyProblems(place: Place, { method, body, form }: Partly<RequestConfig>): Problem[] {
  if (body !== undefined && form !== undefined) return [mismatch(place, 'one of body and form', 'both')];
  const sent = body !== undefined ? 'body' : 'form';
  if (method === 'GET' && (body !== undefined || form !== undefined))
    return [mismatch([...place, 'method'], `a method that can have a ${sent}`, "'GET'")];
  return [];
}

function scenarioProblems({ scenarios, endpoints }: SoundPart): Problem[] {
  const names = Object.keys(endpoints ?? {});
  const unknown = (place: Place, name: string): Problem[] =>
    names.includes(name)
      ? []
      : [
          mismatch(
            place,
            'the name of an endpoint',
            `'${name}'${namesToChoose(name, names) || '; there are no endpoints'}`,
          ),
        ];
  return Object.entries(scenarios ?? {}).flatMap(([scenarioName, scenario]) => {
    const place = ['scenarios', scenarioName];
    if (!scenario || !('mix' in scenario)) return [];
    if ('k6' in scenario) return [mismatch(place, 'one of mix and k6', 'both')];
    const visits = (scenario.mix ?? []).flatMap((entry, position) =>
      (entry?.visit ?? []).flatMap((name, step) =>
        name === undefined ? [] : unknown([...place, 'mix', position, 'visit', step], name),
      ),
    );
    const visited = (scenario.mix ?? []).flatMap((entry) => entry?.visit ?? []);
    const limits = Object.keys(scenario.thresholds?.p95Ms ?? {}).flatMap((name) => {
      const limit = [...place, 'thresholds', 'p95Ms', name];
      if (name === 'dispatch') return [];
      if (!names.includes(name)) return unknown(limit, name);
      return visited.includes(name)
        ? []
        : [mismatch(limit, 'an endpoint that this scenario visits', `'${name}', which it does not`)];
    });
    return [...visits, ...limits];
  });
}

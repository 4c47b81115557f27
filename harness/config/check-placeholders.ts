import { literalColumns } from './check-data.ts';
import { type PlacedCommand, placedCommands } from './config-commands.ts';
import { mismatch, type Place, type Problem } from './config-problem.ts';
import type { EndpointConfig, RequestConfig } from './rushhour-config.ts';
import { isObject } from './schema-words.ts';
import { namesToChoose } from './similar-name.ts';
import type { Partly, SoundPart } from './sound-part.ts';

/** Names that have a value; `undefined` where a query decides which. */
type Known = readonly string[] | undefined;
type Endpoint = Partly<EndpointConfig>;

/** Placeholders that nothing gives a value to, and secrets where everybody can read them. Parameters of SQL are seen only when it runs. */
export function placeholderProblems(config: SoundPart): Problem[] {
  return [
    ...requestProblems(config),
    ...endpointProblems(config),
    ...placedCommands(config).flatMap(commandProblems),
  ];
}

/** Names within braces, as `fillText` takes them: braces that hold anything else are left alone. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(/\{([\p{L}_][\p{L}\p{N}_]*)\}/gu)].map(([, name = '']) => name);
}

function requestProblems(config: SoundPart): Problem[] {
  const { service, login, dispatch, outcome } = config;
  const columns = columnsOf(config);
  const loginRequest = login && 'request' in login ? login.request : undefined;
  const complete = dispatch?.complete;
  const poll = complete?.by === 'poll' && 'request' in complete ? complete.request : undefined;
  return [
    ...eachUnknown(['service', 'warmUp'], service?.warmUp, ['variant'], 'a placeholder that a warm-up gets'),
    ...unknownIn(['login', 'request'], loginRequest, accountColumns(config)),
    ...unknownIn(['dispatch', 'request'], dispatch?.request, columns),
    ...unknownIn(
      ['dispatch', 'complete', 'request'],
      poll,
      and(columns, Object.keys(dispatch?.extract ?? {})),
    ),
    ...eachUnknown(['outcome', 'answers'], outcome?.answers, columns),
  ];
}

/** Of an endpoint that is visited, what is known before it; of any other, whatever some endpoint extracts. */
function endpointProblems(config: SoundPart): Problem[] {
  const { endpoints = {}, scenarios = {} } = config;
  const columns = columnsOf(config);
  const problems: Problem[] = [];
  const visited = new Set<string>();
  for (const scenario of Object.values(scenarios)) {
    for (const entry of (scenario && 'mix' in scenario && scenario.mix) || []) {
      let known = columns;
      for (const name of entry?.visit ?? []) {
        const endpoint = name === undefined ? undefined : endpoints[name];
        if (name === undefined || !endpoint) continue;
        visited.add(name);
        problems.push(...unknownOfEndpoint(name, endpoint, known));
        known = and(known, Object.keys(endpoint.extract ?? {}));
      }
    }
  }
  const extracted = Object.values(endpoints).flatMap((endpoint) => Object.keys(endpoint?.extract ?? {}));
  for (const [name, endpoint] of Object.entries(endpoints)) {
    if (!endpoint) continue;
    if (!visited.has(name)) problems.push(...unknownOfEndpoint(name, endpoint, and(columns, extracted)));
    const size = endpoint.page?.size;
    if (size !== undefined && !textsOf([], endpoint).some(({ text }) => placeholdersIn(text).includes(size)))
      problems.push(
        mismatch(
          ['endpoints', name, 'page', 'size'],
          'a placeholder of this request',
          `'${size}', which it does not hold`,
        ),
      );
  }
  return distinct(problems);
}

function unknownOfEndpoint(name: string, endpoint: Endpoint, known: Known): Problem[] {
  const size = endpoint.page?.size;
  return unknownIn(['endpoints', name], endpoint, size === undefined ? known : and(known, [size]));
}

/** Columns of the offers and of the accounts. */
function columnsOf(config: SoundPart): Known {
  return and(literalColumns(config.dispatch?.offers), accountColumns(config));
}

function accountColumns(config: SoundPart): Known {
  if (!('login' in config) || config.login?.kind === 'header') return [];
  return config.login && 'accounts' in config.login ? literalColumns(config.login.accounts) : undefined;
}

function and(known: Known, more: Known): Known {
  return known && more && [...known, ...more];
}

function eachUnknown(
  list: Place,
  requests: readonly (Partly<RequestConfig> | undefined)[] | undefined,
  known: Known,
  expected?: string,
): Problem[] {
  return (requests ?? []).flatMap((request, position) =>
    unknownIn([...list, position], request, known, expected),
  );
}

function unknownIn(
  place: Place,
  request: Partly<RequestConfig> | undefined,
  known: Known,
  expected = 'a placeholder that offers, accounts or an extract give',
): Problem[] {
  if (!request || !known) return [];
  return textsOf(place, request).flatMap((placed) => unknownPlaceholders(placed, known, expected));
}

interface PlacedText {
  readonly place: Place;
  readonly text: string;
}

function textsOf(place: Place, { path, headers, body, form }: Partly<RequestConfig>): PlacedText[] {
  return [
    ...textsIn(path, [...place, 'path']),
    ...textsIn(headers, [...place, 'headers']),
    ...textsIn(body, [...place, 'body']),
    ...textsIn(form, [...place, 'form']),
  ];
}

function textsIn(value: unknown, place: Place): PlacedText[] {
  if (typeof value === 'string') return [{ place, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, position) => textsIn(item, [...place, position]));
  return isObject(value)
    ? Object.entries(value).flatMap(([name, member]) => textsIn(member, [...place, name]))
    : [];
}

function unknownPlaceholders(
  { place, text }: PlacedText,
  known: readonly string[],
  expected: string,
): Problem[] {
  return [...new Set(placeholdersIn(text))]
    .filter((name) => !known.includes(name))
    .map((name) => mismatch(place, expected, `{${name}}${namesToChoose(name, [...new Set(known)])}`));
}

/** Of these, an argument would be readable by every user of the machine, in the list of processes. */
const SECRETS = ['databaseUrl', 'databasePassword', 'secret'];

function commandProblems({ place, command, known }: PlacedCommand): Problem[] {
  const secrets = (command.command ?? []).flatMap((text, position) =>
    placeholdersIn(text ?? '')
      .filter((name) => SECRETS.includes(name))
      .map((name) => ({
        place: [...place, 'command', position],
        text: `refused: {${name}} is a secret, and every user of a machine can read the arguments of its programs; give it in environment`,
      })),
  );
  const unknown = (member: 'command' | 'environment', allowed: readonly string[]) =>
    textsIn(command[member], [...place, member]).flatMap((placed) =>
      unknownPlaceholders(placed, allowed, 'a placeholder that this program gets'),
    );
  return [...secrets, ...unknown('command', [...known, ...SECRETS]), ...unknown('environment', known)];
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

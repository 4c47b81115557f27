import type { AccountsConfig, LoginConfig, Values } from '../../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../../errors.ts';
import { rememberSecret } from '../../secrets.ts';
import type { Offer } from '../offer.ts';
import { fillRequest, valueAt } from '../placeholders.ts';
import type { Logins } from '../target.ts';
import type { Oddities } from './oddities.ts';
import { pause } from './pause.ts';
import { type PacedService, TOO_MANY_REQUESTS } from './rate-limit.ts';
import { excerpt, secretsOf } from './secrets.ts';
import { type Exchange, LostAnswer } from './service-connection.ts';

/** Who asks, and the headers that say so. All of them are secrets. */
export interface Identity {
  readonly account: Values;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoginDesk {
  /** Of the account that dispatches this offer; it logs in unless it has done so at a service with the same secret. */
  identityFor(offer: Offer): Promise<Identity>;
  /** Logs in again: what it was given is refused. `false` where there is no login to repeat. */
  renew(offer: Offer): Promise<boolean>;
}

export interface LoginOptions {
  readonly login: LoginConfig | undefined;
  readonly service: PacedService;
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** Asked once, and only where accounts come from a query. */
  readonly queryAccounts: (accounts: { readonly sql: AccountsSql }) => Promise<readonly Values[]>;
  readonly logins: Logins;
  readonly signal: AbortSignal;
  readonly oddities: Oddities;
  /** Default: of the clock. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

type AccountsSql = Extract<AccountsConfig['accounts'], { readonly sql: unknown }>['sql'];
type AccountLogin = Exclude<LoginConfig, { readonly kind: 'header' }>;

const NOBODY: Values = {};

/** When accounts have logged in, over all dispatchers that share their logins: a service counts them all. In ms of `performance.now()`. */
const loginTimes = new WeakMap<Logins, number[]>();

export function openLoginDesk(options: LoginOptions): LoginDesk {
  const { login } = options;
  if (login === undefined) return constantIdentity({});
  if (login.kind === 'header') return constantIdentity(login.headers);
  const accounts = onceLoaded(login, options);
  return {
    identityFor: async (offer) => {
      const account = accountOf(login, await accounts(), offer);
      const key = keyOf(login, account);
      let headers = options.logins.get(key);
      if (!headers) {
        headers = remembered(await logIn(login, account, options));
        options.logins.set(key, headers);
      }
      return { account, headers };
    },
    renew: async (offer) => {
      const account = accountOf(login, await accounts(), offer);
      options.logins.set(keyOf(login, account), remembered(await logIn(login, account, options)));
      return true;
    },
  };
}

/** Services tell in errors and logs what they were sent. */
function remembered(headers: Identity['headers']): Identity['headers'] {
  for (const value of Object.values(headers))
    for (const part of [value, ...value.split(/[ ;=]+/)]) rememberSecret(part);
  return headers;
}

function constantIdentity(headers: Identity['headers']): LoginDesk {
  return { identityFor: async () => ({ account: NOBODY, headers }), renew: async () => false };
}

function onceLoaded({ accounts }: AccountsConfig, options: LoginOptions): () => Promise<readonly Values[]> {
  let loaded: Promise<readonly Values[]> | null = null;
  const load = async () => {
    const all = 'sql' in accounts ? await options.queryAccounts(accounts) : accounts;
    for (const secret of all.flatMap((account) => secretsOf(account))) rememberSecret(secret);
    return all;
  };
  return () => {
    loaded ??= load();
    return loaded;
  };
}

/** The account that shares a column with the offer, or the first. @throws HarnessError BAD_CONFIG when there is none */
function accountOf({ accountOf: column }: AccountsConfig, accounts: readonly Values[], offer: Offer): Values {
  const [first] = accounts;
  const noAccount = (message: string, hint: string) => new HarnessError('BAD_CONFIG', message, { hint });
  if (!first)
    throw noAccount(
      'login.accounts has no account: expected one or more.',
      'List them, or correct the query.',
    );
  if (column === undefined) return first;
  if (!Object.hasOwn(offer.values, column)) {
    throw noAccount(
      `login.accountOf is "${column}", which offers do not have: expected one of ${Object.keys(offer.values).join(', ')}.`,
      'It is a column that offers and accounts share.',
    );
  }
  const wanted = String(offer.values[column]);
  const found = accounts.find(
    (account) => Object.hasOwn(account, column) && String(account[column]) === wanted,
  );
  if (found) return found;
  throw noAccount(
    `login.accounts has no account with ${column} = ${wanted}, which offer ${offer.key} needs; it has ${accounts.length} with ${Object.keys(first).join(', ')}.`,
    'Every offer needs an account that may dispatch it.',
  );
}

/** Holds no secret: what tells accounts apart is what offers know of them. */
function keyOf({ accountOf: column }: AccountsConfig, account: Values): string {
  return column === undefined ? 'first account' : `${column} ${account[column]}`;
}

async function logIn(
  login: AccountLogin,
  account: Values,
  options: LoginOptions,
): Promise<Identity['headers']> {
  await waitForTurn(login, options);
  if (login.kind === 'steps') return takeSteps(login, account, options);
  const request = fillRequest(login.request, account);
  const where = `${request.method} ${login.request.path}`;
  const secrets = secretsOf(account, request);
  const send = options.service.send(request, {
    ...{ headers: {}, timeoutMs: options.timeoutMs, signal: options.signal },
    remedy: 'login.loginsPerMinute',
  });
  const answer = await send.catch((error: unknown) => {
    if (!(error instanceof LostAnswer)) throw error;
    throw refused(
      `The login ${where} was not answered: ${error.message}.`,
      'Check that the service runs and serves this path.',
    );
  });
  const said = `The login ${where} was answered ${answer.status}: ${excerpt(answer.text, secrets)}`;
  if (answer.status === TOO_MANY_REQUESTS)
    throw refused(said, 'The service limits logins: set login.loginsPerMinute to what it takes.');
  if (answer.status >= (login.kind === 'cookie' ? 400 : 300)) {
    throw refused(
      said,
      'Check login.request, and that the accounts are in the seeded data with these passwords.',
    );
  }
  return login.kind === 'cookie' ? cookiesOf(answer, said) : tokenOf(login, answer, where);
}

function refused(message: string, hint: string): HarnessError {
  return new HarnessError('DISPATCH_FAILED', message, { hint });
}

function tokenOf(
  login: Extract<LoginConfig, { readonly kind: 'token' }>,
  answer: Exchange,
  where: string,
): Identity['headers'] {
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    throw refused(
      `The login ${where} answered no JSON: expected an object with "${login.token}".`,
      'For a session in a cookie, set login.kind to "cookie".',
    );
  }
  let token: unknown;
  try {
    token = valueAt(body, login.token);
  } catch (error) {
    throw new HarnessError('BAD_CONFIG', `login.token: ${messageOf(error)}`, {
      hint: 'Set login.token to the path of the token in the answer of the login.',
    });
  }
  const scheme = login.scheme ?? 'Bearer';
  return {
    [(login.header ?? 'authorization').toLowerCase()]: scheme === '' ? String(token) : `${scheme} ${token}`,
  };
}

function cookiesOf(answer: Exchange, said: string): Identity['headers'] {
  const cookies = new Map<string, string>();
  for (const line of answer.headers['set-cookie'] ?? []) {
    const [pair = ''] = line.split(';');
    const equals = pair.indexOf('=');
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  if (cookies.size === 0)
    throw refused(`${said} It set no cookie.`, 'Check login.request: expected an answer with Set-Cookie.');
  return { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
}

async function takeSteps(
  login: Extract<LoginConfig, { readonly kind: 'steps' }>,
  account: Values,
  { baseUrl, signal }: LoginOptions,
): Promise<Identity['headers']> {
  const service = {
    baseUrl,
    fetch: (path: string, init?: RequestInit) => fetch(new URL(path, baseUrl), { signal, ...init }),
  };
  let headers: unknown;
  try {
    headers = await login.logIn(service, account);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw refused(
      `login.logIn failed: ${excerpt(messageOf(error), secretsOf(account))}`,
      'It is a function of the config: correct it there.',
    );
  }
  const isHeaders =
    typeof headers === 'object' &&
    headers !== null &&
    Object.values(headers).every((one) => typeof one === 'string');
  if (isHeaders) return headers as Identity['headers'];
  throw new HarnessError('BAD_CONFIG', 'login.logIn returned no headers: expected an object of texts.', {
    hint: "Return, for example, { authorization: 'Bearer …' }.",
  });
}

async function waitForTurn({ loginsPerMinute }: AccountsConfig, options: LoginOptions): Promise<void> {
  const times = loginTimes.get(options.logins) ?? [];
  loginTimes.set(options.logins, times);
  const waitMs = waitBeforeLogin(times, performance.now(), loginsPerMinute);
  if (waitMs > 0) {
    options.oddities.tell(
      'logins per minute',
      `The service takes ${loginsPerMinute} logins a minute: the next one waits ${Math.ceil(waitMs / 1000)} s. They happen once and are not measured.`,
    );
    await (options.wait ?? ((ms) => pause(ms, options.signal)))(waitMs);
  }
  times.push(performance.now());
}

/** Until one more login within a minute is allowed, in ms. @param times of the logins before, in order, in ms */
export function waitBeforeLogin(
  times: readonly number[],
  nowMs: number,
  loginsPerMinute: number | undefined,
): number {
  if (loginsPerMinute === undefined || times.length < loginsPerMinute) return 0;
  const first = times[times.length - loginsPerMinute] ?? nowMs;
  return Math.max(0, first + 60_000 - nowMs);
}

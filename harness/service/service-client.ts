import { type CompanyDay, loginOf, SEED_PASSWORD } from '../../seed/profiles.ts';
import { HarnessError } from '../errors.ts';
import { rememberSecret } from '../secrets.ts';
import { DISPATCH_TIMEOUT_MS, notAnswered } from './not-answered.ts';

/** A dispatch run as the service reports it. */
export interface DispatchRun {
  readonly id: number;
  readonly status: string;
  readonly offered: number;
  readonly assigned: number;
  readonly unassigned: number;
  readonly phases: { readonly loadMs: number; readonly decideMs: number; readonly applyMs: number } | null;
  readonly error: string | null;
}

/** A session of one company's dispatcher with the service: the in-process client of probes. */
export interface ServiceClient {
  get(path: string): Promise<unknown>;
  /** Runs the dispatch of one day and waits until it is done. `wallMs`: request sent to answer received. */
  dispatch(day: string): Promise<{ run: DispatchRun; wallMs: number }>;
}

/** @throws HarnessError DISPATCH_FAILED when the login is refused. */
export async function requestToken(
  baseUrl: string,
  credentials: { email: string; password: string },
  signal: AbortSignal,
): Promise<string> {
  const answer = await request(`${baseUrl}/api/v1/auth/login`, { method: 'POST', body: credentials, signal });
  const { token } = answer as { token: string };
  rememberSecret(token);
  return token;
}

/** @throws HarnessError DISPATCH_FAILED when the login is refused. */
export async function logIn(
  baseUrl: string,
  credentials: { email: string; password: string },
  signal: AbortSignal,
): Promise<ServiceClient> {
  const token = await requestToken(baseUrl, credentials, signal);
  return {
    get: (path) => request(baseUrl + path, { method: 'GET', token, signal }),
    dispatch: async (day) => {
      const startedAt = performance.now();
      const url = `${baseUrl}/api/v1/company_dispatch/run?wait=true`;
      const body = await request(url, { method: 'POST', token, body: { date: day }, signal });
      const wallMs = performance.now() - startedAt;
      const { run } = body as { run: DispatchRun };
      if (run.status !== 'completed') {
        throw new HarnessError(
          'DISPATCH_FAILED',
          `The dispatch of ${day} ended as "${run.status}": ${run.error ?? 'no reason given'}.`,
        );
      }
      return { run, wallMs };
    },
  };
}

/**
 * Logs in once for every company of these days. Do it before anything is counted: a login's queries are not a dispatch's.
 * @throws HarnessError DISPATCH_FAILED when a login is refused
 */
export async function logInEach(
  baseUrl: string,
  companyDays: readonly CompanyDay[],
  signal: AbortSignal,
): Promise<(companyId: number) => ServiceClient> {
  const clients = new Map<number, ServiceClient>();
  for (const { companyId } of companyDays) {
    if (clients.has(companyId)) continue;
    const credentials = { email: loginOf(companyId).email, password: SEED_PASSWORD };
    clients.set(companyId, await logIn(baseUrl, credentials, signal));
  }
  return (companyId) => {
    const client = clients.get(companyId);
    if (!client) throw new HarnessError('INTERNAL', `no login for company ${companyId}`);
    return client;
  };
}

async function request(url: string, options: RequestOptions): Promise<unknown> {
  const { status, text } = await exchange(url, options);
  if (status < 200 || status > 299) {
    const { pathname } = new URL(url);
    throw new HarnessError(
      'DISPATCH_FAILED',
      `${options.method} ${pathname} answered ${status}: ${text.slice(0, 300)}`,
    );
  }
  return JSON.parse(text);
}

export interface RequestOptions {
  readonly method: string;
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** How long the whole answer may take. Default: five minutes. */
  readonly timeoutMs?: number;
}

/**
 * One request and its answer, whatever its status; within five minutes.
 * @throws HarnessError DISPATCH_FAILED when it was not answered; the signal's reason when that has fired
 */
export async function exchange(
  url: string,
  options: RequestOptions,
): Promise<{ readonly status: number; readonly text: string }> {
  const timeoutMs = options.timeoutMs ?? DISPATCH_TIMEOUT_MS;
  try {
    const response = await fetch(url, {
      method: options.method,
      headers: {
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    options.signal.throwIfAborted();
    throw notAnswered(options.method, url, timeoutMs, error);
  }
}

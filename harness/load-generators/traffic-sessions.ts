/** Dispatchers log in from Node, before a probe. */
import { ENDPOINTS, type Endpoint } from '../../scenarios/endpoints.ts';
import { type ListedDriver, loginsFor, type Session } from '../../scenarios/traffic-choices.ts';
import type { CompanyDay, TrafficPlan } from '../../scenarios/traffic-plan.ts';
import { rememberSecret } from '../secrets.ts';

const LOGIN_TIMEOUT_MS = 60_000;

interface LoginAnswer {
  token: string;
}

interface DriversAnswer {
  items: { id: number; isAvailable: boolean; location: { lat: number; lon: number } }[];
}

/** One session for each company that is needed. Throws an Error that names the company and what its service answered. */
export async function openSessions(
  plan: TrafficPlan,
  dispatched: readonly CompanyDay[],
  password: string,
): Promise<Session[]> {
  const sessions: Session[] = [];
  for (const { companyId, email } of loginsFor(plan, dispatched)) {
    const about = `of company ${companyId}`;
    const login = { email, password };
    const { token } = (await ask(plan.baseUrl, ENDPOINTS.login, login, null, about)) as LoginAnswer;
    rememberSecret(token);
    const drivers = await ask(plan.baseUrl, ENDPOINTS.listDrivers, { limit: 100 }, token, about);
    const listed = (drivers as DriversAnswer).items.map(
      ({ id, isAvailable, location }): ListedDriver => ({ id, isAvailable, ...location }),
    );
    if (listed.length === 0) throw new Error(`Company ${companyId} lists no drivers`);
    sessions.push({ companyId, token, drivers: listed });
  }
  return sessions;
}

async function ask<Context>(
  baseUrl: string,
  endpoint: Endpoint<Context>,
  context: Context,
  token: string | null,
  about: string,
): Promise<unknown> {
  const { method, path, body } = endpoint.build(context);
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      Accept: 'application/json',
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    signal: AbortSignal.timeout(LOGIN_TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const fault = endpoint.check(response.status, answer);
  if (fault !== null) throw new Error(`${endpoint.name} ${about} failed: ${fault}`);
  return answer;
}

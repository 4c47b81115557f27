/** Log in once per company and target, before the traffic. These requests carry no scenario, so no result counts them. */
import { ENDPOINTS } from '../endpoints.ts';
import { type ListedDriver, loginsFor, type Session } from '../traffic-choices.ts';
import type { NamedTarget } from '../traffic-targets.ts';
import { type Caller, send } from './client.ts';
import { loginPassword, plan } from './day-plan.ts';
import { arrivalsOfAll } from './plan.ts';

/** A dispatcher at work at one target: a token is worth nothing to the others. */
export type TargetSession = Session & Caller & { readonly token: string };

interface LoginAnswer {
  token: string;
  expiresInSeconds: number;
}

interface DriversAnswer {
  items: { id: number; isAvailable: boolean; location: { lat: number; lon: number } }[];
}

/** Throws, which ends the run before any traffic, when a company cannot log in or has no drivers. */
export function openSessions({ baseUrl }: NamedTarget): TargetSession[] {
  const password = loginPassword();
  const longestSeconds = Math.max(
    ...arrivalsOfAll.map(
      (arrivals) => arrivals.startSeconds + arrivals.durationSeconds + arrivals.gracefulStopSeconds,
    ),
  );
  const dispatches = arrivalsOfAll.filter(({ kind }) => kind === 'dispatch');
  const dispatched = dispatches.flatMap(({ firstIndex, arrivals }) =>
    plan.companyDays.slice(firstIndex, firstIndex + arrivals),
  );
  return loginsFor(plan, dispatched).map(({ companyId, email }) => {
    const answer = send(ENDPOINTS.login, { email, password }, { baseUrl, token: null }) as LoginAnswer | null;
    if (answer === null) throw new Error(`Login of company ${companyId} (${email}) failed`);
    if (answer.expiresInSeconds < longestSeconds) {
      throw new Error(
        `The token of company ${companyId} is valid for ${answer.expiresInSeconds} s, the traffic takes ${longestSeconds} s`,
      );
    }
    const caller = { baseUrl, token: answer.token };
    return { companyId, ...caller, drivers: listDrivers(companyId, caller) };
  });
}

function listDrivers(companyId: number, caller: Caller): ListedDriver[] {
  const answer = send(ENDPOINTS.listDrivers, { limit: 100 }, caller) as DriversAnswer | null;
  if (answer === null || answer.items.length === 0) throw new Error(`Company ${companyId} lists no drivers`);
  return answer.items.map(({ id, isAvailable, location }) => ({ id, isAvailable, ...location }));
}

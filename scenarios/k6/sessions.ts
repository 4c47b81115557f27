/** Log in once per company, before the traffic. Its requests carry no scenario, so no result counts them. */
import { ENDPOINTS } from '../endpoints.ts';
import { type ListedDriver, loginsFor, type Session } from '../traffic-choices.ts';
import { send } from './client.ts';
import { loginPassword, plan, schedule } from './plan.ts';

interface LoginAnswer {
  token: string;
  expiresInSeconds: number;
}

interface DriversAnswer {
  items: { id: number; isAvailable: boolean; location: { lat: number; lon: number } }[];
}

/** Throws, which ends the run before any traffic, when a company cannot log in or has no drivers. */
export function openSessions(): Session[] {
  const password = loginPassword();
  const longestSeconds = Math.max(
    ...schedule.arrivals.map(
      (arrivals) => arrivals.startSeconds + arrivals.durationSeconds + arrivals.gracefulStopSeconds,
    ),
  );
  const dispatches = schedule.arrivals.filter(({ kind }) => kind === 'dispatch');
  const dispatched = dispatches.flatMap(({ firstIndex, arrivals }) =>
    plan.companyDays.slice(firstIndex, firstIndex + arrivals),
  );
  return loginsFor(plan, dispatched).map(({ companyId, email }) => {
    const answer = send(ENDPOINTS.login, { email, password }, null) as LoginAnswer | null;
    if (answer === null) throw new Error(`Login of company ${companyId} (${email}) failed`);
    if (answer.expiresInSeconds < longestSeconds) {
      throw new Error(
        `The token of company ${companyId} is valid for ${answer.expiresInSeconds} s, the traffic takes ${longestSeconds} s`,
      );
    }
    return { companyId, token: answer.token, drivers: listDrivers(companyId, answer.token) };
  });
}

function listDrivers(companyId: number, token: string): ListedDriver[] {
  const answer = send(ENDPOINTS.listDrivers, { limit: 100 }, token) as DriversAnswer | null;
  if (answer === null || answer.items.length === 0) throw new Error(`Company ${companyId} lists no drivers`);
  return answer.items.map(({ id, isAvailable, location }) => ({ id, isAvailable, ...location }));
}

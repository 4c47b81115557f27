/** Where the requests of saturation probes come from, and how their answers are judged; part of the process that runs autocannon. */
import {
  askingAt,
  type EndpointPlan,
  isExpected,
  type TrafficEndpoint,
  type TrafficIdentity,
} from '../../scenarios/endpoint-traffic.ts';
import type { ProbeLevel } from '../../scenarios/probe-levels.ts';
import { probedEndpoint, probeRequest } from '../../scenarios/probe-requests.ts';
import { fillTemplate } from '../../scenarios/request-template.ts';
import type { CompanyDay, TrafficPlan } from '../../scenarios/traffic-plan.ts';
import type { SaturationProbe } from '../../scenarios/workloads.ts';
import { type RequestEnd, TOO_MANY_REQUESTS } from './load-tally.ts';
import { openSessions } from './traffic-sessions.ts';

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Level = Pick<ProbeLevel, 'endpoint' | 'companyDays'>;

/** Of one service. */
export interface ProbeSource {
  /** The requests of a level from its first on, the same for every service. */
  requestsOf(level: Level): () => SentRequest;
  judge(level: Level, status: number, body: string): RequestEnd;
}

/** What a probe knows that no job may hold: it comes in the environment. */
export interface ProbeSecrets {
  readonly password: string;
  /** Who asks, at this service. */
  readonly identities: readonly TrafficIdentity[];
}

/**
 * @param dispatched company-days that will be dispatched
 * @throws Error when nobody can log in
 */
export async function openProbeSource(
  plan: TrafficPlan | EndpointPlan,
  dispatched: readonly CompanyDay[],
  { password, identities }: ProbeSecrets,
): Promise<ProbeSource> {
  return 'kind' in plan ? sourceOfEndpoints(plan, identities) : sourceOfDay(plan, dispatched, password);
}

async function sourceOfDay(
  plan: TrafficPlan,
  dispatched: readonly CompanyDay[],
  password: string,
): Promise<ProbeSource> {
  const sessions = await openSessions(plan, dispatched, password);
  const named = ({ endpoint }: Level) => endpoint as SaturationProbe['endpoint'];
  return {
    requestsOf: (level) => {
      const traffic = { plan, sessions, endpoint: named(level), companyDays: level.companyDays };
      let index = 0;
      return () => {
        const { method, path, token, body } = probeRequest(traffic, index++);
        const headers = { Accept: 'application/json', Authorization: `Bearer ${token}` };
        if (body === undefined) return { method, path, headers };
        return {
          ...{ method, path, body: JSON.stringify(body) },
          headers: { ...headers, 'Content-Type': 'application/json' },
        };
      };
    },
    judge: (level, status, body) => {
      const { check, expectedStatuses } = probedEndpoint(named(level));
      if (expectedStatuses.includes(status))
        return check(status, parseJson(body)) === null ? 'ok' : 'mismatch';
      return status === TOO_MANY_REQUESTS ? 'rate-limited' : 'wrong-status';
    },
  };
}

function sourceOfEndpoints(plan: EndpointPlan, identities: readonly TrafficIdentity[]): ProbeSource {
  const named = ({ endpoint }: Level) => plan.endpoints[endpoint] as TrafficEndpoint;
  return {
    requestsOf: (level) => {
      const { request, page } = named(level);
      let index = 0;
      return () => {
        const { identity, values } = askingAt(plan, identities, index++);
        const filled = fillTemplate(request, { ...page, ...values });
        return { ...filled, headers: { accept: 'application/json', ...identity.headers, ...filled.headers } };
      };
    },
    judge: (level, status) => {
      if (status === TOO_MANY_REQUESTS) return 'rate-limited';
      return isExpected(named(level), status) ? 'ok' : 'wrong-status';
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

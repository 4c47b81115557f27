/** Saturation probes and a traffic plan → the levels to measure, one after the other. Pure. */
import { type EndpointTraffic, saturableEndpoints } from './endpoint-traffic.ts';
import { ENDPOINTS } from './endpoints.ts';
import type { CompanyDay, TrafficWork } from './traffic-plan.ts';
import { type SaturationProbe, WORKLOADS } from './workloads.ts';

/** A probe of the reference service, or of a GET of one that is not ours. */
export type Probe = Omit<SaturationProbe, 'endpoint'> & {
  /** As the plan names it. */
  readonly endpoint: string;
};

/** One endpoint at one number of connections. */
export interface ProbeLevel {
  /** For people, unique in its run. */
  readonly name: string;
  /** As the plan names it. */
  readonly endpoint: string;
  /** As results name it. */
  readonly endpointName: string;
  readonly connections: number;
  readonly timeoutSeconds: number;
  /** A time, or the number of requests of all connections together. */
  readonly length:
    | { readonly warmUpSeconds: number; readonly seconds: number }
    | { readonly requests: number };
  /** One for each request; empty unless it dispatches. */
  readonly companyDays: readonly CompanyDay[];
}

export interface ProbeSchedule {
  readonly levels: readonly ProbeLevel[];
  /** What was left out and why, for people. */
  readonly notes: readonly string[];
}

/**
 * The levels of a scenario's probes. Times follow `durationFactor`; a closed loop has no rate for `rateFactor` to act on.
 * A level for which too few company-days are left is left out.
 */
export function planProbes(
  plan: TrafficWork | EndpointTraffic,
  probes: readonly Probe[] = probesOf(plan, ENDPOINT_CONNECTIONS),
): ProbeSchedule {
  const levels: ProbeLevel[] = [];
  const notes: string[] = [];
  let nextDay = 0;
  for (const probe of probes) {
    for (const connections of probe.connections) {
      const level = planLevel(plan, probe, connections, nextDay);
      nextDay += level.companyDays.length;
      const wanted = 'requests' in level.length ? level.length.requests : 0;
      if (probe.endpoint === 'dispatchAndWait' && level.companyDays.length < wanted) {
        notes.push(
          `${level.name} was left out: it needs ${wanted} company-days, ${level.companyDays.length} are left`,
        );
      } else levels.push(level);
    }
  }
  return { levels, notes };
}

function planLevel(
  plan: TrafficWork | EndpointTraffic,
  probe: Probe,
  connections: number,
  nextDay: number,
): ProbeLevel {
  const requests =
    'requestsPerConnection' in probe.length
      ? connections * Math.max(1, Math.round(probe.length.requestsPerConnection * plan.durationFactor))
      : 0;
  const length =
    'seconds' in probe.length
      ? {
          warmUpSeconds: probe.length.warmUpSeconds * plan.durationFactor,
          seconds: probe.length.seconds * plan.durationFactor,
        }
      : { requests };
  return {
    name: levelName(plan, probe.endpoint, connections),
    endpoint: probe.endpoint,
    endpointName: probedName(plan, probe.endpoint),
    connections,
    timeoutSeconds: probe.timeoutSeconds,
    length,
    companyDays:
      'companyDays' in plan && probe.endpoint === 'dispatchAndWait'
        ? plan.companyDays.slice(nextDay, nextDay + requests)
        : [],
  };
}

/** Of endpoints that are not ours: alone, a few at once, and more than most services have workers. */
const ENDPOINT_CONNECTIONS: readonly number[] = [1, 4, 16];

/** What is saturated under a plan: what its scenario says, or every GET that can be asked over and over. */
export function probesOf(
  plan: TrafficWork | EndpointTraffic,
  connections: readonly number[],
): readonly Probe[] {
  if (!('kind' in plan)) return WORKLOADS[plan.scenario].probes;
  return saturableEndpoints(plan).map(([endpoint]) => ({
    endpoint,
    connections,
    length: { warmUpSeconds: 1, seconds: 4 },
    timeoutSeconds: plan.requestTimeoutSeconds,
  }));
}

export function probedName(plan: TrafficWork | EndpointTraffic, endpoint: string): string {
  return 'kind' in plan
    ? (plan.endpoints[endpoint]?.name ?? endpoint)
    : ENDPOINTS[endpoint as SaturationProbe['endpoint']].name;
}

/** For people, unique in its run. */
export function levelName(
  plan: TrafficWork | EndpointTraffic,
  endpoint: string,
  connections: number,
): string {
  return `${probedName(plan, endpoint)} × ${connections} connection${connections === 1 ? '' : 's'}`;
}

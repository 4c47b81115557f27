/** Saturation probes and a traffic plan → the levels to measure, one after the other. Pure. */
import { ENDPOINTS } from './endpoints.ts';
import type { CompanyDay, TrafficWork } from './traffic-plan.ts';
import { type SaturationProbe, WORKLOADS } from './workloads.ts';

/** One endpoint at one number of connections. */
export interface ProbeLevel {
  /** For people, unique in its run. */
  readonly name: string;
  readonly endpoint: SaturationProbe['endpoint'];
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
  plan: TrafficWork,
  probes: readonly SaturationProbe[] = WORKLOADS[plan.scenario].probes,
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
  plan: TrafficWork,
  probe: SaturationProbe,
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
    name: `${ENDPOINTS[probe.endpoint].name} × ${connections} connection${connections === 1 ? '' : 's'}`,
    endpoint: probe.endpoint,
    connections,
    timeoutSeconds: probe.timeoutSeconds,
    length,
    companyDays:
      probe.endpoint === 'dispatchAndWait' ? plan.companyDays.slice(nextDay, nextDay + requests) : [],
  };
}

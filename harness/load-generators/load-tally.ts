/** Single requests → the numbers of a load report. The same arithmetic for every generator; pure. */
import type { EndpointLoad, LoadPhase, LoadReport, SeriesPoint } from '../result.ts';
import {
  latencyCurve,
  quantileOf,
  type SortedLatencies,
  sortLatencies,
  summariseLatencies,
} from './latency-summary.ts';

/**
 * How a request ended. `mismatch`: right status, wrong body; `rate-limited`: answered 429; `lost`: the connection broke or could not be
 * made.
 */
export type RequestEnd = 'ok' | 'mismatch' | 'wrong-status' | 'rate-limited' | 'timeout' | 'lost';

/** A service that says this has refused to work: how fast it does so is nobody's latency. */
export const TOO_MANY_REQUESTS = 429;

export interface MeasuredRequest {
  readonly endpoint: string;
  /** Name of the phase that sent it; one outside {@link PhasePlan} counts in no phase. */
  readonly phase: string;
  /** Any clock, in milliseconds; the same one for all requests. */
  readonly endedAtMs: number;
  /** Service time: sent → answered. */
  readonly durationMs: number;
  /** Before it could be sent: waiting for a connection. */
  readonly waitedMs: number;
  readonly end: RequestEnd;
}

/** An answer found wrong after its request was counted. */
export type LateMismatch = Pick<MeasuredRequest, 'endpoint' | 'phase' | 'endedAtMs'>;

export interface PhasePlan {
  readonly name: string;
  /** From the begin of the load. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly targetRatePerSecond: number | null;
  readonly concurrency: number | null;
  readonly endpoint: string | null;
}

export type TalliedLoad = Pick<
  LoadReport,
  | 'durationMs'
  | 'requests'
  | 'errors'
  | 'mismatches'
  | 'throughputPerSecond'
  | 'endpoints'
  | 'phases'
  | 'series'
>;

interface Group {
  requests: number;
  errors: number;
  timeouts: number;
  rateLimited: number;
  latenciesMs: number[];
  firstSentMs: number;
  lastEndMs: number;
}

const emptyGroup = (): Group => ({
  requests: 0,
  errors: 0,
  timeouts: 0,
  rateLimited: 0,
  latenciesMs: [],
  firstSentMs: Number.POSITIVE_INFINITY,
  lastEndMs: Number.NEGATIVE_INFINITY,
});

/** Takes requests in any order; `finish` gives the numbers of all of them. */
export class LoadTally {
  readonly #requests: MeasuredRequest[] = [];
  readonly #lateMismatches: LateMismatch[] = [];

  add(request: MeasuredRequest): void {
    this.#requests.push(request);
  }

  addLateMismatch(mismatch: LateMismatch): void {
    this.#lateMismatches.push(mismatch);
  }

  get requests(): number {
    return this.#requests.length;
  }

  /** @param phases in the order they ran */
  finish(phases: readonly PhasePlan[]): TalliedLoad {
    const total = this.#group(() => '').get('') ?? emptyGroup();
    const durationMs = total.requests === 0 ? 0 : total.lastEndMs - total.firstSentMs;
    const mismatched = this.#requests.filter(({ end }) => end === 'mismatch').length;
    return {
      durationMs,
      requests: total.requests,
      errors: total.errors,
      mismatches: mismatched + this.#lateMismatches.length,
      throughputPerSecond: perSecond(answeredWell(total), durationMs),
      endpoints: [...this.#group(({ endpoint }) => endpoint)].map(([endpoint, group]) =>
        endpointLoad(endpoint, group),
      ),
      phases: this.#phases(phases, total.firstSentMs),
      series: this.#series(total.firstSentMs),
    };
  }

  #group(keyOf: (request: LateMismatch) => string | null): Map<string, Group> {
    const groups = new Map<string, Group>();
    const groupOf = (request: LateMismatch): Group | null => {
      const key = keyOf(request);
      if (key === null) return null;
      const group = groups.get(key) ?? emptyGroup();
      groups.set(key, group);
      return group;
    };
    for (const request of this.#requests) addTo(groupOf(request), request);
    for (const mismatch of this.#lateMismatches) {
      const group = groupOf(mismatch);
      if (group !== null) group.errors += 1;
    }
    return groups;
  }

  #phases(plans: readonly PhasePlan[], loadBeganMs: number): LoadPhase[] {
    const groups = this.#group(({ phase }) => phase);
    return plans.map((plan) => {
      const group = groups.get(plan.name) ?? emptyGroup();
      const sorted = sortLatencies(group.latenciesMs);
      const spanMs = Math.max(0, group.lastEndMs - group.firstSentMs);
      return {
        name: plan.name,
        startSecond: group.requests === 0 ? plan.startSeconds : (group.firstSentMs - loadBeganMs) / 1000,
        // Past its limit a service answers long after the step has ended; counted by the plan it would look fast.
        durationSeconds: Math.max(plan.durationSeconds, spanMs / 1000),
        targetRatePerSecond: plan.targetRatePerSecond,
        concurrency: plan.concurrency,
        endpoint: plan.endpoint,
        requests: group.requests,
        errors: group.errors,
        throughputPerSecond: perSecond(
          answeredWell(group),
          Math.max(spanMs, plan.targetRatePerSecond === null ? 0 : plan.durationSeconds * 1000),
        ),
        ...quantilesOf(sorted),
      };
    });
  }

  /** One point per whole second from the first to the last answer, seconds without an answer included. */
  #series(loadBeganMs: number): SeriesPoint[] {
    const groups = this.#group(({ endedAtMs }) => String(Math.floor((endedAtMs - loadBeganMs) / 1000)));
    const last = Math.max(-1, ...[...groups.keys()].map(Number));
    return Array.from({ length: last + 1 }, (_, second) => {
      const group = groups.get(String(second)) ?? emptyGroup();
      const { requests, errors } = group;
      return { second, requests, errors, ...quantilesOf(sortLatencies(group.latenciesMs)) };
    });
  }
}

/** Ends of requests that have no service time. */
export const NO_LATENCY: ReadonlySet<RequestEnd> = new Set<RequestEnd>(['timeout', 'lost', 'rate-limited']);

function answeredWell({ requests, errors, rateLimited }: Group): number {
  return requests - errors - rateLimited;
}

function addTo(group: Group | null, request: MeasuredRequest): void {
  if (group === null) return;
  group.requests += 1;
  if (request.end === 'rate-limited') group.rateLimited += 1;
  else if (request.end !== 'ok') group.errors += 1;
  if (request.end === 'timeout') group.timeouts += 1;
  // A request without an answer has no service time; what it did have would only make the others look better.
  if (!NO_LATENCY.has(request.end)) group.latenciesMs.push(request.durationMs);
  group.firstSentMs = Math.min(group.firstSentMs, request.endedAtMs - request.durationMs - request.waitedMs);
  group.lastEndMs = Math.max(group.lastEndMs, request.endedAtMs);
}

function endpointLoad(endpoint: string, group: Group): EndpointLoad {
  const sorted = sortLatencies(group.latenciesMs);
  const { requests, errors, timeouts, rateLimited } = group;
  return {
    endpoint,
    requests,
    errors,
    timeouts,
    ...(rateLimited === 0 ? {} : { rateLimited }),
    latency: summariseLatencies(sorted),
    percentiles: latencyCurve(sorted),
  };
}

function quantilesOf(sorted: SortedLatencies): { p50Ms: number | null; p95Ms: number | null } {
  return { p50Ms: quantileOf(sorted, 0.5), p95Ms: quantileOf(sorted, 0.95) };
}

function perSecond(count: number, durationMs: number): number {
  return durationMs <= 0 ? 0 : (count / durationMs) * 1000;
}

import type { EndpointTraffic, TrafficIdentity } from '../../scenarios/endpoint-traffic.ts';
import type { TrafficTarget, TrafficWork } from '../../scenarios/traffic-plan.ts';
import type { DatasetShape } from '../../seed/profiles.ts';
import type { LoadGenerator, LoadRequest } from '../load-generators/load-generator.ts';
import type { PairedLoadRequest } from '../load-generators/paired-load-generator.ts';
import type { ScriptTraffic } from '../load-generators/script-traffic.ts';
import type { LoadReport, ThresholdResult } from '../result.ts';
import type { Offer } from './offer.ts';
import type { ServicePlace } from './target.ts';

export interface TrafficRequest {
  /** One of the target's. */
  readonly scenario: string;
  readonly shape: DatasetShape;
  /** In the order in which they are dispatched; empty while only the plan is checked. */
  readonly offers: readonly Offer[];
  readonly durationFactor: number;
  readonly rateFactor: number;
  readonly randomSeed: number;
  /** As the command line has it; see {@link ErrorLimit.ratio}. Default: that of the scenario. */
  readonly maxErrorRatio?: number | undefined;
}

/** From when on the errors of a service end its load. */
export interface ErrorLimit {
  /** Failed requests ÷ requests that may be, 0–1; with 1 they never end it. */
  readonly ratio: number;
  /** Whether a timeout is an error: where the rate goes past the limit on purpose it is what was wanted. */
  readonly countsTimeouts: boolean;
}

/** Of a scenario that says nothing else: a service that fails half of what it is asked gives no measurement. */
export const MAX_ERROR_RATIO = 0.5;

/** The same where the rate goes past the limit on purpose: there it may refuse, and what counts is that it recovers. */
export const MAX_OVERLOAD_ERROR_RATIO = 0.9;

/** @param maxErrorRatio that was asked for */
export function errorLimitOf(constantRate: boolean, maxErrorRatio: number | undefined): ErrorLimit {
  return {
    ratio: maxErrorRatio ?? (constantRate ? MAX_ERROR_RATIO : MAX_OVERLOAD_ERROR_RATIO),
    countsTimeouts: constantRate,
  };
}

/** What a scenario asks of the services of a target. */
export interface Traffic {
  /** Everything that a generator writes down: no secret is in it. */
  readonly work: TrafficWork | EndpointTraffic | ScriptTraffic;
  /** Of dispatchers who log in during the traffic; empty where they have done so before. */
  readonly loginPassword: string;
  /** Logs in whoever asks. @throws HarnessError DISPATCH_FAILED */
  logIn(place: ServicePlace, signal: AbortSignal): Promise<readonly TrafficIdentity[]>;
  /** Why a generator has nothing to do here; `null` where it has. */
  skipped(generator: LoadGenerator['name']): string | null;
  readonly errorLimit: ErrorLimit;
  judge(report: LoadReport): ThresholdResult[];
  /** Metrics that decide when the load part is all there is, one at least; declared before anything runs. */
  gate(generators: readonly LoadGenerator['name'][]): readonly string[];
}

/** Generators that have something to do, and why the others have not. */
export function usefulGenerators<Generator extends Pick<LoadGenerator, 'name'>>(
  traffic: Pick<Traffic, 'skipped'> | null,
  generators: readonly Generator[],
): { readonly useful: Generator[]; readonly skipped: { generator: string; reason: string }[] } {
  const reasonFor = ({ name }: Generator) =>
    traffic === null ? 'the scenario has no traffic beside its dispatches' : traffic.skipped(name);
  return {
    useful: generators.filter((generator) => reasonFor(generator) === null),
    skipped: generators.flatMap((generator) => {
      const reason = reasonFor(generator);
      return reason === null ? [] : [{ generator: generator.name, reason }];
    }),
  };
}

/** The work at one service. */
export function planAt({ work }: Traffic, baseUrl: string): LoadRequest['plan'] {
  return { ...work, baseUrl };
}

/** The work at several services that are up at once. */
export function planAtEach({ work }: Traffic, targets: readonly TrafficTarget[]): PairedLoadRequest['plan'] {
  return { ...work, targets };
}

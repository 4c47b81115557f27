/** A k6 script of the user's own, run as it is. Types only. */
import type { TrafficTarget } from '../../scenarios/traffic-plan.ts';

export interface ScriptTraffic {
  readonly kind: 'script';
  /** As the config names it. */
  readonly scenario: string;
  /** Absolute. */
  readonly file: string;
  /** What the script gets beside `BASE_URL` and `RUSHHOUR_HEADERS`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Orders the targets of a pair. */
  readonly randomSeed: number;
}

export interface ScriptPlan extends ScriptTraffic {
  /** Origin of the service, without a trailing slash. */
  readonly baseUrl: string;
}

/** Run at one target after another: two runs of a script cannot take turns. */
export interface PairedScriptPlan extends ScriptTraffic {
  readonly targets: readonly TrafficTarget[];
}

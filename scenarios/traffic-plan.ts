/** The traffic plan: what the harness hands to every load generator, as JSON. Types only; imports nothing. */

export type ScenarioName = 'smoke' | 'load' | 'stress' | 'spike' | 'soak';

/** A run of consecutive ids that belong to one company: `firstId … firstId + count - 1`. */
export interface IdRange {
  readonly companyId: number;
  readonly firstId: number;
  readonly count: number;
}

/** One service day of one company. A dispatch consumes it. */
export interface CompanyDay {
  readonly companyId: number;
  /** YYYY-MM-DD */
  readonly day: string;
}

/** What is asked of a service: everything but where the service is. */
export interface TrafficWork {
  readonly scenario: ScenarioName;
  /** Chooses companies, days, people and the order of turns; equal seeds give equal requests in every variant. */
  readonly randomSeed: number;
  /** Multiplies every duration of the scenario; 1 = as written. */
  readonly durationFactor: number;
  /** Multiplies every arrival rate of the scenario; 1 = as written. */
  readonly rateFactor: number;
  /** Dispatchers, one a company. Their password travels in the environment, never in this document. */
  readonly logins: readonly { readonly companyId: number; readonly email: string }[];
  /** Dispatched in this order, each once. */
  readonly companyDays: readonly CompanyDay[];
  /** Service days (YYYY-MM-DD) whose bookings are looked at. */
  readonly browseDays: readonly string[];
  readonly drivers: readonly IdRange[];
  readonly clients: readonly IdRange[];
}

/** The work for one service. */
export interface TrafficPlan extends TrafficWork {
  /** Origin of the service, without a trailing slash. */
  readonly baseUrl: string;
}

/** One of the services that share a run of traffic. */
export interface TrafficTarget {
  /** Unique among the targets; the tag `variant` of its samples. */
  readonly name: string;
  /** Origin, without a trailing slash. */
  readonly baseUrl: string;
}

/** The same work for several services that are up at once and get it in turns. */
export interface PairedTrafficPlan extends TrafficWork {
  readonly targets: readonly TrafficTarget[];
}

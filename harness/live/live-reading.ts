/** What is told while something is measured. It judges nothing: the record is made from raw samples when the load has ended. Types only. */

/** Traffic so far. Times are of what was measured; a warm-up is in no count. */
export interface LoadReading {
  readonly generator: string;
  /** What the generator is at: a step of the scenario, or an endpoint at a number of connections; `null` before the first. */
  readonly stage: string | null;
  readonly elapsedMs: number;
  /** By the plan; `null` when the end depends on the service. */
  readonly leftMs: number | null;
  /** Arrivals per second that the plan has now; `null` in a closed loop, which asks for as many as it gets. */
  readonly askedPerSecond: number | null;
  /** Arrivals that started per second in this stage, of a closed loop answers per second; `null` before there are two. */
  readonly achievedPerSecond: number | null;
  /** `null` while the generator does not tell. */
  readonly traffic: TrafficReading | null;
}

export interface TrafficReading {
  readonly requests: number;
  /** Requests that were not answered as they should be. */
  readonly errors: number;
  /** Arrivals that found no free VU. */
  readonly dropped: number;
  /** Within 1 % of the sample's; `null` before the first answer, and where several services share the traffic. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** What the sessions of the measured databases were seen at, at moments a second apart. */
export interface DatabaseActivity {
  readonly moments: number;
  /** Sessions at work at a moment, on average: seconds of database time per second, estimated from so few moments. */
  readonly activeSessions: number;
  /** What they were at, the most frequent first; `share` is of all sessions seen at work, 0–1. */
  readonly waits: readonly { readonly event: string; readonly share: number }[];
}

/** How far an experiment is. No interval and no verdict: who sees them early stops early. */
export interface PairsReading {
  readonly part: 'pair' | 'load';
  readonly done: number;
  /** A look may end it before. */
  readonly most: number;
  /** Time of a dispatch of each arm so far; empty before the first pair. */
  readonly medians: readonly { readonly variant: string; readonly medianMs: number }[];
  /** Estimated from the pairs so far, should it take all of them; `null` before the first. */
  readonly leftMs: number | null;
}

export interface LiveReading {
  readonly load?: LoadReading;
  /** `null` where the sessions cannot be seen. */
  readonly database?: DatabaseActivity | null;
  readonly pairs?: PairsReading;
  /** Why the traffic, and not the service, sets the pace; told once it is known. */
  readonly bottleneck?: string;
}

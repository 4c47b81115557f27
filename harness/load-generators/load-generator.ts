/** The seam for everything that makes traffic: k6, autocannon, and the scripted stand-in of tests. */
import type { EndpointPlan, TrafficIdentity } from '../../scenarios/endpoint-traffic.ts';
import type { TrafficPlan } from '../../scenarios/traffic-plan.ts';
import type { TrafficReading } from '../live/live-reading.ts';
import type { LoadReport, ThresholdResult } from '../result.ts';
import type { RequestEnds } from './request-ends.ts';
import type { ScriptPlan } from './script-traffic.ts';

/** What a generator is told besides the traffic. */
export interface LoadOrder {
  /** Reaches the generator through its environment; never a file or an argument. */
  readonly loginPassword: string;
  /**
   * Who asks, by the number of the target; logged in already. Default: nobody is. Reaches the generator as the password does: its headers
   * and values may all be secrets.
   */
  readonly identities?: readonly (readonly TrafficIdentity[])[];
  /** An existing folder, for raw files. `LoadReport.files` are relative to it. */
  readonly runFolder: string;
  readonly signal: AbortSignal;
  onProgress?(progress: LoadProgress): void;
  /** Told about once a second while the load goes on, the warm-up too. */
  onRequestEnds?(ends: readonly RequestEnds[]): void;
}

export interface LoadRequest extends LoadOrder {
  readonly plan: TrafficPlan | EndpointPlan | ScriptPlan;
}

export interface LoadProgress {
  readonly elapsedMs: number;
  /** `null` when the end depends on the service. */
  readonly totalMs: number | null;
  /** `null` while the generator does not tell. */
  readonly requests: number | null;
  readonly note?: string;
  /** `null` or absent in a closed loop, and before the first arrival. */
  readonly askedPerSecond?: number | null;
  readonly achievedPerSecond?: number | null;
  /** Absent while the generator does not tell. */
  readonly traffic?: TrafficReading;
  readonly strain?: GeneratorStrain;
}

/** How hard the generator itself works. */
export interface GeneratorStrain {
  /** Of its process since it was told last, in processors; `null` where this platform cannot tell. */
  readonly processors: number | null;
  /** Processors that it can use at once. */
  readonly mostProcessors: number;
  /** Share of the time in which its event loop was busy, 0–1; absent where it has none. */
  readonly loopBusyRatio?: number;
}

export interface LoadOutcome {
  readonly report: LoadReport;
  /** CPU time of the generator's own process; `null` where this platform cannot tell. */
  readonly cpuMs: number | null;
  /** Of a script that has its own. Default: those of the scenario are judged. */
  readonly thresholds?: ThresholdResult[];
}

export interface LoadGenerator {
  readonly name: LoadReport['generator'];
  version(): Promise<string>;
  /**
   * Drives the service and reports. On abort the generator is stopped and what it measured so far is returned.
   * @throws HarnessError BAD_OPTION for a plan that cannot be driven, LOAD_GENERATOR_FAILED with the tool's own message,
   *   INTERRUPTED when it was stopped before anything was measured.
   */
  run(request: LoadRequest): Promise<LoadOutcome>;
}

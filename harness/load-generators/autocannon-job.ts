/** What is said between the harness and the process that runs autocannon. Types only. */
import type { CapacityLevel } from '../../scenarios/capacity.ts';
import type { EndpointPlan, PairedEndpointPlan } from '../../scenarios/endpoint-traffic.ts';
import type { ProbeLevel } from '../../scenarios/probe-levels.ts';
import type { PairedTrafficPlan, TrafficPlan } from '../../scenarios/traffic-plan.ts';
import type { TrafficReading } from '../live/live-reading.ts';
import type { RequestEnds } from './request-ends.ts';

export type AutocannonJob = ProbeJob | CapacityJob;

/** Levels at one service, one after the other. */
export interface ProbeJob {
  readonly kind: 'probes';
  readonly plan: TrafficPlan | EndpointPlan;
  readonly levels: readonly ProbeLevel[];
  /** Gets the samples of each level when the level has ended. */
  readonly samplesFile: string;
}

/** Slices at several services that are up at once, never at two at a time. */
export interface CapacityJob {
  readonly kind: 'capacity';
  readonly plan: PairedTrafficPlan | PairedEndpointPlan;
  readonly levels: readonly CapacityLevel[];
  /** Gets the samples of each slice when the slice has ended; those that only warm up are not among them. */
  readonly samplesFile: string;
}

/** Where the requests of a level or slice went. `sent` must be the sum of the others. */
export interface LevelAccount {
  readonly name: string;
  readonly sent: number;
  readonly answered: number;
  readonly timedOut: number;
  /** The connection broke, or could not be made. */
  readonly lost: number;
  readonly inFlightAtStop: number;
  readonly lastConnectionError: string | null;
  /** Ended early: request after request found no connection. */
  readonly gaveUp: boolean;
}

export type ToChild = AutocannonJob | { readonly kind: 'stop' };

export type FromChild =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'progress';
      readonly level: string;
      readonly traffic: TrafficReading;
      /** Answers per second at this level; `null` before there are two. */
      readonly achievedPerSecond: number | null;
      /** Since it was told last. */
      readonly processors: number;
      readonly loopBusyRatio: number;
      /** Since the last message; a target is named by its number. */
      readonly ends: readonly RequestEnds[];
    }
  | {
      readonly kind: 'finished';
      readonly accounts: readonly LevelAccount[];
      readonly stopped: boolean;
      /** From the job's arrival on: starting Node is not making traffic. */
      readonly cpuMs: number;
    }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * The five scenarios: what traffic, how much, for how long, and what is good enough. Data only; `schedule.ts` turns one of
 * them and a traffic plan into arrivals.
 *
 * Sized for two cores that PostgreSQL, the service and the generator share: at the dataset of `load` the `baseline`
 * variant spends 0.15–0.2 s of CPU on a page of bookings and about 1.5 s on a dispatch, so `load` keeps below 1.5 pages a
 * second and one dispatch in six seconds, and drops nothing.
 */
import type { EndpointKey } from './endpoints.ts';
import type { ScenarioName } from './traffic-plan.ts';

export type { ScenarioName };

/** What one iteration of the mix does, and how many requests it sends one after the other at most. */
export const MIX_ACTIONS = {
  /** A page of a day's bookings, then one of them. */
  'browse bookings': { requests: 2 },
  /** A new booking, then a note on it. */
  'create bookings': { requests: 2 },
  'driver positions': { requests: 1 },
  /** The available drivers, then one of them confirmed as what it is, so that what a dispatch is offered never changes. */
  'driver availability': { requests: 2 },
  'read assignments': { requests: 1 },
} as const;
export type MixAction = keyof typeof MIX_ACTIONS;

/** A stretch of constant arrival rate. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
  /** Iterations of the mix started per second. */
  readonly ratePerSecond: number;
}

export interface DispatchTraffic {
  /** Time from one start of a dispatch to the next. */
  readonly everySeconds: number;
  /** How long a dispatch is followed before it counts as unfinished. */
  readonly deadlineSeconds: number;
  /** Assignments of the finished dispatch whose status is changed, one request each. */
  readonly statusChanges: number;
}

export interface EndpointThreshold {
  readonly p95Ms: number;
  /** Failed requests ÷ requests, 0–1. */
  readonly errorRatio: number;
}

export interface WorkloadThresholds {
  /** Arrivals that may be dropped; `null` where overload is the purpose. */
  readonly droppedIterations: number | null;
  readonly endpoints: Readonly<Partial<Record<EndpointKey, EndpointThreshold>>>;
  /** p95 over all requests of single steps, in milliseconds, by the name of the step. */
  readonly stepP95Ms: Readonly<Record<string, number>>;
  /** p95 of start → completed; `null` when not judged. */
  readonly dispatchP95Ms: number | null;
  /** Dispatches that may fail or not end in time, as a share of those started, 0–1. */
  readonly lostDispatchRatio: number;
  /** Failed requests ÷ requests of every endpoint that a saturation probe drives, 0–1. */
  readonly probeErrorRatio: number;
}

/** A closed-loop saturation probe of one endpoint: each connection sends its next request after the answer. */
export interface SaturationProbe {
  readonly endpoint: Extract<
    EndpointKey,
    'listBookings' | 'listDrivers' | 'listAssignments' | 'setLocation' | 'createBooking' | 'dispatchAndWait'
  >;
  /** Measured one after the other. */
  readonly connections: readonly number[];
  /** Length of each level: a time, or a number of requests per connection. */
  readonly length:
    | { readonly warmUpSeconds: number; readonly seconds: number }
    | { readonly requestsPerConnection: number };
  readonly timeoutSeconds: number;
}

export interface Workload {
  readonly name: ScenarioName;
  readonly purpose: string;
  /** Profile of the dataset it is sized for. */
  readonly datasetProfile: 'smoke' | 'load' | 'stress';
  /** Not measured; runs before the first step. */
  readonly warmUp: { readonly seconds: number; readonly ratePerSecond: number };
  readonly steps: readonly Step[];
  /** Whole-number weights; their sum is the length of one cycle of the mix. */
  readonly mix: Readonly<Record<MixAction, number>>;
  readonly dispatch: DispatchTraffic;
  /** A request that takes longer counts as a timeout. */
  readonly requestTimeoutSeconds: number;
  /**
   * VUs of a step at the most; `null` for as many as keep every arrival at any latency. An overload needs none beyond
   * what shows that it is one: each holds memory of the machine that is measured.
   */
  readonly virtualUserLimit: number | null;
  readonly thresholds: WorkloadThresholds;
  readonly probes: readonly SaturationProbe[];
}

const DAY_MIX: Workload['mix'] = {
  'browse bookings': 6,
  'driver positions': 6,
  'driver availability': 3,
  'create bookings': 3,
  'read assignments': 2,
};

const DAY_THRESHOLDS: WorkloadThresholds = {
  droppedIterations: 0,
  endpoints: {
    listBookings: { p95Ms: 500, errorRatio: 0.01 },
    readBooking: { p95Ms: 300, errorRatio: 0.01 },
    createBooking: { p95Ms: 300, errorRatio: 0.01 },
    changeBooking: { p95Ms: 300, errorRatio: 0.01 },
    listDrivers: { p95Ms: 300, errorRatio: 0.01 },
    setAvailability: { p95Ms: 300, errorRatio: 0.01 },
    setLocation: { p95Ms: 300, errorRatio: 0.01 },
    listAssignments: { p95Ms: 500, errorRatio: 0.01 },
    changeAssignment: { p95Ms: 300, errorRatio: 0.01 },
    startDispatch: { p95Ms: 500, errorRatio: 0 },
    readDispatch: { p95Ms: 300, errorRatio: 0.01 },
  },
  stepP95Ms: {},
  dispatchP95Ms: 5_000,
  lostDispatchRatio: 0,
  probeErrorRatio: 0.01,
};

/** Past its limit a service may refuse and be slow; what counts is that it answers again once the rate is back. */
const OVERLOAD_THRESHOLDS: WorkloadThresholds = {
  droppedIterations: null,
  endpoints: {},
  stepP95Ms: {},
  dispatchP95Ms: null,
  lostDispatchRatio: 1,
  probeErrorRatio: 0.01,
};

const LOAD_STEP: Step = { name: 'steady', seconds: 15, ratePerSecond: 4 };

const LOAD: Workload = {
  name: 'load',
  purpose: 'an ordinary busy hour at a rate that the slowest variant can hold',
  datasetProfile: 'load',
  warmUp: { seconds: 3, ratePerSecond: 4 },
  steps: [LOAD_STEP],
  mix: DAY_MIX,
  dispatch: { everySeconds: 6, deadlineSeconds: 30, statusChanges: 5 },
  requestTimeoutSeconds: 10,
  virtualUserLimit: null,
  thresholds: DAY_THRESHOLDS,
  probes: [
    {
      endpoint: 'listBookings',
      connections: [4],
      length: { warmUpSeconds: 1, seconds: 4 },
      timeoutSeconds: 10,
    },
    {
      endpoint: 'setLocation',
      connections: [4],
      length: { warmUpSeconds: 1, seconds: 3 },
      timeoutSeconds: 10,
    },
    {
      endpoint: 'dispatchAndWait',
      connections: [2],
      length: { requestsPerConnection: 2 },
      timeoutSeconds: 60,
    },
  ],
};

export const WORKLOADS: Readonly<Record<ScenarioName, Workload>> = {
  smoke: {
    ...LOAD,
    name: 'smoke',
    purpose: 'every endpoint once or more, in seconds: does it work at all',
    datasetProfile: 'smoke',
    warmUp: { seconds: 1, ratePerSecond: 2 },
    steps: [{ name: 'steady', seconds: 6, ratePerSecond: 2 }],
    dispatch: { everySeconds: 4, deadlineSeconds: 15, statusChanges: 2 },
    requestTimeoutSeconds: 5,
    probes: [
      {
        endpoint: 'listBookings',
        connections: [2],
        length: { warmUpSeconds: 0.5, seconds: 1 },
        timeoutSeconds: 5,
      },
      {
        endpoint: 'dispatchAndWait',
        connections: [1],
        length: { requestsPerConnection: 1 },
        timeoutSeconds: 30,
      },
    ],
  },
  load: LOAD,
  stress: {
    ...LOAD,
    name: 'stress',
    purpose: 'steps up past the limit and back down: where it is, how it fails, whether it recovers',
    datasetProfile: 'stress',
    warmUp: { seconds: 5, ratePerSecond: 3 },
    steps: [
      { name: 'up to 5/s', seconds: 10, ratePerSecond: 5 },
      { name: 'up to 20/s', seconds: 10, ratePerSecond: 20 },
      { name: 'up to 80/s', seconds: 10, ratePerSecond: 80 },
      { name: 'up to 200/s', seconds: 10, ratePerSecond: 200 },
      { name: 'peak at 400/s', seconds: 10, ratePerSecond: 400 },
      { name: 'back to 80/s', seconds: 10, ratePerSecond: 80 },
      { name: 'back to 5/s', seconds: 10, ratePerSecond: 5 },
    ],
    dispatch: { everySeconds: 10, deadlineSeconds: 60, statusChanges: 5 },
    requestTimeoutSeconds: 4,
    virtualUserLimit: 300,
    thresholds: { ...OVERLOAD_THRESHOLDS, stepP95Ms: { 'up to 5/s': 1_000, 'back to 5/s': 1_000 } },
    probes: [
      {
        endpoint: 'listBookings',
        connections: [1, 8, 32],
        length: { warmUpSeconds: 1, seconds: 5 },
        timeoutSeconds: 30,
      },
      {
        endpoint: 'listDrivers',
        connections: [8],
        length: { warmUpSeconds: 1, seconds: 4 },
        timeoutSeconds: 30,
      },
      {
        endpoint: 'setLocation',
        connections: [1, 8, 32],
        length: { warmUpSeconds: 1, seconds: 4 },
        timeoutSeconds: 30,
      },
      {
        endpoint: 'createBooking',
        connections: [8],
        length: { warmUpSeconds: 1, seconds: 4 },
        timeoutSeconds: 30,
      },
      {
        endpoint: 'dispatchAndWait',
        connections: [1, 2],
        length: { requestsPerConnection: 1 },
        timeoutSeconds: 180,
      },
    ],
  },
  spike: {
    ...LOAD,
    name: 'spike',
    purpose: 'eight times the load from one second to the next: does it hold, does it recover',
    steps: [
      { name: 'before', seconds: 10, ratePerSecond: 4 },
      { name: 'spike', seconds: 10, ratePerSecond: 32 },
      { name: 'after', seconds: 15, ratePerSecond: 4 },
    ],
    requestTimeoutSeconds: 5,
    virtualUserLimit: 300,
    thresholds: { ...OVERLOAD_THRESHOLDS, stepP95Ms: { before: 1_000, after: 1_000 } },
  },
  soak: {
    ...LOAD,
    name: 'soak',
    purpose: 'the load for ten minutes: what grows, leaks or slows down',
    warmUp: { seconds: 5, ratePerSecond: 4 },
    steps: [{ name: 'steady', seconds: 600, ratePerSecond: LOAD_STEP.ratePerSecond }],
  },
};

/**
 * The same arrivals per second from begin to end. Only then do latencies of variants compare: where the rate goes past the
 * limit of one of them, its latency is that of a queue, and arrivals are dropped.
 */
export function isConstantRate(workload: Workload): boolean {
  return workload.steps.length === 1;
}

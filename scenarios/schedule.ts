/** A workload and a traffic plan → arrivals on a time line. Pure; k6 builds its options from it, the harness its phases. */
import type { EndpointTraffic } from './endpoint-traffic.ts';
import { worstConcurrency } from './mix-deck.ts';
import type { TrafficWork } from './traffic-plan.ts';
import { MIX_ACTIONS, type Step, WORKLOADS } from './workloads.ts';

/** Iterations that start at a constant rate, `arrivals` of them, `periodSeconds` apart. */
export interface ArrivalPlan {
  /** Name of the k6 scenario. */
  readonly id: string;
  readonly kind: 'mix' | 'dispatch';
  /** False for the warm-up, which no result counts. */
  readonly measured: boolean;
  /** Name for people: the step, or 'dispatch'. */
  readonly label: string;
  /** From the begin of the traffic. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly periodSeconds: number;
  readonly arrivals: number;
  /** Number of the first iteration: of the mix over the whole run, or the first company-day taken. */
  readonly firstIndex: number;
  /** VUs for the case that every request takes its longest, up to the limit of the workload. */
  readonly virtualUsers: number;
  /** Longer than the longest iteration, so that no request is cut off unseen. */
  readonly gracefulStopSeconds: number;
}

export interface TrafficSchedule {
  readonly arrivals: readonly ArrivalPlan[];
  /** When the measured part begins. */
  readonly measureStartSeconds: number;
  /** When the last arrival is over, not counting the time to finish what was started. */
  readonly endSeconds: number;
  /** Where the plan could not be followed to the letter, for people. */
  readonly notes: readonly string[];
}

/** k6 refuses an arrival-rate scenario that is shorter. */
const SHORTEST_SCENARIO_SECONDS = 1;

/** What a schedule is made from, whatever the iterations do. */
interface Timeline {
  readonly durationFactor: number;
  readonly rateFactor: number;
  /** Of the mix; a warm-up of no length is left out. */
  readonly warmUp: { readonly seconds: number; readonly ratePerSecond: number };
  readonly steps: readonly Step[];
  /** Iterations of the mix that can be under way at once at this rate. */
  concurrencyAt(ratePerSecond: number): number;
  readonly virtualUserLimit: number | null;
  readonly longestIterationSeconds: number;
  readonly dispatch: DispatchTimeline | null;
}

interface DispatchTimeline {
  readonly everySeconds: number;
  /** Of a dispatch that is followed to its end. */
  readonly longestSeconds: number;
  /** What there is to dispatch, each once. */
  readonly available: number;
  /** "company-days" */
  readonly noun: string;
}

/**
 * The arrivals of a traffic plan at one target. `sharedBy` targets share the rate of the mix, but each of them dispatches
 * every company-day or offer, since a dispatch consumes it only in its own database.
 * @throws RangeError listing every fault of a plan that cannot be driven
 */
export function scheduleTraffic(plan: TrafficWork | EndpointTraffic, sharedBy = 1): TrafficSchedule {
  const faults = findPlanFaults(plan);
  if (faults.length > 0) throw new RangeError(`The traffic plan cannot be driven: ${faults.join('; ')}`);
  const timeline = 'kind' in plan ? timelineOfEndpoints(plan) : timelineOfDay(plan);
  const mix = mixArrivals(timeline, sharedBy);
  const measureStartSeconds = timeline.warmUp.seconds * plan.durationFactor;
  const endSeconds = Math.max(...mix.map((step) => step.startSeconds + step.durationSeconds));
  const dispatch =
    timeline.dispatch === null
      ? { arrivals: [], notes: [] }
      : dispatchArrivals(timeline.dispatch, plan.rateFactor, measureStartSeconds, endSeconds);
  return { arrivals: [...mix, ...dispatch.arrivals], measureStartSeconds, endSeconds, notes: dispatch.notes };
}

function timelineOfDay(plan: TrafficWork): Timeline {
  const workload = WORKLOADS[plan.scenario];
  const { mix, requestTimeoutSeconds, dispatch } = workload;
  return {
    ...{ durationFactor: plan.durationFactor, rateFactor: plan.rateFactor },
    ...{ warmUp: workload.warmUp, steps: workload.steps, virtualUserLimit: workload.virtualUserLimit },
    concurrencyAt: (rate) =>
      worstConcurrency(mix, rate, (action) => MIX_ACTIONS[action].requests * requestTimeoutSeconds),
    longestIterationSeconds: 2 * requestTimeoutSeconds,
    dispatch: {
      everySeconds: dispatch.everySeconds,
      longestSeconds: dispatch.deadlineSeconds + requestTimeoutSeconds,
      available: plan.companyDays.length,
      noun: 'company-days',
    },
  };
}

/** More VUs than this cost the measured machine more memory than what they would show is worth. */
const ENDPOINT_VIRTUAL_USERS = 300;

function timelineOfEndpoints(plan: EndpointTraffic): Timeline {
  const { visits, steps, warmUpSeconds, requestTimeoutSeconds, dispatch } = plan;
  const longestOf = (visit: { readonly endpoints: readonly string[] }) =>
    visit.endpoints.length * requestTimeoutSeconds;
  return {
    ...{ durationFactor: plan.durationFactor, rateFactor: plan.rateFactor },
    warmUp: { seconds: warmUpSeconds, ratePerSecond: steps[0]?.ratePerSecond ?? 1 },
    steps,
    concurrencyAt: (rate) =>
      worstConcurrency(
        Object.fromEntries(visits.map(({ weight }, index) => [index, weight])),
        rate,
        (index) => longestOf(visits[Number(index)] ?? { endpoints: [] }),
      ),
    virtualUserLimit: ENDPOINT_VIRTUAL_USERS,
    longestIterationSeconds: Math.max(...visits.map(longestOf)),
    dispatch: dispatch && {
      everySeconds: dispatch.everySeconds,
      longestSeconds: dispatch.timeoutSeconds + requestTimeoutSeconds,
      available: plan.offers.length,
      noun: 'offers',
    },
  };
}

/** What makes a plan impossible, as sentences; empty when it can be driven. */
export function findPlanFaults(plan: TrafficWork | EndpointTraffic): string[] {
  const faults: string[] = [];
  for (const name of ['durationFactor', 'rateFactor'] as const) {
    if (!(plan[name] > 0 && plan[name] < Number.POSITIVE_INFINITY)) {
      faults.push(`${name} must be above 0, got ${plan[name]}`);
    }
  }
  return [...faults, ...('kind' in plan ? findEndpointFaults(plan) : findDayFaults(plan))];
}

function findEndpointFaults({ visits, steps, endpoints }: EndpointTraffic): string[] {
  const faults: string[] = [];
  if (visits.length === 0) faults.push('it has no visit');
  if (steps.length === 0) faults.push('it has no step');
  for (const name of new Set(visits.flatMap((visit) => visit.endpoints))) {
    if (!Object.hasOwn(endpoints, name)) faults.push(`there is no endpoint "${name}"`);
  }
  return faults;
}

function findDayFaults(plan: TrafficWork): string[] {
  const faults: string[] = [];
  if (!Object.hasOwn(WORKLOADS, plan.scenario)) faults.push(`there is no scenario "${plan.scenario}"`);
  if (plan.logins.length === 0) faults.push('it has no login');
  if (plan.browseDays.length === 0) faults.push('it has no day to browse');
  const loggedIn = new Set(plan.logins.map(({ companyId }) => companyId));
  const strangers = new Set(plan.companyDays.map((day) => day.companyId).filter((id) => !loggedIn.has(id)));
  for (const id of strangers) faults.push(`company ${id} is to be dispatched but has no login`);
  for (const id of loggedIn) {
    if (!plan.clients.some(({ companyId }) => companyId === id)) faults.push(`company ${id} has no clients`);
  }
  const days = plan.companyDays.map(({ companyId, day }) => `${companyId}/${day}`);
  if (new Set(days).size < days.length) faults.push('a company-day is listed twice');
  return faults;
}

function mixArrivals(timeline: Timeline, sharedBy: number): ArrivalPlan[] {
  const warmUp = { name: 'warm-up', ...timeline.warmUp };
  let startSeconds = 0;
  let firstIndex = 0;
  return [warmUp, ...timeline.steps].flatMap((step, position) => {
    if (step.seconds === 0) return [];
    const ratePerSecond = (step.ratePerSecond * timeline.rateFactor) / sharedBy;
    const durationSeconds = step.seconds * timeline.durationFactor;
    const timing = spacing(Math.max(1, Math.round(ratePerSecond * durationSeconds)), 1 / ratePerSecond);
    const arrivals: ArrivalPlan = {
      id: position === 0 ? 'warm-up' : `step-${position}`,
      kind: 'mix',
      measured: position > 0,
      label: step.name,
      startSeconds,
      durationSeconds,
      ...timing,
      firstIndex,
      virtualUsers: Math.min(
        timing.arrivals,
        timeline.virtualUserLimit ?? Number.POSITIVE_INFINITY,
        timeline.concurrencyAt(1 / timing.periodSeconds),
      ),
      gracefulStopSeconds: timeline.longestIterationSeconds + 1,
    };
    startSeconds += durationSeconds;
    firstIndex += timing.arrivals;
    return [arrivals];
  });
}

function dispatchArrivals(timeline: DispatchTimeline, rateFactor: number, measureStart: number, end: number) {
  const everySeconds = timeline.everySeconds / rateFactor;
  const { available } = timeline;
  const wantedWarmUp = Math.ceil(measureStart / everySeconds);
  const wanted = Math.ceil((end - measureStart) / everySeconds);
  // A cold first dispatch would be measured: one goes to the warm-up wherever there are two.
  const warmUp = available < 2 ? 0 : Math.min(wantedWarmUp, Math.max(1, available - wanted));
  const measured = Math.min(wanted, available - warmUp);
  // A list that is too short is spread over the whole time: the load stays the same from begin to end.
  const periodSeconds = measured < wanted ? (end - measureStart) / measured : everySeconds;
  const { longestSeconds } = timeline;
  const shared = { longestSeconds, measureEnd: end };
  const arrivals = [
    dispatchPlan({
      ...shared,
      arrivals: warmUp,
      periodSeconds: everySeconds,
      start: 0,
      measured: false,
      first: 0,
    }),
    dispatchPlan({
      ...shared,
      arrivals: measured,
      periodSeconds,
      start: measureStart,
      measured: true,
      first: warmUp,
    }),
  ].filter((arrival) => arrival.arrivals > 0);
  return { arrivals, notes: dispatchNotes(timeline, wantedWarmUp - warmUp, wanted, measured) };
}

function dispatchPlan(options: {
  longestSeconds: number;
  arrivals: number;
  periodSeconds: number;
  start: number;
  measured: boolean;
  first: number;
  measureEnd: number;
}): ArrivalPlan {
  const { longestSeconds } = options;
  const timing = spacing(Math.max(1, options.arrivals), options.periodSeconds);
  return {
    id: options.measured ? 'dispatch' : 'warm-up-dispatch',
    kind: 'dispatch',
    measured: options.measured,
    label: options.measured ? 'dispatch' : 'warm-up dispatch',
    startSeconds: options.start,
    durationSeconds: options.measured
      ? options.measureEnd - options.start
      : timing.periodSeconds * options.arrivals,
    ...timing,
    arrivals: options.arrivals,
    firstIndex: options.first,
    virtualUsers: Math.min(options.arrivals, Math.ceil(longestSeconds / timing.periodSeconds) + 1),
    gracefulStopSeconds: longestSeconds + 1,
  };
}

function dispatchNotes(
  { available, noun }: DispatchTimeline,
  noWarmUp: number,
  wanted: number,
  measured: number,
): string[] {
  const notes: string[] = [];
  if (measured < wanted) {
    notes.push(`${measured} dispatches instead of ${wanted}: the plan has ${available} ${noun}`);
  }
  if (noWarmUp > 0) notes.push(`no dispatch in the warm-up: the plan has too few ${noun}`);
  return notes;
}

/** Arrivals 0 … n-1, one period apart; the period grows where k6 would refuse so short a scenario. */
function spacing(arrivals: number, wantedPeriodSeconds: number) {
  const periodSeconds = Math.max(wantedPeriodSeconds, SHORTEST_SCENARIO_SECONDS / (arrivals - 0.5));
  return { arrivals, periodSeconds };
}

/**
 * How long k6 has to run an arrival plan, in seconds: half a period past the last arrival. With a whole number of periods
 * both ends fire, and whether the last one does is a race.
 */
export function scenarioSeconds(plan: ArrivalPlan): number {
  return (plan.arrivals - 0.5) * plan.periodSeconds;
}

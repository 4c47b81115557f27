/** A scenario and targets → slices that measure how many requests a second each target can answer. Pure. */
import type { EndpointTraffic } from './endpoint-traffic.ts';
import { levelName, probedName, probesOf } from './probe-levels.ts';
import { shuffledTurns } from './target-turns.ts';
import type { TrafficWork } from './traffic-plan.ts';

/** One endpoint at one number of connections. */
export interface CapacityLevel {
  /** For people, unique in its run. */
  readonly name: string;
  /** As the plan names it. */
  readonly endpoint: string;
  /** As results name it. */
  readonly endpointName: string;
  readonly connections: number;
  readonly timeoutSeconds: number;
  /** A slice takes this to twice this long, or as long as two requests on each connection if that is longer. */
  readonly sliceSeconds: number;
  /** In the order they run. */
  readonly slices: readonly CapacitySlice[];
}

/** Requests at one target; meanwhile the others wait. */
export interface CapacitySlice {
  /** Unique in its run. */
  readonly name: string;
  readonly target: number;
  /** Counts the slices of this target at this level, from 0. */
  readonly round: number;
}

/** Of each target at each level: enough for a median that one disturbance does not move. */
export const CAPACITY_SLICES = 4;

/** Below a second the start of the connections shows, and a single pause of the machine. */
const SLICE_SECONDS = 1;

/** At least two requests on each connection: with one, none is sent while another one is being answered. */
const LEAST_POWER = 1;

/** Of endpoints that are not ours: enough to keep two cores busy, few enough for a pair to take no longer than its other half. */
const ENDPOINT_CONNECTIONS: readonly number[] = [4];
/** Far from the numbers that the turns of the mix are shuffled by. */
const FIRST_KEY = 1_000_000;

/**
 * The levels of a scenario's probes that consume nothing; a dispatch takes a company-day with it. In each round every
 * target has one slice, in random order. Times follow `durationFactor`.
 */
export function planCapacity(
  work: TrafficWork | EndpointTraffic,
  targets: readonly string[],
  slices: number = CAPACITY_SLICES,
): CapacityLevel[] {
  const probes = probesOf(work, ENDPOINT_CONNECTIONS).filter(({ length }) => 'seconds' in length);
  const levels = probes.flatMap(({ endpoint, connections, timeoutSeconds }) =>
    connections.map((count) => ({
      endpoint,
      endpointName: probedName(work, endpoint),
      connections: count,
      timeoutSeconds,
    })),
  );
  return levels.map((level, position) => {
    const name = levelName(work, level.endpoint, level.connections);
    const rounds = Array.from({ length: slices }, (_, round) => round);
    const shuffling = { randomSeed: work.randomSeed, targets: targets.length };
    return {
      ...level,
      name,
      sliceSeconds: SLICE_SECONDS * work.durationFactor,
      slices: rounds.flatMap((round) =>
        shuffledTurns(shuffling, FIRST_KEY + position * slices + round).map((target) => ({
          name: `${name} at ${targets[target]} slice ${round + 1}`,
          target,
          round,
        })),
      ),
    };
  });
}

/** Rates of a warm-up that differ by less are taken for alike: on a busy machine equal targets have shown a factor of 3. */
const ALIKE_FACTOR = 4;

/**
 * Requests of a slice of each target, from what it answered per second before. A number, since a time would cut off
 * requests that then run into the next slice. Powers of two, and one number for all targets that are alike: they get the
 * same work, at the cost of slices up to twice as short or long.
 */
export function sizeSlices(
  ratesPerSecond: readonly number[],
  level: Pick<CapacityLevel, 'connections' | 'sliceSeconds'>,
): number[] {
  const [slowest, fastest] = [Math.min(...ratesPerSecond), Math.max(...ratesPerSecond)];
  const alike = fastest < ALIKE_FACTOR * slowest;
  return ratesPerSecond.map((rate) => {
    const sizingRate = alike ? Math.sqrt(slowest * fastest) : rate;
    const perConnection = (sizingRate * level.sliceSeconds) / level.connections;
    return level.connections * 2 ** Math.max(LEAST_POWER, Math.ceil(Math.log2(perConnection)));
  });
}

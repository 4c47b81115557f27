/** Iterations that are counted, whatever becomes of them, for the target they are for. */
import exec from 'k6/execution';
import type { ArrivalPlan } from '../schedule.ts';
import type { NamedTarget } from '../traffic-targets.ts';
import { exceptions, iterationsStarted } from './metrics.ts';
import { arrivalsOf, arrivalsOfAll } from './plan.ts';

/** Where this iteration stands in its k6 scenario. */
export interface Place {
  /** Those at each target. */
  readonly arrivals: ArrivalPlan;
  /** Among the iterations of all targets, from 0. */
  readonly position: number;
}

/** `null` for an iteration too many. */
export function currentPlace(): Place | null {
  const id = exec.scenario.name;
  const planned = arrivalsOfAll.find((arrivals) => arrivals.id === id)?.arrivals ?? 0;
  const position = exec.scenario.iterationInTest;
  // A late scheduler may fire once more than was planned; it would take a company-day that belongs to another phase.
  return position < planned ? { arrivals: arrivalsOf(id), position } : null;
}

/** Counts `work` as an iteration at this target, and tags all its samples. An exception is counted and passed on. */
export function counted(target: NamedTarget, work: () => void): void {
  if (target.name !== null) exec.vu.metrics.tags.variant = target.name;
  iterationsStarted.add(1);
  try {
    work();
  } catch (error) {
    exceptions.add(1);
    throw error;
  }
}

/** What k6 counts from here on, the end of the iteration too, is no single target's and counts for each of them. */
export function untagTarget(): void {
  delete exec.vu.metrics.tags.variant;
}

/** An iteration that is counted, whatever becomes of it. */
import exec from 'k6/execution';
import type { ArrivalPlan } from '../schedule.ts';
import { exceptions, iterationsStarted } from './metrics.ts';
import { arrivalsOf } from './plan.ts';

/** Runs one iteration of the current scenario; `position` counts its iterations from 0. An exception is counted and passed on. */
export function counted(iteration: (arrivals: ArrivalPlan, position: number) => void): void {
  const arrivals = arrivalsOf(exec.scenario.name);
  const position = exec.scenario.iterationInTest;
  // A late scheduler may fire once more than was planned; it would take a company-day that belongs to another phase.
  if (position >= arrivals.arrivals) return;
  iterationsStarted.add(1);
  try {
    iteration(arrivals, position);
  } catch (error) {
    exceptions.add(1);
    throw error;
  }
}

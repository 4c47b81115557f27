import { singular, wordsOf } from './name-words.ts';

/** What a state can mean to a harness: of bookings, of past work, and of a run that is polled. */
export type Meaning =
  | 'open'
  | 'assigned'
  | 'unassigned'
  | 'completed'
  | 'cancelled'
  | 'done'
  | 'failed'
  | 'declined';

const WORDS: Readonly<Record<Meaning, string>> = {
  open: 'open unassigned pending new requested waiting queued unplanned received placed created ready submitted todo',
  assigned: 'assigned allocated scheduled planned dispatched matched',
  unassigned: 'unassigned unassignable unplaced unplanned unserved infeasible deferred skipped parked',
  completed: 'completed complete done delivered finished fulfilled closed served',
  cancelled: 'cancelled canceled void aborted withdrawn',
  done: 'completed complete done finished succeeded success successful ready ok solved applied planned',
  failed: 'failed failure error errored cancelled canceled aborted timeout timedout rejected infeasible',
  declined: 'declined rejected refused',
};

/** Labels that mean this, in their own order. */
export function labelsThatMean(meaning: Meaning, labels: readonly string[]): string[] {
  const words = WORDS[meaning].split(' ');
  return labels.filter((label) => words.includes(wordsOf(label).join('')));
}

/** The only label that means this; `null` when there is none or a choice. @param taken labels that mean something else */
export function labelOf(
  meaning: Meaning,
  labels: readonly string[],
  taken: readonly (string | null)[] = [],
): string | null {
  const found = labelsThatMean(meaning, labels).filter((label) => !taken.includes(label));
  return found.length === 1 ? (found[0] as string) : null;
}

/** `status`, `order_state`, `currentPhase`. */
export function isStateName(name: string): boolean {
  return /^(status|state|phase|stage)$/.test(singular(wordsOf(name).at(-1) ?? ''));
}

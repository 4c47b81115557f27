/** A task with what was expected of it, what it took when it has ended, and how long it has been under way, all in seconds. */
export interface TimedTask {
  readonly expectedSeconds: number;
  readonly tookSeconds: number | null;
  readonly elapsedSeconds?: number;
}

/** How far a machine may be thought to be from the one the expectations come from. */
const PACE = { least: 0.3, most: 4 } as const;

/**
 * Seconds that the tasks which have not ended will take: what is expected of them, corrected by how long those that have ended
 * took. An estimate, only ever told as "about".
 */
export function secondsLeft(tasks: readonly TimedTask[]): number {
  const ended = tasks.filter((task) => task.tookSeconds !== null);
  const expected = sum(ended.map((task) => task.expectedSeconds));
  const took = sum(ended.map((task) => task.tookSeconds ?? 0));
  // Half a minute of what was expected weighs against a pace that only a short task shows.
  const pace = Math.min(PACE.most, Math.max(PACE.least, (took + 30) / (expected + 30)));
  const open = tasks.filter((task) => task.tookSeconds === null);
  return sum(
    open.map(({ expectedSeconds, elapsedSeconds = 0 }) =>
      Math.max(0, pace * expectedSeconds - elapsedSeconds),
    ),
  );
}

/** "under a minute", "about 4 min" */
export function leftWords(seconds: number): string {
  return seconds < 50 ? 'under a minute' : `about ${Math.max(1, Math.round(seconds / 60))} min`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

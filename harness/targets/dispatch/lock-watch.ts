import type { LockWait, ServiceActivity } from './service-activity.ts';

/** What was seen while a dispatch took long. */
export interface LongWait {
  readonly looks: number;
  /** Looks at which a session of the service waited for a lock, and for which. */
  readonly lockWaits: readonly LockWait[];
  readonly looksWithLock: number;
  /** Looks at which no session of the service was at work in the database. */
  readonly looksWithoutWork: number;
}

export interface LockWatch {
  /** Ends the watch. */
  stop(): Promise<LongWait>;
}

export interface LockWatchTimes {
  /** A dispatch shorter than this is not looked at: a look is not measured work. */
  readonly afterMs: number;
  readonly everyMs: number;
}

/** Looks at the sessions of a service now and then, once a dispatch has taken long. */
export function watchForLocks(activity: ServiceActivity, { afterMs, everyMs }: LockWatchTimes): LockWatch {
  const seen = { looks: 0, lockWaits: [] as LockWait[], looksWithLock: 0, looksWithoutWork: 0 };
  let looking: Promise<void> = Promise.resolve();
  let timer = setTimeout(look, afterMs);
  let stopped = false;

  function look(): void {
    looking = activity
      .look(0)
      .then(({ working, waitingForLock }) => {
        seen.looks++;
        if (waitingForLock.length > 0) seen.looksWithLock++;
        if (working === 0) seen.looksWithoutWork++;
        seen.lockWaits.push(...waitingForLock);
      })
      // A server that cannot be asked is told by whoever needs its answer.
      .catch(() => {})
      .then(() => {
        if (!stopped) timer = setTimeout(look, everyMs);
      });
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await looking;
      return seen;
    },
  };
}

/**
 * Why a dispatch took long, where it was for waiting and not for work: at half of the looks or more a session waited for a lock, or none
 * was at work although the dispatch took `muchLonger` than the others. `null` when it worked.
 */
export function describeWait(wait: LongWait, wallMs: number, muchLonger: boolean): string | null {
  if (wait.looks === 0) return null;
  const seconds = (wallMs / 1000).toFixed(1);
  if (wait.looksWithLock * 2 >= wait.looks) {
    const locks = [...new Set(wait.lockWaits.map(({ lock }) => lock))].join(', ');
    const holders = [...new Set(wait.lockWaits.flatMap((one) => one.holders))].join(', ');
    return `waited for a lock (${locks}${holders ? `, held by ${holders}` : ''}) most of its ${seconds} s`;
  }
  if (muchLonger && wait.looksWithoutWork * 2 >= wait.looks)
    return `took ${seconds} s, in most of which the database had nothing to do: it waited outside of it, as for a lock that an earlier run still holds`;
  return null;
}

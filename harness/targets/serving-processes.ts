import { acceptingAt } from '../machine/process-family.ts';
import { isStillRunning } from '../machine/process-identity.ts';

/** The processes that accept a service's connections, as they were when it was up. */
export interface ServingProcesses {
  /** False where this platform does not tell them, or somebody else accepts for the service: a container's proxy. */
  readonly known: boolean;
  /** How they were replaced since, as the end of a sentence; `null` while one of them still runs. */
  change(): string | null;
}

/**
 * A supervisor starts a service anew without a word, and the health path answers again. The pid and the start of whoever accepts its
 * connections tell: when none of those runs any more, it was replaced. One worker of several that was replaced is none of this.
 *
 * @param pids among which they are looked for
 */
export function watchServing(port: number, pids: readonly number[]): ServingProcesses {
  const then = acceptingAt(port, pids);
  return {
    known: then.length > 0,
    change: () => {
      if (then.length === 0 || then.some((one) => isStillRunning(one.pid, one.startedAt))) return null;
      return `the process(es) that served it (pid ${then.map(({ pid }) => pid).join(', ')}) have ended`;
    },
  };
}

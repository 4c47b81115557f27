/** Whether the traffic, and not the service, sets the pace. Pure. */
import type { GeneratorStrain } from '../load-generators/load-generator.ts';
import { formatCount, formatShare } from '../quantity.ts';

/** What was seen in one reading. */
export interface PaceSigns {
  readonly generator: string;
  readonly strain: GeneratorStrain | undefined;
  /** Arrivals that found no free VU since the reading before. */
  readonly droppedSince: number;
  /** Processors that service and database used meanwhile; `null` where this platform cannot tell. */
  readonly serviceProcessors: number | null;
  /** Sessions at work, on average; `null` where they cannot be seen. */
  readonly activeSessions: number | null;
}

/** So many readings in a row, a second apart: what lasts less is a stutter of the machine. */
const IN_A_ROW = 3;

/** k6's own advice is to leave a fifth of the processors idle (Grafana k6 documentation, "Running large tests"). */
const PROCESSORS_SHARE = 0.8;

const LOOP_SHARE = 0.95;

/** Below it a service has next to nothing to do. */
const IDLE_PROCESSORS = 0.1;

/** Finds the reason once, and says it then. */
export class BottleneckWatch {
  readonly #inARow = new Map<string, number>();
  #found: string | null = null;

  /** The sentence, from the reading on in which it is known; `null` before. */
  take(signs: PaceSigns): string | null {
    for (const [name, sentence] of Object.entries(reasonsIn(signs))) {
      const count = sentence === null ? 0 : (this.#inARow.get(name) ?? 0) + 1;
      this.#inARow.set(name, count);
      if (count >= IN_A_ROW) this.#found ??= sentence;
    }
    return this.#found;
  }

  get sentence(): string | null {
    return this.#found;
  }
}

function reasonsIn(signs: PaceSigns): Record<string, string | null> {
  return { processors: busyProcessors(signs), loop: busyLoop(signs), users: idleService(signs) };
}

function busyProcessors({ generator, strain }: PaceSigns): string | null {
  if (!strain || strain.processors === null) return null;
  const { processors, mostProcessors } = strain;
  if (processors < PROCESSORS_SHARE * mostProcessors) return null;
  const all = mostProcessors === 1 ? 'the one processor' : `the ${formatCount(mostProcessors)} processors`;
  return `${generator} is the bottleneck, not the service: it used ${formatShare(processors / mostProcessors)} of ${all} that it can use, so latencies hold its own waiting. Plan less, or run it where more processors are free`;
}

function busyLoop({ generator, strain }: PaceSigns): string | null {
  const busy = strain?.loopBusyRatio ?? 0;
  if (busy < LOOP_SHARE) return null;
  return `${generator} is the bottleneck, not the service: its event loop was busy ${formatShare(busy)} of the time, so more connections cannot show more of the service`;
}

function idleService(signs: PaceSigns): string | null {
  const { droppedSince, serviceProcessors, activeSessions } = signs;
  if (droppedSince === 0 || serviceProcessors === null || activeSessions === null) return null;
  if (serviceProcessors >= IDLE_PROCESSORS || activeSessions >= IDLE_PROCESSORS) return null;
  return `${signs.generator} is the bottleneck, not the service: arrivals found no free VU while service and database had next to nothing to do. The scenario has too few VUs for requests that only wait`;
}

import type { LoadedConfig } from '../../config/loaded-config.ts';
import type { Question, ReadOnlySession } from '../../postgres/read-only-session.ts';
import type { LockWatchTimes } from './lock-watch.ts';
import type { LoginDesk } from './logins.ts';
import type { DispatchMemory } from './memory.ts';
import type { Oddities } from './oddities.ts';
import type { PacedService } from './rate-limit.ts';
import type { BackgroundStatements, ServiceActivity } from './service-activity.ts';

/** Times of the harness's own making, in ms. */
export interface DispatchTimes {
  /** Longest wait for the service's statements to stop. */
  readonly settleBoundMs: number;
  /** Between two looks at whether they have. */
  readonly settleLookMs: number;
  readonly locks: LockWatchTimes;
  /** By so much a first dispatch has to be slower than the next ones before it is told. */
  readonly firstCallMs: number;
}

export const DISPATCH_TIMES: DispatchTimes = {
  settleBoundMs: 10_000,
  settleLookMs: 20,
  locks: { afterMs: 2_000, everyMs: 1_000 },
  firstCallMs: 500,
};

/** What all dispatches of one dispatcher share. */
export interface DispatchContext {
  readonly loaded: LoadedConfig;
  readonly service: PacedService;
  readonly desk: LoginDesk;
  readonly session: ReadOnlySession;
  readonly activity: ServiceActivity;
  readonly oddities: Oddities;
  readonly times: DispatchTimes;
  readonly signal: AbortSignal;
  readonly rows: Question;
  /** Of a completion by SQL. */
  readonly condition: Question | null;
  readonly memory: DispatchMemory;
  readonly background: BackgroundStatements;
}

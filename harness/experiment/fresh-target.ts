import type { PostgresServer } from '../postgres/server.ts';
import type { Clone } from '../postgres/templates.ts';
import { withResources } from '../resources.ts';
import type { RunningService, ServicePlace, Target } from '../targets/target.ts';
import { behindFailure, type Ground } from './behind-failure.ts';

/** One variant of the service on a database of its own. */
export interface FreshTarget extends ServicePlace {
  readonly database: Clone;
}

export interface FreshTargetOptions {
  readonly server: PostgresServer;
  readonly target: Target;
  readonly template: string;
  readonly variant: string;
  /** Busy time added to each request ÷ its service time; default none. */
  readonly injectedSlowdownRatio?: number;
  /** Services that share one accept each other's logins; default: one of its own. */
  readonly secret?: string;
  /** Where the service is to find its database instead: a tap between the two. Default: the database itself. */
  readonly through?: (databaseUrl: string) => string;
  readonly signal: AbortSignal;
}

/** Starts the service of a target; it answers as soon as its clone is there. */
function startTarget(options: FreshTargetOptions, databaseName: string): Promise<RunningService> {
  const { target, injectedSlowdownRatio, secret, through } = options;
  const databaseUrl = options.server.serviceUrl(databaseName);
  return target.startService({
    variant: options.variant,
    databaseUrl: through?.(databaseUrl) ?? databaseUrl,
    signal: options.signal,
    ...(injectedSlowdownRatio === undefined ? {} : { injectedSlowdownRatio }),
    ...(secret === undefined ? {} : { secret }),
  });
}

/**
 * Gives `work` a fresh clone and a fresh service process, and takes both down afterwards. Every measurement gets its
 * own: same rows, same cache state, no warm plan or pool of an earlier one.
 */
export async function withFreshTarget<T>(
  options: FreshTargetOptions,
  work: (target: FreshTarget) => Promise<T>,
): Promise<T> {
  return withFreshTargets([options], ([target]) => work(target as FreshTarget));
}

/**
 * The same for several targets at once, for a pair. The services load their code while the clones are made, in the given
 * order; all are up, and nothing of it goes on, before `work` gets them in that order.
 */
export async function withFreshTargets<T>(
  options: readonly FreshTargetOptions[],
  work: (targets: readonly FreshTarget[]) => Promise<T>,
): Promise<T> {
  return withResources(async (onRelease) => {
    const names = options.map(({ target, variant }) => target.newDatabaseName(variant));
    const givenUp = new AbortController();
    const start = (one: FreshTargetOptions, index: number) => {
      const signal = AbortSignal.any([one.signal, givenUp.signal]);
      const service = startTarget({ ...one, signal }, names[index] as string);
      service.catch(() => {}); // may fail while a clone is made: told by the await below
      return service;
    };
    const starting = new Map<number, Promise<RunningService>>();
    // Alone it has nothing to gain: its own clone is all that is waited for.
    const ahead = options.length > 1 ? [...options.entries()] : [];
    for (const [index, one] of ahead) {
      if (one.target.waitsForDatabase) starting.set(index, start(one, index));
    }
    const databases: Clone[] = [];
    // One release for all: a database goes after the service that has sessions in it.
    onRelease(async () => {
      givenUp.abort(); // without its clone a service would be waited for
      await stopAll([...starting.values()]);
      for (const database of databases) await database.drop();
    });
    for (const [index, { server, target, template, variant, signal }] of options.entries()) {
      const databaseName = names[index] as string;
      databases.push(await target.openDatabase({ server, template, variant, databaseName, signal }));
      if (!starting.has(index)) starting.set(index, start(options[index] as FreshTargetOptions, index));
    }
    const services = (await Promise.all(options.map((_, index) => starting.get(index)))) as RunningService[];
    const targets = options.map(({ server }, index) => ({
      server,
      service: services[index] as RunningService,
      database: databases[index] as Clone,
    }));
    const [first] = options;
    return first ? onGround({ ...first, services }, () => work(targets)) : work(targets);
  });
}

/** What was measured on a service that has ended, or was started anew meanwhile, does not count. */
async function onGround<T>(ground: Ground, work: () => Promise<T>): Promise<T> {
  try {
    const measured = await work();
    for (const { failure } of ground.services) {
      const reason = failure?.() ?? null;
      if (reason) throw reason;
    }
    return measured;
  } catch (error) {
    throw await behindFailure(error, ground);
  }
}

/** Stops those that have started or will yet; one that could not start has stopped itself. */
async function stopAll(starting: readonly Promise<RunningService>[]): Promise<void> {
  const starts = await Promise.allSettled(starting);
  await Promise.all(starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value.stop()] : [])));
}

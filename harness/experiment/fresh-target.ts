import type { PostgresServer } from '../postgres/server.ts';
import { type Clone, cloneTemplate, newCloneName } from '../postgres/templates.ts';
import { withResources } from '../resources.ts';
import { type ServiceProcess, startService } from '../service/service-process.ts';

/** One variant of the service on a database of its own. */
export interface FreshTarget {
  readonly service: ServiceProcess;
  readonly database: Clone;
}

export interface FreshTargetOptions {
  readonly server: PostgresServer;
  readonly template: string;
  readonly variant: string;
  /** What Node is to start instead of the reference service: see `ServiceOptions.entry`. */
  readonly entry?: readonly string[];
  /** Busy time added to each request ÷ its service time; default none. */
  readonly injectedSlowdownRatio?: number;
  /** Services that share one accept each other's tokens; default: one of its own. */
  readonly jwtSecret?: string;
  /** Where the service is to find its database instead: a tap between the two. Default: the database itself. */
  readonly through?: (databaseUrl: string) => string;
  readonly signal: AbortSignal;
}

/** Starts the service of a target; it answers as soon as its clone is there. */
function startTarget(options: FreshTargetOptions, databaseName: string): Promise<ServiceProcess> {
  const { entry, injectedSlowdownRatio, jwtSecret, through } = options;
  const databaseUrl = options.server.serviceUrl(databaseName);
  return startService({
    variant: options.variant,
    databaseUrl: through?.(databaseUrl) ?? databaseUrl,
    signal: options.signal,
    ...(entry === undefined ? {} : { entry }),
    ...(injectedSlowdownRatio === undefined ? {} : { injectedSlowdownRatio }),
    ...(jwtSecret === undefined ? {} : { jwtSecret }),
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
  return withResources(async (onRelease) => {
    const database = await cloneTemplate(options.server, options.template);
    onRelease(database.drop);
    const service = await startTarget(options, database.name);
    onRelease(service.stop);
    return work({ service, database });
  });
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
    const names = options.map(() => newCloneName());
    const givenUp = new AbortController();
    const starting = options.map((one, index) => {
      const signal = AbortSignal.any([one.signal, givenUp.signal]);
      return startTarget({ ...one, signal }, names[index] as string);
    });
    for (const start of starting) start.catch(() => {}); // may fail while a clone is made: told by the await below
    const databases: Clone[] = [];
    // One release for all: a database goes after the service that has sessions in it.
    onRelease(async () => {
      givenUp.abort(); // without its clone a service would be waited for
      await stopAll(starting);
      for (const database of databases) await database.drop();
    });
    for (const [index, one] of options.entries()) {
      databases.push(await cloneTemplate(one.server, one.template, names[index]));
    }
    const services = await Promise.all(starting);
    return work(services.map((service, index) => ({ service, database: databases[index] as Clone })));
  });
}

/** Stops those that have started or will yet; one that could not start has stopped itself. */
async function stopAll(starting: readonly Promise<ServiceProcess>[]): Promise<void> {
  const starts = await Promise.allSettled(starting);
  await Promise.all(starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value.stop()] : [])));
}

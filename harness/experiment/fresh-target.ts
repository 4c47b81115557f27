import type { PostgresServer } from '../postgres/server.ts';
import { type Clone, cloneTemplate } from '../postgres/templates.ts';
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
  /** Busy time added to each request ÷ its service time; default none. */
  readonly injectedSlowdownRatio?: number;
  /** Services that share one accept each other's tokens; default: one of its own. */
  readonly jwtSecret?: string;
  readonly signal: AbortSignal;
}

/** Starts the service of a target on its clone. */
export function startTarget(options: FreshTargetOptions, database: Clone): Promise<ServiceProcess> {
  const { injectedSlowdownRatio, jwtSecret } = options;
  return startService({
    variant: options.variant,
    databaseUrl: options.server.serviceUrl(database.name),
    signal: options.signal,
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
    const service = await startTarget(options, database);
    onRelease(service.stop);
    return work({ service, database });
  });
}

/**
 * The same for several targets at once, for a pair: clones are made in the given order, then all services start
 * together. `work` gets them in that order.
 */
export async function withFreshTargets<T>(
  options: readonly FreshTargetOptions[],
  work: (targets: readonly FreshTarget[]) => Promise<T>,
): Promise<T> {
  return withResources(async (onRelease) => {
    const databases: Clone[] = [];
    for (const one of options) {
      const database = await cloneTemplate(one.server, one.template);
      onRelease(database.drop);
      databases.push(database);
    }
    const starts = await Promise.allSettled(
      options.map((one, index) => startTarget(one, databases[index] as Clone)),
    );
    const services = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    onRelease(() => Promise.all(services.map((service) => service.stop())));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed) throw failed.reason;
    return work(services.map((service, index) => ({ service, database: databases[index] as Clone })));
  });
}

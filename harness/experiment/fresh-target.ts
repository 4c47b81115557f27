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
  readonly signal: AbortSignal;
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
    const service = await startService({
      variant: options.variant,
      databaseUrl: options.server.serviceUrl(database.name),
      signal: options.signal,
    });
    onRelease(service.stop);
    return work({ service, database });
  });
}

/** A variant comes up: its code, its database with the hooks around it, its service and workers, its warm-up. */
import type { LoadedConfig } from '../config/loaded-config.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { Clone } from '../postgres/templates.ts';
import { countOf, formatDuration } from '../quantity.ts';
import { configuredTarget } from '../targets/configured-target.ts';
import { sourceCommitOf, variantFolder } from '../targets/source-checkout.ts';
import type { RunningService, ServicePlace } from '../targets/target.ts';
import { warmUp } from '../targets/warm-up.ts';
import { type CheckContext, changed } from './check-context.ts';
import { type Found, given, type Tried } from './parts.ts';
import type { VariantPlace } from './try-variant.ts';

/** The code of a variant that is a commit; `null` for one that is where the config is. */
export async function trySource(
  { parts, loaded, signal, onProgress }: CheckContext,
  { name, part }: VariantPlace,
): Promise<Tried<null> | null> {
  const source = loaded.config.variants[name]?.source;
  if (!source) return null;
  const remedy = `Correct variants.${name}.source.`;
  return parts.try(part('source', 'source and build', remedy), [], async () => {
    const commit = await sourceCommitOf(loaded, name, signal);
    const folder = await variantFolder(loaded, name, { signal, onProgress });
    const built = source.build?.length ? `, built by ${countOf(source.build.length, 'command')}` : '';
    return { value: null, detail: `${source.ref} is ${commit?.slice(0, 12)}${built}, in ${folder}` };
  });
}

/** The database that the service is to work in, and the hooks around it: without them when they fail. */
export async function tryDatabase(
  { parts, loaded, server, signal }: CheckContext,
  { name, part }: VariantPlace,
  template: Tried<string>,
): Promise<Tried<Clone>> {
  const hooks = loaded.config.hooks ?? {};
  const count = (hooks.beforeReset?.length ?? 0) + (hooks.afterReset?.length ?? 0);
  const open = (config: LoadedConfig) => {
    const target = configuredTarget(config);
    const databaseName = target.newDatabaseName(name);
    return target.openDatabase({ server, template: given(template), variant: name, databaseName, signal });
  };
  const attempt = { hookFailure: null as unknown };
  const served = loaded.config.variants[name]?.database;
  const database = await parts.try(
    part('clone', 'database', `Correct variants.${name}.database.`),
    [template],
    async (): Promise<Found<Clone>> => {
      const clone = await open(loaded).catch((error: unknown) => {
        if (!messageOf(error).startsWith('hooks.')) throw error;
        attempt.hookFailure = error;
        return open(changed(loaded, { hooks: {} }));
      });
      const stays = served === clone.name ? ', which stays: the service is connected to it' : '';
      return { value: clone, detail: `a clone, as each measurement gets one${stays}` };
    },
  );
  if (count === 0) return database;
  await parts.try(part('hooks', 'hooks', 'Correct `hooks`.'), [database], async () => {
    if (attempt.hookFailure) throw attempt.hookFailure;
    return { value: null, detail: `${countOf(count, 'command')} ran to the end` };
  });
  return database;
}

interface ServiceNeeds {
  readonly needs: readonly Tried<unknown>[];
  readonly database: Tried<Clone>;
  readonly onOddity: (sentence: string) => void;
  readonly onStarted: (service: RunningService) => void;
}

/** The service with its workers, healthy and warm. One that runs already is warmed up while its sessions are looked for. */
export async function tryService(
  context: CheckContext,
  place: VariantPlace,
  { needs, database, onOddity, onStarted }: ServiceNeeds,
): Promise<Tried<ServicePlace>> {
  const { parts, loaded, server, signal, onProgress } = context;
  const { name, part } = place;
  const { workers = [], url } = loaded.config.variants[name] ?? {};
  const { warmUp: warming, ...cold } = loaded.config.service;
  const separately = url === undefined && warming !== undefined && warming.length > 0;
  const attempt = { workerFailure: null as unknown };
  const servicePart = part(
    'service',
    'service',
    `Correct variants.${name}.start and service.health; start it by hand with the same environment.`,
  );
  const service = await parts.try(servicePart, needs, async (): Promise<Found<RunningService | null>> => {
    const beganAt = performance.now();
    const target = configuredTarget(separately ? changed(loaded, { service: cold }) : loaded);
    onProgress(`${name}: starting`);
    try {
      const running = await target.startService({
        ...{ variant: name, databaseUrl: server.serviceUrl(given(database).name), signal, onOddity },
      });
      onStarted(running);
      const took = formatDuration(performance.now() - beganAt);
      const how = url === undefined ? `answers at ${running.baseUrl}` : `runs at ${running.baseUrl}`;
      return { value: running, detail: `${how}${loaded.config.service.health}, up in ${took}` };
    } catch (error) {
      if (!isOfWorker(name, messageOf(error))) throw error;
      attempt.workerFailure = error;
      return { value: null, detail: 'it comes up; its workers do not' };
    }
  });
  const workersUp =
    workers.length === 0
      ? service
      : await parts.try(
          part('workers', 'workers', `Correct variants.${name}.workers.`),
          [service],
          async () => {
            const failure = attempt.workerFailure ?? given(service)?.failure?.();
            if (failure) throw failure;
            return { value: null, detail: `${countOf(workers.length, 'worker')} alive` };
          },
        );
  const warm = separately
    ? await parts.try(
        part('warm-up', 'warm-up', 'Correct `service.warmUp`.'),
        [service, workersUp],
        async () => {
          const { baseUrl } = requireRunning(given(service));
          await warmUp({ service: loaded.config.service, baseUrl, variant: name, signal });
          return { value: null, detail: `${countOf(warming.length, 'request')} answered without error` };
        },
      )
    : workersUp;
  const lacking = [service, workersUp, warm].find(({ works }) => works === null);
  if (lacking) return { part: lacking.part, works: null };
  const running = requireRunning(given(service));
  return {
    part: servicePart,
    works: { value: { server, database: given(database), service: running } },
  };
}

function isOfWorker(variant: string, message: string): boolean {
  return message.startsWith(`variants.${variant}.workers[`);
}

function requireRunning(service: RunningService | null): RunningService {
  if (service) return service;
  throw new HarnessError('INTERNAL', 'The service is not up, and something asks it.');
}

import pg from 'pg';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { VariantConfig } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { everyPid } from '../machine/process-family.ts';
import { HARNESS_APPLICATION_NAME } from '../postgres/application-name.ts';
import { seenDuring } from './seen-during.ts';
import { waitUntilHealthy } from './service-health.ts';
import { watchServing } from './serving-processes.ts';
import type { RunningService, StartRequest } from './target.ts';
import { warmUp } from './warm-up.ts';

type RunningVariant = VariantConfig & { readonly url: string };

/** A pool may be fine at one request and hand out a dead connection at the next. */
const GOOD_ROUNDS = 3;

/**
 * Takes up a service that runs already, after its database was replaced: waits until it is healthy again and answers without error,
 * and sees to it that it works in that database and no other.
 *
 * @throws HarnessError SERVICE_START_FAILED; REFUSED when no session of the service is seen in the database
 */
export async function attachToService(
  loaded: LoadedConfig,
  variant: RunningVariant,
  request: StartRequest,
): Promise<RunningService> {
  const { service } = loaded.config;
  const { signal } = request;
  const baseUrl = new URL(variant.url).origin;
  requireItsDatabase(variant, request);
  await waitUntilHealthy({
    url: new URL(service.health, baseUrl).href,
    timeoutMs: (service.startTimeoutSeconds ?? 60) * 1000,
    signal,
    afterSilence:
      ' A service with `url` has to run before rushhour is started, and to outlive the loss of its database.',
  });
  const seen = await watchSessions(request.databaseUrl, () =>
    warmUp({ service, baseUrl, variant: request.variant, signal, goodRounds: GOOD_ROUNDS }),
  );
  if (!seen) throw worksElsewhere(baseUrl, variant.database ?? '');
  const serving = watchServing(Number(new URL(baseUrl).port), isLoopback(baseUrl) ? everyPid() : []);
  return {
    baseUrl,
    pids: [],
    ended: new AbortController().signal, // it is not ours: nobody would hear of its end
    failure: () => {
      const change = serving.change();
      if (change === null) return null;
      return new HarnessError(
        'SERVICE_ENDED',
        `The service at ${baseUrl} was started anew while it was measured: ${change}.`,
        { hint: 'What was measured on it meanwhile does not count. Its own messages say why it ended.' },
      );
    },
    stop: async () => {},
  };
}

function requireItsDatabase({ database }: RunningVariant, { databaseUrl, variant }: StartRequest): void {
  const given = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  if (given === database) return;
  throw new HarnessError(
    'BAD_CONFIG',
    `variants.${variant}: a service that runs already works in "${database ?? 'no database named'}", but is to be measured in "${given}".`,
    { hint: 'variants.….database names the database the service is connected to.' },
  );
}

/** Whether anybody but the tool is seen in the database while `work` goes on. */
async function watchSessions(databaseUrl: string, work: () => Promise<void>): Promise<boolean> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: HARNESS_APPLICATION_NAME,
    connectionTimeoutMillis: 15_000,
    statement_timeout: 15_000,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return await seenDuring(() => hasOtherSessions(client), work);
  } finally {
    await client.end().catch(() => {});
  }
}

async function hasOtherSessions(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ seen: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND usesysid IS NOT NULL
       AND pid <> pg_backend_pid() AND application_name IS DISTINCT FROM $1) AS seen`,
    [HARNESS_APPLICATION_NAME],
  );
  return rows[0]?.seen ?? false;
}

/** A dispatch would change whatever database that is. */
function worksElsewhere(baseUrl: string, database: string): HarnessError {
  return new HarnessError(
    'REFUSED',
    `The service at ${baseUrl} answers, but no session of it was seen in the database "${database}": it may work in another one. Expected it to be connected there.`,
    {
      hint: `Start it with the address of "${database}", and give service.warmUp a request that asks the database.`,
    },
  );
}

function isLoopback(baseUrl: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(baseUrl).hostname);
}

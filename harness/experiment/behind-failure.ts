import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError, messageOf } from '../errors.ts';
import { hostOf, type PostgresServer, withAdmin } from '../postgres/server.ts';
import type { RunningService } from '../targets/target.ts';

/** What a measurement stands on. */
export interface Ground {
  readonly server: PostgresServer;
  readonly services: readonly RunningService[];
  readonly signal: AbortSignal;
}

/** What a request, a generator or a session says when something else has gone. */
const CONSEQUENCES = new Set(['DISPATCH_FAILED', 'LOAD_GENERATOR_FAILED', 'DATABASE_FAILED', 'INTERRUPTED']);

/** How long the end of a process may take to be heard of after its sockets were closed. */
const HEARD_WITHIN_MS = 500;

/**
 * What lies behind a failure: a server that is gone, or a service that has ended, is told as that and not as the request that
 * failed for it. Anything else is returned as it is.
 */
export async function behindFailure(failure: unknown, ground: Ground): Promise<unknown> {
  if (ground.signal.aborted) return failure;
  if (failure instanceof HarnessError && !CONSEQUENCES.has(failure.code)) return failure;
  const gone = await whyServerIsGone(ground.server);
  if (gone !== null) {
    return new HarnessError(
      'DATABASE_FAILED',
      `PostgreSQL at ${hostOf(ground.server)} went away while it was measured: ${gone}`,
      {
        cause: failure,
        hint: 'It was stopped or has crashed: its log says which. What was measured before is kept; start again when it runs.',
      },
    );
  }
  if (failure instanceof HarnessError && failure.code === 'DATABASE_FAILED') return failure;
  return (await endedService(ground.services)) ?? failure;
}

async function whyServerIsGone(server: PostgresServer): Promise<string | null> {
  return withAdmin(server, undefined, (client) => client.query('SELECT 1')).then(
    () => null,
    (error: unknown) => messageOf(error),
  );
}

async function endedService(services: readonly RunningService[]): Promise<unknown> {
  const deadline = performance.now() + HEARD_WITHIN_MS;
  for (;;) {
    const one = services.find(({ ended }) => ended.aborted);
    if (one) return one.ended.reason;
    if (performance.now() > deadline) return null;
    await delay(20);
  }
}

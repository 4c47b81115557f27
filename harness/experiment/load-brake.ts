import { HarnessError } from '../errors.ts';
import { endClient } from '../postgres/end-client.ts';
import { connectAdmin, hostOf, type PostgresServer } from '../postgres/server.ts';

/**
 * Does a load that ends when the server has ended a session which only waits in it: it crashes, restarts, or is shut down, and more load
 * is no help. A service that has ended is heard of by its process.
 *
 * @param work gets a signal that fires then too, with a HarnessError DATABASE_FAILED
 */
export async function withLoadBrake<T>(
  server: PostgresServer,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const brake = new AbortController();
  const client = await connectAdmin(server);
  const state = { done: false };
  client.once('end', () => {
    if (state.done) return;
    brake.abort(
      new HarnessError(
        'DATABASE_FAILED',
        `PostgreSQL at ${hostOf(server)} ended its sessions under load: the load was ended too.`,
        {
          hint: 'It was stopped or has crashed: its log says which.',
        },
      ),
    );
  });
  try {
    return await work(AbortSignal.any([signal, brake.signal]));
  } finally {
    state.done = true;
    await endClient(client);
  }
}

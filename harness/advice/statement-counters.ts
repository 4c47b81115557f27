import { HarnessError } from '../errors.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { whyNothingIsCounted } from '../postgres/statement-visibility.ts';

/**
 * Without counters no index could be verified, and an estimate is not what is asked for.
 * @throws HarnessError POSTGRES_UNAVAILABLE when the server counts no statements
 */
export async function requireStatementCounters(server: PostgresServer): Promise<void> {
  const blind = await withAdmin(server, undefined, whyNothingIsCounted);
  if (blind === null) return;
  throw new HarnessError('POSTGRES_UNAVAILABLE', `No index can be verified. ${blind}`, {
    hint: 'Leave --server out for an embedded server that counts statements.',
  });
}

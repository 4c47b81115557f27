import path from 'node:path';
import { withScratchDatabase } from '../postgres/scratch-database.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { runDataSteps } from '../targets/data-steps.ts';
import type { DatabaseFacts } from './catalogue.ts';
import { readFacts } from './read-catalogue.ts';

/**
 * What a file of SQL makes of an empty database: it is run in one of the given server, which is dropped again.
 *
 * @param file absolute
 * @throws HarnessError BAD_CONFIG naming the line when PostgreSQL refuses it, REFUSED when it reaches beyond its database
 */
export async function readSchemaFile(
  server: PostgresServer,
  file: string,
  signal: AbortSignal,
): Promise<DatabaseFacts> {
  const loaded = { folder: path.dirname(file), config: {} };
  return withScratchDatabase(server, async (client) => {
    const place = { loaded, server, client, values: {}, signal, onProgress: () => {} };
    await runDataSteps([{ file: path.basename(file) }], '--schema-file', place);
    await client.query('BEGIN READ ONLY');
    const facts = await readFacts(client);
    await client.query('ROLLBACK');
    return { ...facts, name: null };
  });
}

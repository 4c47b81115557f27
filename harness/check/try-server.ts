import { hostOf, type PostgresServer, withAdmin } from '../postgres/server.ts';
import { whyNothingIsCounted } from '../postgres/statement-visibility.ts';
import type { Part, Parts } from './parts.ts';

export const SERVER: Part = {
  name: 'server',
  label: 'PostgreSQL',
  remedy: 'See `rushhour doctor`, or name another server with --server.',
};
const STATEMENTS: Part = {
  name: 'statements',
  label: 'pg_stat_statements',
  remedy: 'Create the extension in the database that --server names.',
};

/** A server that the tool has connected to: its role may create databases, else it would not be here. */
export async function tryServer(parts: Parts, server: PostgresServer): Promise<void> {
  const where = server.embedded ? 'embedded' : `at ${hostOf(server)}`;
  await parts.try(SERVER, [], async () => ({
    value: null,
    detail: `${server.version}, ${where}; databases can be created`,
  }));
  await parts.try(STATEMENTS, [], async () => {
    const why = await withAdmin(server, undefined, whyNothingIsCounted);
    if (why === null) return { value: null, detail: 'statements are counted' };
    return {
      value: null,
      status: 'warning',
      detail: why,
      remedy: 'Without counts there are times and outcomes, but no statements, no rows and no blocks.',
    };
  });
}

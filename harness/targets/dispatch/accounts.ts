import type { LoadedConfig } from '../../config/loaded-config.ts';
import type { SqlText, Values } from '../../config/rushhour-config.ts';
import { openReadOnlySession } from '../../postgres/read-only-session.ts';
import { questionOf } from '../sql-text.ts';
import type { DatabasePlace } from '../target.ts';

/** How a login desk finds its accounts in a database: asked once, in a session of its own. */
export function accountsIn(loaded: LoadedConfig, { server, database }: DatabasePlace) {
  return async ({ sql }: { readonly sql: SqlText }): Promise<readonly Values[]> => {
    const session = await openReadOnlySession(server, database.name);
    const question = questionOf(loaded, 'login.accounts', sql);
    return session.ask(question, {}).finally(() => session.close());
  };
}

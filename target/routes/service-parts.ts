import type pg from 'pg';
import type { Tokens } from '../authentication.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { Log } from '../log.ts';
import type { DataAccess } from '../variants/data-access.ts';

/** What the routes are made of. Made and closed by the owner of the server. */
export interface ServiceParts {
  /** Name of the variant, for /health. */
  readonly variant: string;
  readonly pool: pg.Pool;
  readonly access: DataAccess;
  readonly dispatcher: Dispatcher;
  readonly tokens: Tokens;
  readonly log: Log;
  /** See slowdown.ts; 0 is off. */
  readonly slowdownRatio: number;
}

import pg from 'pg';
import { describeError, type Log } from './log.ts';

/** Whatever can run a statement: the pool, or one connection of it. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** A request waits this long for a free connection before it is told that the service is busy. */
const POOL_WAIT_MS = 30_000;

/** Only bigint and numeric arrive as text by default; ids and counts here stay far below 2^53. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
};

/** Opens no connection yet. The owner ends it. */
export function createPool(options: { databaseUrl: string; poolSize: number; log: Log }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.poolSize,
    application_name: 'rushhour-target',
    connectionTimeoutMillis: POOL_WAIT_MS,
    types: TYPES,
  });
  // The pool has already dropped that connection; without a listener the event would end the process.
  pool.on('error', (error) =>
    options.log('warning', 'an idle database connection broke', describeError(error)),
  );
  return pool;
}

/** One connection, held until it is released. */
export interface Session {
  readonly client: pg.PoolClient;
  /** Gives the connection back; `broken` closes it instead, which also frees what the session holds. */
  release(broken?: boolean): void;
}

export async function openSession(pool: pg.Pool): Promise<Session> {
  const client = await pool.connect();
  let failed = false;
  // While it is checked out nobody else listens: a server that goes away between two statements would end the process.
  const onError = () => {
    failed = true;
  };
  client.on('error', onError);
  return {
    client,
    release: (broken = false) => {
      client.off('error', onError);
      client.release(broken || failed);
    },
  };
}

/** Runs `work` in one transaction on one connection; rolls back whatever it throws. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const session = await openSession(pool);
  try {
    await session.client.query('BEGIN');
    const result = await work(session.client);
    await session.client.query('COMMIT');
    session.release();
    return result;
  } catch (error) {
    const rolledBack = await session.client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    session.release(!rolledBack);
    throw error;
  }
}

import type pg from 'pg';
import { isTransactionControl, type StatementCounters } from '../../postgres/statement-stats.ts';

/** Statements of a database between two readings, told apart by who sent them and why. */
export interface ToldApart {
  /** The service's own, but for transaction control. */
  readonly work: readonly StatementCounters[];
  /** Its BEGIN, COMMIT and their kin. */
  readonly transactionControl: readonly StatementCounters[];
  /** Those that go on while nothing is dispatched. */
  readonly background: readonly StatementCounters[];
  /** Of other roles: somebody else works in this database. */
  readonly others: readonly StatementCounters[];
}

export interface ServiceOfStatements {
  /** OIDs of the roles that service and workers connect as, as text. */
  readonly roleOids: readonly string[];
  /** Texts, as `pg_stat_statements` keeps them. */
  readonly background: readonly string[];
}

/**
 * Tells a delta of one database apart. The harness's own statements are in none: on a server by URL they have the role of the service, and
 * are known by their comment when the counters are read.
 */
export function tellApart(delta: readonly StatementCounters[], service: ServiceOfStatements): ToldApart {
  const background = new Set(service.background);
  const isService = ({ roleOid }: StatementCounters) =>
    roleOid === undefined || service.roleOids.includes(roleOid);
  const own = delta.filter(isService);
  const isWork = ({ text }: StatementCounters) => !background.has(text) && !isTransactionControl(text);
  return {
    work: own.filter(isWork),
    transactionControl: own.filter(({ text }) => !background.has(text) && isTransactionControl(text)),
    background: own.filter(({ text }) => background.has(text)),
    others: delta.filter((one) => !isService(one)),
  };
}

/** What the service did for its dispatches: its work and its transaction control. */
export function serviceStatements(
  delta: readonly StatementCounters[],
  service: ServiceOfStatements,
): StatementCounters[] {
  const { work, transactionControl } = tellApart(delta, service);
  return [...work, ...transactionControl];
}

/** OIDs of roles by name, as text; of those that there are. */
export async function roleOidsOf(client: pg.Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ oid: string }>(
    'SELECT oid::text FROM pg_roles WHERE rolname = ANY ($1)',
    [[...roles]],
  );
  return rows.map(({ oid }) => oid);
}

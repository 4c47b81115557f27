/** Replays a workload on a fresh clone with other indexes and counts what it cost. */
import type pg from 'pg';
import { statementIdentity } from '../capture/statement-identity.ts';
import { HarnessError } from '../errors.ts';
import { untilAlone } from '../postgres/relation-scans.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import {
  lossBetween,
  type StatementCounters,
  snapshotStatements,
  statementDelta,
} from '../postgres/statement-stats.ts';
import { type Clone, prewarm, withClone } from '../postgres/templates.ts';
import { openReplay, type Replayed } from '../replay/replay.ts';
import { createIndexSql, type IndexDefinition, quoteIdentifier } from './index-definition.ts';
import type { BuiltIndex, Measurement, StatementCosts, TableUpdates } from './measurement.ts';
import { unitCounts, type Workload } from './workload.ts';

export interface WorkloadContext {
  readonly server: PostgresServer;
  readonly template: string;
  readonly workload: Workload;
  readonly signal: AbortSignal;
}

/** What is changed on the clone before the workload runs. */
export interface IndexChanges {
  readonly create: readonly IndexDefinition[];
  readonly drop: readonly Pick<IndexDefinition, 'schema' | 'name'>[];
}

/** Gives `work` a session in a fresh clone of the template, which is dropped afterwards. */
export async function onClone<T>(
  { server, template }: Pick<WorkloadContext, 'server' | 'template'>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  return withClone(server, template, ({ name }) => withAdmin(server, name, work));
}

/**
 * @throws HarnessError DATABASE_FAILED when the replay breaks off or statements were not counted
 */
export async function measureWorkload(
  { server, template, workload, signal }: WorkloadContext,
  { create, drop }: IndexChanges,
): Promise<Measurement> {
  signal.throwIfAborted();
  return withClone(server, template, async (clone) => {
    const built = await withAdmin(server, clone.name, async (client) => {
      for (const { schema, name } of drop)
        await client.query(`DROP INDEX ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
      const indexes: BuiltIndex[] = [];
      for (const index of create) indexes.push(await buildIndex(client, index));
      if (create.length > 0 && server.embedded) await settle(client);
      return indexes;
    });
    const { statements, outcomes, unitMs } = await replayUnits(server, clone, workload, signal);
    const used = await withAdmin(server, clone.name, readUse);
    return { statements, outcomes, unitMs, built, ...used };
  });
}

async function buildIndex(client: pg.Client, index: IndexDefinition): Promise<BuiltIndex> {
  const startedMs = performance.now();
  await client.query(createIndexSql(index));
  const buildMs = performance.now() - startedMs;
  const { rows } = await client.query<{ bytes: string }>('SELECT pg_relation_size($1::regclass) AS bytes', [
    `${quoteIdentifier(index.schema)}.${quoteIdentifier(index.name)}`,
  ]);
  return { name: index.name, bytes: Number(rows[0]?.bytes ?? 0), buildMs };
}

/**
 * Makes the new indexes like all that was there: a checkpoint, so that their pages too are written whole into the WAL when
 * they first change (manual, full_page_writes), and their blocks in shared buffers.
 */
async function settle(client: pg.Client): Promise<void> {
  await client.query('CHECKPOINT');
  await prewarm(client);
}

interface ReplayedUnits extends Pick<Measurement, 'outcomes' | 'unitMs'> {
  readonly statements: StatementCosts[];
}

async function replayUnits(
  server: PostgresServer,
  clone: Clone,
  workload: Workload,
  signal: AbortSignal,
): Promise<ReplayedUnits> {
  const counts = unitCounts(workload);
  const costs = new Map<string, StatementCosts>();
  const outcomes: string[] = [];
  const unitMs = new Map<string, number>();
  const sessions = openReplay(server.serviceUrl(clone.name));
  try {
    // The observer is in another database, so that its own statements are none of the counted.
    await withAdmin(server, undefined, async (observer) => {
      let before = await snapshotStatements(observer, clone.oid);
      for (const { unit, transcript } of workload.units) {
        signal.throwIfAborted();
        const replayed = await sessions.play(transcript);
        const after = await snapshotStatements(observer, clone.oid);
        const loss = lossBetween(before, after);
        if (loss !== null) throw countersLost(loss);
        const repeats = counts.get(unit) ?? 1;
        for (const one of statementDelta(before, after)) addCosts(costs, unit, one, repeats);
        outcomes.push(...outcomesOf(replayed, transcript.statements.length));
        unitMs.set(unit, (unitMs.get(unit) ?? 0) + totalMs(replayed) / repeats);
        before = after;
      }
    });
  } finally {
    await sessions.close();
  }
  return { statements: [...costs.values()], outcomes, unitMs };
}

function countersLost(reason: string): HarnessError {
  return new HarnessError('DATABASE_FAILED', `A replay was not counted: ${reason}.`, {
    hint: 'Raise pg_stat_statements.max on that server, and let nothing reset its counters meanwhile.',
  });
}

function addCosts(
  costs: Map<string, StatementCosts>,
  unit: string,
  counters: StatementCounters,
  repeats: number,
): void {
  const statement = statementIdentity(counters.text);
  const id = JSON.stringify([unit, statement]);
  const known = costs.get(id);
  costs.set(id, {
    unit,
    statement,
    calls: (known?.calls ?? 0) + counters.calls / repeats,
    rows: (known?.rows ?? 0) + counters.rows / repeats,
    blocks: (known?.blocks ?? 0) + (counters.blocksHit + counters.blocksRead) / repeats,
    walBytes: (known?.walBytes ?? 0) + counters.walBytes / repeats,
    databaseMs: (known?.databaseMs ?? 0) + counters.databaseMs / repeats,
  });
}

/** One for each captured statement, so that places are the same in every replay. */
function outcomesOf({ statements }: Replayed, captured: number): string[] {
  const outcomes = Array.from({ length: captured }, () => 'not replayed');
  for (const { index, rows, resultDigest, sqlState } of statements)
    outcomes[index] = sqlState ?? `${rows} ${resultDigest}`;
  return outcomes;
}

function totalMs({ statements }: Replayed): number {
  return statements.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** Use of indexes and updates of tables since the clone was made; complete once every replayed session has gone. */
async function readUse(client: pg.Client): Promise<Pick<Measurement, 'indexScans' | 'updates'>> {
  await untilAlone(client);
  const scans = await client.query<{ name: string; scans: string }>(
    'SELECT indexrelname AS name, idx_scan AS scans FROM pg_stat_user_indexes WHERE idx_scan > 0',
  );
  const updates = await client.query<{ table: string; updates: string; hot: string }>(
    `SELECT schemaname || '.' || relname AS table, n_tup_upd AS updates, n_tup_hot_upd AS hot
     FROM pg_stat_user_tables WHERE n_tup_upd > 0`,
  );
  return {
    indexScans: new Map(scans.rows.map((row) => [row.name, Number(row.scans)])),
    updates: updates.rows.map(
      (row): TableUpdates => ({
        table: row.table,
        updates: Number(row.updates),
        hotUpdates: Number(row.hot),
      }),
    ),
  };
}

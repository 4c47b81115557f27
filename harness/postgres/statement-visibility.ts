import type pg from 'pg';
import { messageOf } from '../errors.ts';
import { formatCount } from '../quantity.ts';
import { findStatementView, type StatementView } from './statement-view.ts';

/** How much of what a database executed can be counted through `pg_stat_statements`. */
export interface StatementVisibility {
  readonly state: 'full' | 'partial' | 'none';
  /** What cannot be seen, why, and how to see it: a sentence each. Empty when all is seen. */
  readonly missing: readonly string[];
}

/** From this share of its table on, entries may soon be thrown out. */
const NEARLY_FULL = 0.8;

/** SQLSTATE of what needs `shared_preload_libraries` (PostgreSQL: src/backend/utils/errcodes.txt). */
const OBJECT_NOT_IN_PREREQUISITE_STATE = '55000';

/**
 * Says what the session sees of the statements of one database. Ask after what was counted: only then can it be told
 * whether statements of other roles were among it.
 */
export async function readStatementVisibility(
  client: pg.Client,
  databaseOid: number,
): Promise<StatementVisibility> {
  const view = await findStatementView(client);
  const blind = await blindness(client, view);
  if (!view || blind) return { state: 'none', missing: [blind ?? NOT_CREATED] };
  const facts = await readFacts(client, view, databaseOid);
  const missing = [...oldVersion(view), ...hidden(facts), ...untracked(facts, view), ...crowded(facts)];
  return { state: missing.length === 0 ? 'full' : 'partial', missing };
}

const NOT_CREATED =
  'No statement was counted: the extension pg_stat_statements does not exist in the database that was asked. Run CREATE EXTENSION pg_stat_statements there.';

/** Why nothing at all is counted on this server; `null` when statements are counted. */
export async function whyNothingIsCounted(client: pg.Client): Promise<string | null> {
  return blindness(client, await findStatementView(client));
}

async function blindness(client: pg.Client, view: StatementView | null): Promise<string | null> {
  if (!view) {
    const { rowCount } = await client.query(
      "SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements'",
    );
    return rowCount
      ? NOT_CREATED
      : 'No statement was counted: the server does not have the extension pg_stat_statements. Install the contrib package of PostgreSQL.';
  }
  const failure = await client.query(`SELECT FROM ${view.name} LIMIT 1`).then(
    () => null,
    (error: unknown) => error,
  );
  if (failure) return whyUnreadable(failure);
  const { rows } = await client.query<{ track: string | null; query_id: string | null }>(
    `SELECT current_setting('pg_stat_statements.track', true) AS track,
            current_setting('compute_query_id', true) AS query_id`,
  );
  if (rows[0]?.track === 'none')
    return 'No statement was counted: pg_stat_statements.track is none. Set it to top.';
  if (rows[0]?.query_id === 'off')
    return 'No statement was counted: compute_query_id is off, and without an id pg_stat_statements leaves a statement out. Set it to auto.';
  return null;
}

function whyUnreadable(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return code === OBJECT_NOT_IN_PREREQUISITE_STATE
    ? 'No statement was counted: pg_stat_statements is not loaded. Add it to shared_preload_libraries and restart the server.'
    : `No statement was counted: pg_stat_statements cannot be read (${messageOf(error)}).`;
}

interface Facts {
  readonly role: string;
  /** Statements of this database whose text and id are hidden from the role. */
  readonly hiddenEntries: number;
  readonly track: string | null;
  readonly trackUtility: string | null;
  /** Entries of all databases, and how many there is room for; `null` when the server does not say. */
  readonly entries: number;
  readonly room: number | null;
}

async function readFacts(client: pg.Client, view: StatementView, databaseOid: number): Promise<Facts> {
  // Without texts (`false`), the file that holds them need not be read.
  const { rows } = await client.query<Record<string, string | null>>(
    `SELECT current_user AS role, count(*) AS entries,
            count(*) FILTER (WHERE dbid = $1 AND queryid IS NULL) AS hidden,
            current_setting('pg_stat_statements.track', true) AS track,
            current_setting('pg_stat_statements.track_utility', true) AS track_utility,
            current_setting('pg_stat_statements.max', true) AS room
     FROM ${view.name}(false)`,
    [databaseOid],
  );
  const row = rows[0];
  return {
    role: row?.role ?? '',
    hiddenEntries: Number(row?.hidden ?? 0),
    track: row?.track ?? null,
    trackUtility: row?.track_utility ?? null,
    entries: Number(row?.entries ?? 0),
    room: row?.room ? Number(row.room) : null,
  };
}

/** 1.8 of the extension, of PostgreSQL 13, brought the WAL counters and took planning out of the time. */
function oldVersion({ columns }: StatementView): string[] {
  if (columns.has('wal_bytes')) return [];
  return [
    'WAL was not counted, and times may hold planning: the extension is older than 1.8. Run ALTER EXTENSION pg_stat_statements UPDATE.',
  ];
}

function hidden({ hiddenEntries, role }: Facts): string[] {
  if (hiddenEntries === 0) return [];
  return [
    `Statements of other roles are counted, but their texts are hidden from role "${role}" (${formatCount(hiddenEntries)} entries): they are one sum without a name. Run GRANT pg_read_all_stats TO "${role}".`,
  ];
}

function untracked({ track, trackUtility }: Facts, { columns }: StatementView): string[] {
  return [
    ...(trackUtility === 'off'
      ? [
          'BEGIN, COMMIT and other utility statements are not counted: pg_stat_statements.track_utility is off.',
        ]
      : []),
    // `toplevel` came with 1.9: before it nested statements cannot be left out.
    ...(track === 'all' && !columns.has('toplevel')
      ? [
          'Statements inside functions are counted as if the service had sent them: pg_stat_statements.track is all. Set it to top.',
        ]
      : []),
  ];
}

function crowded({ entries, room }: Facts): string[] {
  if (room === null || entries <= NEARLY_FULL * room) return [];
  return [
    `pg_stat_statements holds ${formatCount(entries)} entries and has room for ${formatCount(room)}: beyond it the rarest are thrown out, and what they counted is lost. Raise pg_stat_statements.max.`,
  ];
}

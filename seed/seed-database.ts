import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { CopyError, type CopyFailure, failureOf } from './copy-error.ts';
import { copyTable } from './copy-table.ts';
import { DatasetDigest, digestedChunks } from './digest.ts';
import { LoadSession } from './load-session.ts';
import type { DatasetShape } from './profiles.ts';
import type { TableRows } from './table-rows.ts';
import { datasetTables } from './tables.ts';

export { CopyError } from './copy-error.ts';

export interface SeedProgress {
  readonly table: string;
  /** Rows of this table so far. */
  readonly rows: number;
  /** Rows this table will have. */
  readonly totalRows: number;
  /** Bytes of this table so far. */
  readonly bytes: number;
}

export interface SeedOptions {
  readonly onProgress?: (progress: SeedProgress) => void;
  readonly signal?: AbortSignal;
  /** Gives up when PostgreSQL accepts no data for this long. Default two minutes. */
  readonly stallTimeoutMs?: number;
}

export interface SeedSummary {
  /** See digest.ts. */
  readonly digest: string;
  /** By table. */
  readonly rows: Readonly<Record<string, number>>;
  /** COPY data of all tables. */
  readonly bytes: number;
  readonly durationMs: number;
}

/**
 * Fills an empty database: schema, rows, foreign keys and sequences in one transaction, then planner statistics.
 * The client must be connected and used by nobody else meanwhile; it can be used afterwards unless the connection broke.
 *
 * @throws CopyError when any step fails or the signal fires; the database is then without tables, as before
 */
export async function seedDatabase(
  client: pg.Client,
  shape: DatasetShape,
  options: SeedOptions = {},
): Promise<SeedSummary> {
  const startedAt = performance.now();
  const load = new Load(client, options);
  try {
    const loaded = await load.fill(datasetTables(shape));
    await load.vacuum();
    return { ...loaded, durationMs: performance.now() - startedAt };
  } finally {
    await load.end();
  }
}

const SCHEMA_FILE = new URL('../target/schema.sql', import.meta.url);
const CONSTRAINTS_FILE = new URL('../target/constraints.sql', import.meta.url);

/** Tables whose ids PostgreSQL hands out for rows that come later. */
const IDENTITY_TABLES = ['booking', 'dispatch_run', 'assignment'] as const;

const COMMITTING = 'committing';

class Load {
  private readonly client: pg.Client;
  private readonly options: SeedOptions;
  private readonly session: LoadSession;
  private step = 'connecting';
  private tables: readonly TableRows[] = [];

  constructor(client: pg.Client, options: SeedOptions) {
    this.client = client;
    this.options = options;
    this.session = new LoadSession(client, options.signal);
  }

  async fill(tables: readonly TableRows[]): Promise<Omit<SeedSummary, 'durationMs'>> {
    this.tables = tables;
    try {
      await this.session.begin();
      await this.refuseForeignTables();
      await this.run('creating the tables', await readFile(SCHEMA_FILE, 'utf8'));
      const copied = await this.copyTables();
      await this.run('setting the sequences', sequenceStatements(copied.rows));
      await this.run('adding the foreign keys', await readFile(CONSTRAINTS_FILE, 'utf8'));
      await this.run(COMMITTING, 'COMMIT');
      return copied;
    } catch (error) {
      const failed = this.toCopyError(error); // first: rolling back may close the socket this looks at
      await this.session.rollBack();
      throw failed;
    }
  }

  async end(): Promise<void> {
    await this.session.end();
  }

  /** Freezing and statistics are done once here, so that no measured run has to do them. */
  async vacuum(): Promise<void> {
    try {
      await this.run('vacuuming', 'VACUUM (FREEZE, ANALYZE)');
    } catch (error) {
      const names = this.tables.map(({ table }) => this.client.escapeIdentifier(table)).join(', ');
      const failure = this.failureOf(error);
      const removed = await this.session.attempt(`DROP TABLE ${names}`);
      const outcome = removed ? 'The loaded rows were removed again.' : 'The loaded rows are still there.';
      throw new CopyError({ step: this.step, failure, outcome, cause: error });
    }
  }

  private async run(step: string, sql: string): Promise<void> {
    this.step = step;
    await this.session.run(sql);
  }

  private async refuseForeignTables(): Promise<void> {
    this.step = 'looking at the database';
    const { rows } = await this.client.query<{ relname: string }>(
      `SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'm', 'f')
       ORDER BY relname`,
    );
    if (rows.length === 0) return;
    const found = rows.map(({ relname }) => relname).join(', ');
    const cause = new Error(`expected an empty database, found ${found}`);
    throw new CopyError({ step: this.step, failure: 'not-empty', cause });
  }

  private async copyTables(): Promise<Omit<SeedSummary, 'durationMs'>> {
    const digest = new DatasetDigest();
    const rows: Record<string, number> = {};
    let bytes = 0;
    for (const table of this.tables) {
      const copied = await this.copyOne(table, digest);
      rows[table.table] = copied.rows;
      bytes += copied.bytes;
    }
    return { digest: digest.finish(), rows, bytes };
  }

  private async copyOne({ table, columns, rowCount, chunks }: TableRows, digest: DatasetDigest) {
    const { onProgress, signal, stallTimeoutMs } = this.options;
    this.step = `COPY ${table}`;
    digest.beginTable(table);
    const totalRows = onProgress ? rowCount() : 0;
    const report =
      onProgress && ((sent: { rows: number; bytes: number }) => onProgress({ table, totalRows, ...sent }));
    const digested = digestedChunks(chunks(), digest);
    const copied = await copyTable(
      this.client,
      { table, columns, chunks: digested },
      { signal, stallTimeoutMs, freeze: true, onProgress: report },
    );
    report?.(copied);
    return copied;
  }

  private failureOf(error: unknown): CopyFailure {
    return this.options.signal?.aborted ? 'aborted' : failureOf(error, this.client);
  }

  private toCopyError(error: unknown): CopyError {
    if (error instanceof CopyError) return error;
    const failure = this.failureOf(error);
    // A connection that breaks between COMMIT and its answer leaves both possible.
    const unknown = this.step === COMMITTING && failure === 'connection-lost';
    const outcome = unknown ? 'Whether the rows are in is not known.' : 'Nothing was loaded.';
    return new CopyError({ step: this.step, failure, outcome, cause: error });
  }
}

/** The next id is the one after the last row's; also for a table that got no rows. */
function sequenceStatements(rows: Readonly<Record<string, number>>): string {
  return IDENTITY_TABLES.map(
    (table) => `SELECT setval(pg_get_serial_sequence('${table}', 'id'), ${(rows[table] ?? 0) + 1}, false);`,
  ).join('\n');
}

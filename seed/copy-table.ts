import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CHUNK_BYTES, type CopyChunk } from './copy-buffer.ts';
import { CopyError, type CopyFailure, failureOf } from './copy-error.ts';
import { PATIENCE_MS } from './load-session.ts';

/** What to load: rows in COPY text form, whole lines per chunk. */
export interface CopyJob {
  /** Default: the first on the search path that has the table. */
  readonly schema?: string | undefined;
  readonly table: string;
  readonly columns: readonly string[];
  readonly chunks: Iterable<CopyChunk> | AsyncIterable<CopyChunk>;
}

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CopyResult) => void) | undefined;
  /**
   * Write rows as already frozen, so that no VACUUM has to write them again. Only for a table created in the same
   * transaction (PostgreSQL 18 manual, COPY, FREEZE). Default false.
   */
  readonly freeze?: boolean | undefined;
  /** Gives up when PostgreSQL has accepted no chunk for this long. Default two minutes. */
  readonly stallTimeoutMs?: number | undefined;
}

export interface CopyResult {
  readonly rows: number;
  readonly bytes: number;
}

const STALL_TIMEOUT_MS = 120_000;

/** Chunks that may wait in the stream while the socket is full: keeps the server busy, bounds memory. */
const BUFFERED_CHUNKS = 4;

/** The event loop gets a turn this often even if the socket never fills: signals and server errors arrive there. */
const BYTES_PER_TURN = 1024 * 1024;

/**
 * Streams rows into a table with one COPY, as fast as the server takes them. Either all rows are in, or none.
 * The client may be used again afterwards unless the connection was lost.
 *
 * @throws CopyError when PostgreSQL refuses a row, the connection breaks or stalls, the chunks cannot be made, the
 * signal fires, or fewer rows arrived than were sent
 */
export async function copyTable(
  client: pg.Client,
  job: CopyJob,
  options: CopyOptions = {},
): Promise<CopyResult> {
  const step = `COPY ${job.table}`;
  const transfer = new Transfer(client, options);
  const stream = copyFrom(copyStatement(job, options), { highWaterMark: BUFFERED_CHUNKS * CHUNK_BYTES });
  try {
    options.signal?.throwIfAborted();
    const query = client.query(stream);
    query.on('error', () => {}); // a second error, after the first has ended the pipeline, has no other listener
    const signal = options.signal ? { signal: options.signal } : {};
    await pipeline(transfer.send(job.chunks), query, signal);
  } catch (error) {
    const failure = transfer.failureOf(error);
    throw new CopyError({ step, table: job.table, failure, rowsSent: transfer.rows, cause: error });
  } finally {
    transfer.end();
  }
  if (stream.rowCount !== transfer.rows) {
    const cause = new Error(`sent ${transfer.rows} rows, but PostgreSQL counted ${stream.rowCount}`);
    const outcome = 'What it counted is loaded unless the transaction is rolled back.';
    throw new CopyError({ step, table: job.table, failure: 'source-failed', outcome, cause });
  }
  return { rows: transfer.rows, bytes: transfer.bytes };
}

function copyStatement({ schema, table, columns }: CopyJob, { freeze }: CopyOptions): string {
  const place = [...(schema === undefined ? [] : [schema]), table];
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  return `COPY ${place.map((name) => pg.escapeIdentifier(name)).join('.')} (${names}) FROM STDIN WITH (FORMAT text${freeze ? ', FREEZE' : ''})`;
}

/** One COPY under way: counts what is sent and watches that it keeps moving. */
class Transfer {
  rows = 0;
  bytes = 0;
  private readonly client: pg.Client;
  private readonly options: CopyOptions;
  private readonly stallTimeoutMs: number;
  private watchdog: NodeJS.Timeout;
  private stalled = false;

  constructor(client: pg.Client, options: CopyOptions) {
    this.client = client;
    this.options = options;
    this.stallTimeoutMs = options.stallTimeoutMs ?? STALL_TIMEOUT_MS;
    this.watchdog = setTimeout(this.giveUp, this.stallTimeoutMs);
    options.signal?.addEventListener('abort', this.hurry, { once: true });
  }

  /** The bytes of the chunks; pulled only when the stream has room. */
  async *send(chunks: CopyJob['chunks']): AsyncGenerator<Buffer> {
    let nextTurnAt = BYTES_PER_TURN;
    for await (const chunk of chunks) {
      yield chunk.bytes;
      this.rows += chunk.rows;
      this.bytes += chunk.bytes.length;
      this.watchdog.refresh();
      if (this.bytes < nextTurnAt) continue;
      nextTurnAt = this.bytes + BYTES_PER_TURN;
      this.options.onProgress?.({ rows: this.rows, bytes: this.bytes });
      await nextTurn();
    }
  }

  failureOf(error: unknown): CopyFailure {
    if (this.options.signal?.aborted) return 'aborted';
    return this.stalled ? 'stalled' : failureOf(error, this.client);
  }

  end(): void {
    clearTimeout(this.watchdog);
    this.options.signal?.removeEventListener('abort', this.hurry);
  }

  private readonly giveUp = () => {
    this.stalled = true;
    const seconds = this.stallTimeoutMs / 1_000;
    const reason = new Error(`PostgreSQL has accepted no data for ${seconds} s`);
    this.client.connection.stream.destroy(reason);
  };

  /** Ending a COPY needs the server's answer; somebody who has interrupted does not wait long for it. */
  private readonly hurry = () => {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(this.giveUp, Math.min(this.stallTimeoutMs, PATIENCE_MS));
  };
}

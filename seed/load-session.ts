import { Socket } from 'node:net';
import pg from 'pg';

/** How long an interrupted statement or a rollback may take before the connection is given up. */
const PATIENCE_MS = 10_000;

/** Silence after which the operating system asks whether the server is still there. */
const KEEP_ALIVE_MS = 15_000;

const LIMITS = ['statement_timeout', 'idle_in_transaction_session_timeout'] as const;

/** The client of one load while it loads. It never waits for a server that no longer answers. */
export class LoadSession {
  private readonly client: pg.Client;
  private readonly signal: AbortSignal | undefined;
  private backendPid = 0;

  constructor(client: pg.Client, signal: AbortSignal | undefined) {
    this.client = client;
    this.signal = signal;
  }

  /** Begins the transaction. It may take longer than the limits the caller has set for statements. */
  async begin(): Promise<void> {
    // The statement in flight fails with the same error; without a listener it would end the process.
    this.client.on('error', () => {});
    const { stream } = this.client.connection;
    if (stream instanceof Socket) stream.setKeepAlive(true, KEEP_ALIVE_MS);
    const { rows } = await this.client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    this.backendPid = rows[0]?.pid ?? 0;
    for (const limit of LIMITS) await this.client.query(`SET ${limit} = 0`);
    await this.client.query('BEGIN');
  }

  /** Gives the caller's limits back. */
  async end(): Promise<void> {
    for (const limit of LIMITS) await this.client.query(`RESET ${limit}`).catch(() => {}); // no session, no limit
  }

  /** Runs statements that may take minutes; the signal cancels them on the server. */
  async run(sql: string): Promise<void> {
    this.signal?.throwIfAborted();
    let cancelling: Promise<void> | undefined;
    let giveUp: NodeJS.Timeout | undefined;
    const onAbort = () => {
      giveUp = setTimeout(() => this.disconnect(), PATIENCE_MS);
      cancelling = this.cancelStatement().catch(() => this.disconnect());
    };
    this.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await this.client.query(sql);
    } finally {
      this.signal?.removeEventListener('abort', onAbort);
      await cancelling; // a cancel still on its way must not hit the next statement
      clearTimeout(giveUp);
    }
  }

  /** Takes everything back, or drops the connection so that the server does. */
  async rollBack(): Promise<void> {
    const giveUp = setTimeout(() => this.disconnect(), PATIENCE_MS);
    try {
      await this.client.query('ROLLBACK');
    } catch {
      // The connection is gone, and the transaction with it.
    } finally {
      clearTimeout(giveUp);
    }
  }

  private disconnect(): void {
    this.client.connection.stream.destroy();
  }

  private async cancelStatement(): Promise<void> {
    const { host, port, user, database, password, ssl } = this.client;
    const other = new pg.Client({
      host,
      port,
      user,
      database,
      password,
      ssl,
      connectionTimeoutMillis: PATIENCE_MS,
    });
    other.on('error', () => {});
    await other.connect();
    try {
      await other.query('SELECT pg_cancel_backend($1)', [this.backendPid]);
    } finally {
      await other.end();
    }
  }
}

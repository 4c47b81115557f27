import { Socket } from 'node:net';
import pg from 'pg';

/** How long an interrupted statement or a rollback may take before the connection is given up. */
export const PATIENCE_MS = 10_000;

/** Silence after which the operating system asks whether the server is still there. */
const KEEP_ALIVE_MS = 15_000;

/** What the caller may have set for short statements; a load takes minutes. */
const LIMITS = ['statement_timeout', 'idle_in_transaction_session_timeout'] as const;

/** The client of one load while it loads: nothing asked of it outlasts the signal or a dead server by long. */
export class LoadSession {
  private readonly client: pg.Client;
  private readonly signal: AbortSignal | undefined;
  private backendPid = 0;
  private limits: readonly string[] = [];

  constructor(client: pg.Client, signal: AbortSignal | undefined) {
    this.client = client;
    this.signal = signal;
  }

  /** Lifts the caller's limits and begins the transaction. */
  async begin(): Promise<void> {
    // The statement in flight fails with the same error; without a listener it would end the process.
    if (this.client.listenerCount('error') === 0) this.client.on('error', () => {});
    const { stream } = this.client.connection;
    if (stream instanceof Socket) stream.setKeepAlive(true, KEEP_ALIVE_MS);
    const { rows } = await this.client.query<{ pid: number; limits: string[] }>(
      `SELECT pg_backend_pid() AS pid, ARRAY[${LIMITS.map((limit) => `current_setting('${limit}')`).join()}] AS limits`,
    );
    this.backendPid = rows[0]?.pid ?? 0;
    this.limits = rows[0]?.limits ?? [];
    await this.client.query(`SELECT ${LIMITS.map((limit) => `set_config('${limit}', '0', false)`).join()}`);
    await this.client.query('BEGIN');
  }

  /** Gives the caller's limits back. */
  async end(): Promise<void> {
    const settings = this.limits.map(
      (value, index) => `set_config('${LIMITS[index]}', ${this.client.escapeLiteral(value)}, false)`,
    );
    if (settings.length > 0) await this.attempt(`SELECT ${settings.join()}`);
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
    await this.attempt('ROLLBACK'); // fails when the connection is gone, and then the transaction is too
  }

  /** Runs a statement that clears up. False when it failed or was not answered in time. */
  async attempt(sql: string): Promise<boolean> {
    const giveUp = setTimeout(() => this.disconnect(), PATIENCE_MS);
    return this.client
      .query(sql)
      .then(
        () => true,
        () => false,
      )
      .finally(() => clearTimeout(giveUp));
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
      query_timeout: PATIENCE_MS,
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

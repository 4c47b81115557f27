import type pg from 'pg';

/** How long a server may take to hear that a session ends, in milliseconds. */
const FAREWELL_MS = 2_000;

/** Ends a session, and its socket when nothing comes of the farewell: a connection that is stuck passes on no farewell either. Never throws. */
export async function endClient(client: pg.Client): Promise<void> {
  const giveUp = setTimeout(() => client.connection.stream.destroy(), FAREWELL_MS);
  await client.end().catch(() => {});
  clearTimeout(giveUp);
}

import type pg from 'pg';
import { forgetDatabase, noteDatabase } from './database-notes.ts';
import { dropOwnDatabase, writeMarker } from './marker.ts';
import { type PostgresServer, withAdmin } from './server.ts';
import { newCloneName } from './templates.ts';

/** Gives `work` a new, empty database of ours, connected as its owner; it is dropped afterwards. */
export async function withScratchDatabase<T>(
  server: PostgresServer,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const name = newCloneName();
  await withAdmin(server, undefined, async (admin) => {
    await noteDatabase(admin, name);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  });
  try {
    return await withAdmin(server, name, async (client) => {
      await writeMarker(client, { purpose: 'clone', harnessPid: process.pid, info: null });
      await forgetDatabase(name);
      return work(client);
    });
  } finally {
    await dropOwnDatabase(server, name);
  }
}

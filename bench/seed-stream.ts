import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { copyTable } from '../seed/copy-table.ts';
import { DatasetDigest, digestedChunks } from '../seed/digest.ts';
import { type DatasetShape, resolveShape } from '../seed/profiles.ts';
import { seedDatabase } from '../seed/seed-database.ts';
import type { TableRows } from '../seed/table-rows.ts';
import { datasetTables } from '../seed/tables.ts';

/** What the measured process prints, as one line of JSON. */
export interface StreamReport {
  readonly rows: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly digest: string;
  /** Peak resident memory of this process, which does nothing else. */
  readonly peakRssBytes: number;
}

/** A dataset with this many bookings. Nearly all are history, so that the number can be any. */
function benchmarkShape(rows: number): DatasetShape {
  const companies = 10;
  return resolveShape('stress', { bookings: 1, companies, days: 1, history: rows - companies });
}

export function bookingTable(rows: number): TableRows {
  const booking = datasetTables(benchmarkShape(rows)).find(({ table }) => table === 'booking');
  if (!booking) throw new Error('Expected the dataset to have a table booking.');
  return booking;
}

/** Bookings only, for the comparison with a plain COPY: made, encoded, digested and sent by the code that seeds. */
async function streamBookings(client: pg.Client, rows: number): Promise<Omit<StreamReport, 'peakRssBytes'>> {
  await client.query('BEGIN');
  await client.query(await readFile(new URL('../target/schema.sql', import.meta.url), 'utf8'));
  const startedAt = performance.now();
  const { table, columns, chunks } = bookingTable(rows);
  const digest = new DatasetDigest();
  digest.beginTable(table);
  const digested = digestedChunks(chunks(), digest);
  const copied = await copyTable(client, { table, columns, chunks: digested }, { freeze: true });
  const durationMs = performance.now() - startedAt;
  await client.query('COMMIT');
  return { ...copied, durationMs, digest: digest.finish() };
}

/** Everything `rushhour seed` does: all tables, foreign keys, statistics. */
async function seedWhole(client: pg.Client, rows: number): Promise<Omit<StreamReport, 'peakRssBytes'>> {
  const seeded = await seedDatabase(client, benchmarkShape(rows));
  return { ...seeded, rows: Object.values(seeded.rows).reduce((sum, count) => sum + count, 0) };
}

async function main(): Promise<void> {
  const [mode, rows] = process.argv.slice(2);
  const client = new pg.Client({ connectionString: process.env.BENCH_DATABASE_URL });
  await client.connect();
  try {
    const report = await (mode === 'whole' ? seedWhole : streamBookings)(client, Number(rows));
    const peakRssBytes = process.resourceUsage().maxRSS * 1024;
    process.stdout.write(`${JSON.stringify({ ...report, peakRssBytes })}\n`);
  } finally {
    await client.end();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

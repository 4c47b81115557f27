// npm run bench:seed [-- --rows 1000000 --repetitions 5]
//
// Streams bookings through the tool and, in turn, loads the same bytes by one plain server-side COPY of a ready file.
// Both fill a table made in the same transaction with the same options, in a new database, timed by the client.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { acquireEmbeddedServer } from '../harness/postgres/embedded-server.ts';
import { dropOwnDatabase, writeMarker } from '../harness/postgres/marker.ts';
import { withAdmin } from '../harness/postgres/server.ts';
import { bookingTable, type StreamReport } from './seed-stream.ts';

/** The rows as a file the server may read. */
interface PlainFile {
  readonly file: string;
  readonly columns: readonly string[];
  readonly bytes: number;
  readonly digest: string;
}

const options = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, repetitions: { type: 'string', default: '5' } },
});
const rows = Number(options.values.rows);
const repetitions = Number(options.values.repetitions);
if (!Number.isInteger(rows) || rows < 1_000 || !Number.isInteger(repetitions) || repetitions < 1) {
  console.error('Expected --rows N (1000 or more) and --repetitions N (1 or more).');
  process.exit(2);
}

const server = await acquireEmbeddedServer({ onProgress: (message) => console.error(message) });
try {
  await benchmark();
} finally {
  await server.release();
}

async function benchmark(): Promise<void> {
  const folder = path.dirname(await setting('data_directory'));
  const file = path.join(folder, `bench-seed-${process.pid}.copy`);
  try {
    const plainFile = await writePlainFile(file);
    console.log(
      `${count(rows)} bookings, ${megabytes(plainFile.bytes)} of COPY data, PostgreSQL ${server.version}`,
    );
    await compare(plainFile);
  } finally {
    await rm(file, { force: true });
  }
}

async function compare(plainFile: PlainFile): Promise<void> {
  const plainMs: number[] = [];
  const streamed: StreamReport[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    // Who goes first alternates: a machine that slows down or warms up favours neither.
    const sides = repetition % 2 ? [plain, tool] : [tool, plain];
    for (const side of sides) await side();
    console.log(
      `  ${repetition}: plain ${seconds(plainMs.at(-1))}, tool ${seconds(streamed.at(-1)?.durationMs)}`,
    );
  }
  printComparison(plainFile, plainMs, streamed);
  console.log('whole dataset (all tables, foreign keys, statistics) through the tool:');
  printStream(await inNewDatabase((database) => stream(database, 'whole')));

  async function plain() {
    plainMs.push(await inNewDatabase((database) => plainCopy(database, plainFile)));
  }
  async function tool() {
    streamed.push(await inNewDatabase((database) => stream(database, 'bookings')));
  }
}

async function writePlainFile(file: string): Promise<PlainFile> {
  const { columns, chunks } = bookingTable(rows);
  const hash = createHash('sha256');
  let bytes = 0;
  async function* content() {
    for (const chunk of chunks()) {
      hash.update(chunk.bytes);
      bytes += chunk.bytes.length;
      yield chunk.bytes;
    }
  }
  await pipeline(Readable.from(content()), createWriteStream(file, { mode: 0o644 }));
  return { file, columns, bytes, digest: hash.digest('hex') };
}

async function plainCopy(database: string, { file, columns }: PlainFile): Promise<number> {
  return withAdmin(server, database, async (client) => {
    await client.query('BEGIN');
    await client.query(await readFile(new URL('../target/schema.sql', import.meta.url), 'utf8'));
    const startedAt = performance.now();
    const { rowCount } = await client.query(
      `COPY booking (${columns.join(', ')}) FROM ${client.escapeLiteral(file)} WITH (FORMAT text, FREEZE)`,
    );
    const durationMs = performance.now() - startedAt;
    if (rowCount !== rows) throw new Error(`Expected ${rows} rows from the plain COPY, got ${rowCount}.`);
    await client.query('COMMIT');
    return durationMs;
  });
}

/** Streams in a process that does nothing else, so that its memory is the tool's. */
async function stream(database: string, mode: 'bookings' | 'whole'): Promise<StreamReport> {
  const script = fileURLToPath(new URL('seed-stream.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', script, mode, String(rows)],
    {
      env: { ...process.env, BENCH_DATABASE_URL: server.adminUrl(database) },
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    },
  );
  return JSON.parse(stdout) as StreamReport;
}

/** A database for one measurement. The checkpoint before it leaves nobody else's dirty pages to write. */
async function inNewDatabase<T>(work: (database: string) => Promise<T>): Promise<T> {
  const name = `rushhour_build_${randomBytes(6).toString('hex')}`;
  await withAdmin(server, undefined, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  try {
    await withAdmin(server, name, async (client) => {
      await writeMarker(client, { purpose: 'clone', harnessPid: process.pid, info: null });
      await client.query('CHECKPOINT');
    });
    return await work(name);
  } finally {
    await dropOwnDatabase(server, name);
  }
}

async function setting(name: string): Promise<string> {
  return withAdmin(server, undefined, async (client) => {
    const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
    return rows[0]?.value ?? '';
  });
}

function printComparison(
  plainFile: PlainFile,
  plainMs: readonly number[],
  streamed: readonly StreamReport[],
): void {
  const toolMs = streamed.map(({ durationMs }) => durationMs);
  const same = streamed.every(({ bytes }) => bytes === plainFile.bytes);
  const peak = Math.max(...streamed.map(({ peakRssBytes }) => peakRssBytes));
  console.log(`plain COPY: median ${rate(median(plainMs), plainFile.bytes)}`);
  console.log(`the tool:   median ${rate(median(toolMs), plainFile.bytes)}`);
  console.log(`ratio of speeds, tool to plain COPY: ${(median(plainMs) / median(toolMs)).toFixed(2)}`);
  console.log(`peak memory of the streaming process: ${megabytes(peak)}`);
  if (!same) throw new Error('The tool did not stream the bytes of the file: the comparison is void.');
}

function printStream({ rows, bytes, durationMs, peakRssBytes }: StreamReport): void {
  console.log(`  ${count(rows)} rows, ${megabytes(bytes)}, ${seconds(durationMs)}`);
  console.log(`  peak memory of the streaming process: ${megabytes(peakRssBytes)}`);
}

function rate(durationMs: number, bytes: number): string {
  const s = durationMs / 1_000;
  return `${seconds(durationMs)}, ${count(Math.round(rows / s))} rows/s, ${(bytes / 1e6 / s).toFixed(1)} MB/s`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function seconds(durationMs = Number.NaN): string {
  return `${(durationMs / 1_000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

// npm run bench:seed [-- --rows 1000000 --repetitions 3]
// Streams bookings through the tool and, in turn, loads the same bytes by one plain server-side COPY of a ready file.
// Both write into a new, empty table in the same way; both are timed from the client's side.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { acquireEmbeddedServer } from '../harness/postgres/embedded-server.ts';
import { dropOwnDatabase, writeMarker } from '../harness/postgres/marker.ts';
import { type PostgresServer, withAdmin } from '../harness/postgres/server.ts';
import { copyChunks } from '../seed/copy-text.ts';
import { bookingTable, type StreamReport } from './seed-stream.ts';

interface PlainFile {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
  readonly digest: string;
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, repetitions: { type: 'string', default: '5' } },
});
const rows = Number(values.rows);
const repetitions = Number(values.repetitions);
if (!Number.isInteger(rows) || rows < 1_000 || !Number.isInteger(repetitions) || repetitions < 1) {
  console.error('Expected --rows N (at least 1000) and --repetitions N (at least 1).');
  process.exit(2);
}

const server = await acquireEmbeddedServer({ onProgress: (message) => console.error(message) });
try {
  await benchmark(server);
} finally {
  await server.release();
}

async function benchmark(server: PostgresServer): Promise<void> {
  const plainFile = await writePlainFile(server);
  try {
    const plain: number[] = [];
    const tool: StreamReport[] = [];
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      // Who goes first alternates, so that a machine that slows down or speeds up favours neither.
      for (const side of repetition % 2 ? ['plain', 'tool'] : ['tool', 'plain']) {
        if (side === 'plain') plain.push(await withDatabase(server, (name) => plainCopy(server, name, plainFile)));
        else tool.push(await withDatabase(server, (name) => runStream(server, name, 'bookings')));
      }
      const [plainMs, streamed] = [plain.at(-1) ?? 0, tool.at(-1)];
      console.log(`repetition ${repetition}: plain ${seconds(plainMs)}, tool ${seconds(streamed?.durationMs ?? 0)}`);
    }
    printComparison(plainFile, plain, tool);
    printWhole(await withDatabase(server, (name) => runStream(server, name, 'whole')));
  } finally {
    await rm(plainFile.file, { force: true });
  }
}

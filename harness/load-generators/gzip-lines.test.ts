import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readGzipLines } from './gzip-lines.ts';

async function readBack(bytes: Uint8Array): Promise<{ lines: string[]; damage: Error | null }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-gzip-'));
  const file = path.join(folder, 'lines.gz');
  try {
    await writeFile(file, bytes);
    const { lines, damage } = readGzipLines(file);
    const read: string[] = [];
    for await (const line of lines) read.push(line);
    return { lines: read, damage: damage() };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('lines come back whole, over members of the file and over chunks', async () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `line ${index} ä`);
  const halves = [many.slice(0, 11_111), many.slice(11_111)];
  const bytes = Buffer.concat(halves.map((half) => gzipSync(`${half.join('\n')}\n`)));
  const { lines, damage } = await readBack(bytes);
  assert.deepEqual(lines, many);
  assert.equal(damage, null);
});

test('a file that breaks off gives its whole lines and says that it is damaged', async () => {
  // Random digits hardly compress, so half of the bytes hold about half of the lines.
  const many = Array.from({ length: 5_000 }, (_, index) => `${index} ${Math.sin(index)}`);
  const bytes = gzipSync(`${many.join('\n')}\n`);
  const { lines, damage } = await readBack(bytes.subarray(0, bytes.length / 2));
  assert.ok(lines.length > 1_000 && lines.length < 4_000, `${lines.length} lines`);
  assert.deepEqual(lines, many.slice(0, lines.length));
  assert.notEqual(damage, null);
});

test('a file that is not there has no lines, and the reason', async () => {
  const { lines, damage } = readGzipLines(path.join(tmpdir(), 'rushhour-no-such-file.gz'));
  for await (const line of lines) assert.fail(line);
  assert.equal((damage() as NodeJS.ErrnoException).code, 'ENOENT');
});

test('an empty file has no lines', async () => {
  assert.deepEqual((await readBack(Buffer.alloc(0))).lines, []);
});

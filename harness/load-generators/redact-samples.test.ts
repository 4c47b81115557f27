import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { rememberSecret } from '../secrets.ts';
import { redactSamples } from './redact-samples.ts';

test('a secret in an address goes from the samples of a script, and every other line stays as it is', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rushhour-samples-'));
  t.after(() => rmSync(folder, { recursive: true }));
  t.after(rememberSecret('s3cret-of-a-path'));
  const file = path.join(folder, 'samples.csv.gz');
  const lines = Array.from(
    { length: 12_000 },
    (_, index) => `${index},http_req_duration,1.5,/trips?page=${index}`,
  );
  writeFileSync(file, gzipSync(`${[...lines, '/trips?key=s3cret-of-a-path'].join('\n')}\n`));
  assert.equal(await redactSamples(file), null);
  assert.equal(
    gunzipSync(readFileSync(file)).toString(),
    `${[...lines, '/trips?key=[secret]'].join('\n')}\n`,
  );
  assert.deepEqual(await readdir(folder), ['samples.csv.gz']);
});

test('a file that breaks off keeps its whole lines, and is told to have broken off', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rushhour-samples-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'samples.csv.gz');
  writeFileSync(file, gzipSync('1,a\n2,b\n3,c'));
  assert.match(String(await redactSamples(file)), /the last line breaks off/);
  assert.equal(gunzipSync(readFileSync(file)).toString(), '1,a\n2,b\n');
});

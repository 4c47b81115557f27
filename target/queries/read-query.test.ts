import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readQuery } from './read-query.ts';

const FOLDER = import.meta.dirname;
const NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.sql'))
  .map((file) => file.slice(0, -'.sql'.length));

test('the header of every statement names a file that reads it', () => {
  assert.ok(NAMES.length > 5);
  for (const name of NAMES) {
    const [, caller] = /^-- Called by (\S+\.ts)\b/.exec(readQuery(name)) ?? [];
    assert.ok(caller, `${name}.sql has no header`);
    const file = path.join(FOLDER, '..', caller);
    assert.ok(
      existsSync(file) && readFileSync(file, 'utf8').includes(`readQuery('${name}')`),
      `${name}: ${caller}`,
    );
  }
});

test('a file holds one statement', () => {
  for (const name of NAMES) assert.doesNotMatch(readQuery(name), /;/);
});

test('a name without a file is an error at once', () => {
  assert.throws(() => readQuery('no-such-statement'), /ENOENT.*no-such-statement\.sql/);
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { NightRecord } from '../../harness/night-record.ts';
import { rushhour } from './command.ts';

/** As on a person's machine: the branch is the one checked out. */
const NO_CI = { GITHUB_HEAD_REF: '', GITHUB_REF_NAME: '', CI_COMMIT_REF_NAME: '' };

/** `rushhour nightly` beside the config in a folder, without drawing anything. */
export function nightly(folder: string, ...args: readonly string[]) {
  return rushhour(['nightly', '--no-report', ...args], { cwd: folder, env: NO_CI });
}

/** The nights that are kept there, each a whole line. */
export async function nightsIn(folder: string): Promise<NightRecord[]> {
  const text = await readFile(path.join(folder, 'nightly', 'history.ndjson'), 'utf8');
  assert.ok(text.endsWith('\n'));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => NightRecord.parse(JSON.parse(line)));
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = `
  import { datasetDigest } from './seed/digest.ts';
  import { resolveShape } from './seed/profiles.ts';
  datasetDigest(resolveShape('load', { history: Number(process.env.HISTORY) }));
  console.log(process.resourceUsage().maxRSS * 1024);
`;

/** Peak resident memory of a process that makes every row of a dataset with so much history, in bytes. */
async function peakRssBytes(history: number): Promise<number> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, HISTORY: String(history) },
    },
  );
  return Number(stdout);
}

test('making ten times the rows takes no more memory', { timeout: 120_000 }, async () => {
  const small = await peakRssBytes(80_000);
  const large = await peakRssBytes(800_000);
  // 800,000 bookings and their assignments are 260 MB of text; keeping a tenth of it would show.
  assert.ok(large - small < 25e6, `${small} and ${large} bytes`);
  assert.ok(large < 200e6, `${large} bytes`);
});

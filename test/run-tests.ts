/**
 * Runs the tests of one kind with Node's own runner. Usage: `run-tests.ts unit|integration [part of a file name]`.
 * `unit` are the tests beside their modules; `integration` those under test/, on real servers and tools, which get a
 * cache folder of their own that is removed at the end.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { findK6 } from '../harness/load-generators/k6-binary.ts';
import { longestFirst } from './longest-first.ts';
import { removeServerFiles } from './support/database.ts';

const [kind = 'unit', filter = ''] = process.argv.slice(2);
const root = path.resolve(import.meta.dirname, '..');
const folders = kind === 'unit' ? ['seed', 'target', 'scenarios', 'harness'] : ['test'];
const files = folders
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      path.join(folder, name),
    ),
  )
  .filter((name) => name.endsWith('.test.ts') && name.includes(filter))
  .sort();
if (files.length === 0) throw new Error(`no ${kind} test matches "${filter}"`);

const cache = mkdtempSync(path.join(tmpdir(), 'rushhour-test-'));
const k6 = await findK6();
process.env.RUSHHOUR_CACHE = cache;
if ('path' in k6) process.env.K6_PATH = k6.path;
try {
  const running = run({
    // In this order: `node --test` would sort them by name.
    files: longestFirst(files).map((file) => path.join(root, file)),
    // Each integration test starts servers of its own, so not more than there are cores: a third one on two cores made the whole no faster.
    concurrency: Math.max(2, Math.min(4, availableParallelism())),
  });
  running.on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1;
  });
  const took: { file: string; seconds: number }[] = [];
  running.on('test:complete', ({ name, file, details }) => {
    // A file is reported as a test of that name around its own.
    if (name === file) took.push({ file: path.relative(root, file), seconds: details.duration_ms / 1_000 });
  });
  await pipeline(running, new spec(), process.stdout, { end: false });
  console.log(longestLines(took).join('\n'));
} finally {
  await removeServerFiles(cache);
  rmSync(cache, { recursive: true, force: true });
}

/** The files that took longest, which are those to look at when the tests take too long. */
function longestLines(took: readonly { file: string; seconds: number }[]): string[] {
  const longest = took.toSorted((a, b) => b.seconds - a.seconds).slice(0, 30);
  return longest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`);
}

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { rushhour, scratchFolder } from '../support/command.ts';

const read = (name: string) => readFile(path.join(PROJECT_ROOT, name), 'utf8');

describe('the command line', () => {
  test('--help lists every verb of the README and no other', async () => {
    const { stdout, exitCode } = await rushhour(['--help']);
    assert.equal(exitCode, 0);
    const verbs = [...String(stdout).matchAll(/^\s+rushhour (\w+)/gm)].map((match) => match[1] ?? '');
    const section = /## Verbs[\s\S]*?(?=^## )/m.exec(await read('README.md'))?.[0] ?? '';
    const documented = [...section.matchAll(/^\| `(\w+)[^|]*` \|/gm)].map((match) => match[1] ?? '');
    assert.ok(verbs.length >= 9);
    assert.deepEqual([...new Set(documented)].sort(), [...new Set(verbs)].sort());
  });

  test('every verb has its own help with an example or options', async () => {
    for (const verb of [
      'doctor',
      'init',
      'check',
      'seed',
      'migrate',
      'serve',
      'run',
      'experiment',
      'profile',
      'advise',
      'week',
      'compare',
      'report',
      'history',
      'open',
      'calibrate',
      'nightly',
      'bisect',
      'backup',
      'restore',
      'clean',
    ]) {
      const { stdout, exitCode } = await rushhour([verb, '--help']);
      assert.equal(exitCode, 0, verb);
      assert.match(String(stdout), /Options:/, verb);
    }
  });

  test('an index that is not there ends with exit code 2, the names of those that can be dropped, and no measurement', async (t) => {
    const results = await scratchFolder(t);
    const same = ['experiment', 'smoke', '--variants', 'optimised,optimised', '--drop-index', 'nonsense'];
    const run = await rushhour([...same, '--no-report', '--results', results]);
    assert.equal(run.exitCode, EXIT.usage, `${run.stderr}`);
    assert.match(String(run.stderr), /--drop-index: the database of optimised has no index "nonsense"/);
    assert.match(
      String(run.stderr),
      /It has assignment_booking_created_idx, assignment_driver_created_idx, /,
    );
    assert.doesNotMatch(String(run.stderr), /_pkey|_key/); // keys are what the rows mean, no matter of speed
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment');
    assert.deepEqual([stored.experiment.state, stored.runs], ['failed', []]);
  });

  test('--json puts one document on stdout and everything else on stderr', async () => {
    const { stdout } = await rushhour(['doctor', '--json']);
    const lines = JSON.parse(String(stdout)) as { name: string; status: string }[];
    assert.ok(lines.some((line) => line.name === 'node' && line.status === 'ok'));
  });

  test('without a terminal there is no colour and no cursor movement', async () => {
    const { stdout, stderr } = await rushhour(['seed', '--profile', 'smoke']);
    assert.ok(!`${stdout}${stderr}`.includes('\u001b'));
    assert.match(String(stderr), /✔ Dataset smoke · \d/);
  });
});

describe('the documents', () => {
  test('every test that the table of guards in ARCHITECTURE.md names exists', async () => {
    const section = /## Guards[\s\S]*?(?=^A share of errors)/m.exec(await read('ARCHITECTURE.md'))?.[0] ?? '';
    const tests = (await readdir(PROJECT_ROOT, { recursive: true }))
      .filter((name) => name.endsWith('.test.ts') && !name.startsWith('node_modules'))
      .map((name) => path.basename(name, '.test.ts'));
    const rows = section
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    assert.ok(rows.length > 10);
    for (const row of rows) {
      const named = [...(row.split('|').at(-2) ?? '').matchAll(/`([\w-]+)`/g)].map((match) => match[1] ?? '');
      assert.ok(named.length > 0, row);
      // A name in a sentence may be something else: `pg_settings`.
      assert.ok(
        named.some((name) => tests.includes(name)),
        row,
      );
      for (const name of named) assert.ok(tests.includes(name) || name.includes('_'), `${name} in ${row}`);
    }
  });

  test('every npm script they name exists', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    for (const name of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']) {
      for (const [, script] of (await read(name)).matchAll(/npm run ([\w:-]+)/g))
        assert.ok(scripts[script ?? ''], `${name}: npm run ${script}`);
    }
  });

  test('every file and folder that ARCHITECTURE.md names exists', async () => {
    const text = await read('ARCHITECTURE.md');
    const tree = (await readdir(PROJECT_ROOT, { recursive: true })).filter(
      (name) => !name.startsWith('node_modules'),
    );
    for (const [, name] of text.matchAll(
      /`((?:seed|target|scenarios|harness|results|test|bench|bin)\/[\w./-]*)`/g,
    )) {
      const wanted = path.normalize(name ?? '').replace(/\/$/, '');
      assert.ok(tree.includes(wanted), `ARCHITECTURE.md names ${name}`);
    }
  });

  test('every exit code of the README is the one of the table', async () => {
    const readme = await read('README.md');
    for (const code of Object.values(EXIT))
      assert.match(readme, new RegExp(`\\b${code}\\b`), `exit code ${code}`);
  });
});

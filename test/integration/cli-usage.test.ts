import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
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
      'seed',
      'migrate',
      'serve',
      'run',
      'experiment',
      'compare',
      'report',
      'clean',
    ]) {
      const { stdout, exitCode } = await rushhour([verb, '--help']);
      assert.equal(exitCode, 0, verb);
      assert.match(String(stdout), /Options:/, verb);
    }
  });

  // What was wrong, what was expected, and that the exit code is the one of the table.
  const wrong: [string, string[], number, RegExp][] = [
    ['an unknown verb', ['frobnicate'], EXIT.usage, /Unknown (argument|command): frobnicate/],
    ['a verb that is nearly right', ['experment'], EXIT.usage, /Did you mean experiment/],
    ['no verb', [], EXIT.usage, /Expected a verb/],
    ['an unknown option', ['seed', '--rows', '5'], EXIT.usage, /Unknown argument: rows/],
    [
      'an unknown scenario',
      ['run', 'chaos'],
      EXIT.usage,
      /Choices: "smoke", "load", "stress", "spike", "soak"/,
    ],
    [
      'an unknown variant',
      ['run', 'smoke', '--variant', 'fast'],
      EXIT.usage,
      /baseline, indexes, bulk-apply, eager-loading, optimised/,
    ],
    [
      'an unknown profile',
      ['seed', '--profile', 'huge'],
      EXIT.usage,
      /Choices: "smoke", "load", "stress", "city"/,
    ],
    ['a number that is none', ['seed', '--bookings', 'many'], EXIT.usage, /bookings/],
    ['a number out of range', ['seed', '--bookings', '0', '--days', '-1'], EXIT.usage, /bookings[\s\S]*days/],
    [
      'one variant only',
      ['experiment', '--variants', 'baseline'],
      EXIT.usage,
      /two or more different variants/,
    ],
    [
      'the same variant twice',
      ['experiment', '--variants', 'optimised,indexes+bulk-apply+eager-loading'],
      EXIT.usage,
      /two or more different variants/,
    ],
    [
      'no pair',
      ['experiment', '--pairs', '0'],
      EXIT.usage,
      /--pairs: expected a whole number from 1 to 200, got 0/,
    ],
    [
      'a duration of nothing',
      ['run', 'smoke', '--duration-factor', '0'],
      EXIT.usage,
      /--duration-factor: expected a number above 0/,
    ],
    [
      'a server that is no PostgreSQL',
      ['seed', '--server', 'http://localhost'],
      EXIT.usage,
      /expected a postgres:\/\/ URL/,
    ],
    [
      'a server that is not there',
      ['seed', '--server', 'postgres://me:hunter2@127.0.0.1:9/x'],
      EXIT.failure,
      /127\.0\.0\.1:9\/x cannot be used: .*ECONNREFUSED/,
    ],
    ['a result that is not there', ['report', 'nonsense'], EXIT.usage, /No result "nonsense"/],
    ['nothing to compare', ['compare', 'a', 'b'], EXIT.usage, /No result "a"/],
    ['K6_PATH that is no k6', ['run', 'smoke', '--generator', 'k6'], EXIT.failure, /K6_PATH/],
  ];
  for (const [what, args, exitCode, message] of wrong) {
    test(`${what} ends with exit code ${exitCode}, a message that says so, and no stack trace`, async (t) => {
      const cwd = await scratchFolder(t);
      const run = await rushhour(args, {
        cwd,
        env: what.startsWith('K6_PATH') ? { K6_PATH: '/nonexistent/k6' } : {},
      });
      assert.equal(run.exitCode, exitCode, `${run.stderr}`);
      assert.match(String(run.stderr), message);
      assert.doesNotMatch(String(run.stderr), /^\s+at /m);
      assert.doesNotMatch(String(run.stderr), /hunter2/);
      assert.equal(run.stdout, '');
      assert.deepEqual(await readdir(cwd), []); // a command that did nothing leaves nothing
    });
  }

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
  test('every npm script they name exists', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    for (const name of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']) {
      for (const [, script] of (await read(name)).matchAll(/npm run ([\w:]+)/g))
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

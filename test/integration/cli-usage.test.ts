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
      'calibrate',
      'backup',
      'restore',
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
    [
      'init where nobody can be asked for a name',
      ['init'],
      EXIT.usage,
      /--name: expected what the target is called in results, got nothing/,
    ],
    [
      'a name that is none',
      ['init', '--name', 'My Shop'],
      EXIT.usage,
      /--name: expected small letters, digits and dashes, got 'My Shop'/,
    ],
    [
      'a service by a URL that is none of HTTP',
      ['init', '--name', 'shop', '--url', 'ftp://127.0.0.1'],
      EXIT.usage,
      /--url: expected a URL like http:\/\/127\.0\.0\.1:8000, got one that begins with ftp:/,
    ],
    [
      'a service that does not answer',
      ['init', '--name', 'shop', '--url', 'http://127.0.0.1:9'],
      EXIT.usage,
      /--url: nothing answers at http:\/\/127\.0\.0\.1:9 within 5 s/,
    ],
    [
      'a database to look at that is not there',
      ['init', '--name', 'shop', '--database', 'postgres://me:hunter2@127.0.0.1:9/x'],
      EXIT.failure,
      /postgres:\/\/me@127\.0\.0\.1:9\/x cannot be read: .*ECONNREFUSED/,
    ],
    [
      'a database to look at that is no PostgreSQL',
      ['init', '--name', 'shop', '--database', 'mysql://me:hunter2@127.0.0.1/x'],
      EXIT.usage,
      /The database: expected a URL like postgres:.*, got one that begins with mysql:\/\//,
    ],
    ['an unknown option', ['seed', '--rows', '5'], EXIT.usage, /Unknown argument: rows/],
    [
      'an unknown scenario',
      ['run', 'chaos'],
      EXIT.usage,
      /Choices: "smoke", "load", "stress", "spike", "soak"/,
    ],
    [
      'a day that a week does not have',
      ['week', '--only', 'day9'],
      EXIT.usage,
      /--only: expected day1 to day5, got 'day9'/,
    ],
    [
      'a day for a week that is resumed',
      ['week', '--resume', 'last', '--only', 'day2'],
      EXIT.usage,
      /resume and only are mutually exclusive/,
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
      ['experiment', '--variants', 'optimised'],
      EXIT.usage,
      /--variants: expected two or more, joined by commas, got "optimised"/,
    ],
    [
      'three variants of which two are the same',
      ['experiment', '--variants', 'baseline,optimised,indexes+bulk-apply+eager-loading'],
      EXIT.usage,
      /--variants: Expected different variants; only two equal ones make an A\/A/,
    ],
    [
      'a gate of no metric',
      ['experiment', '--gate', 'nonsense'],
      EXIT.usage,
      /--gate: expected 1 to 4 metrics of --mode pair, got "nonsense"[\s\S]*"dispatch time", "CPU time per dispatch"/,
    ],
    [
      'a gate of a metric that the mode does not measure',
      ['experiment', '--mode', 'load', '--gate', 'dispatch time'],
      EXIT.usage,
      /metrics of --mode load, got "dispatch time"[\s\S]*"dispatch under load, median"/,
    ],
    [
      'a gate of too many metrics',
      ['experiment', '--gate', 'dispatch time,load phase,decide phase,apply phase,dispatch time, p95'],
      EXIT.usage,
      /--gate: expected 1 to 4 metrics/,
    ],
    [
      'a slowdown that is no share',
      ['experiment', '--inject-slowdown', 'fast'],
      EXIT.usage,
      /--inject-slowdown: expected a percentage from 0\.1% to 1000%, such as 5%, got 'fast'/,
    ],
    [
      'an unknown part of an experiment',
      ['experiment', '--mode', 'quick'],
      EXIT.usage,
      /Choices: "count", "pair", "load", "all"/,
    ],
    [
      'more dispatches alone than there are company-days',
      ['experiment', 'smoke', '--probes', '10'],
      EXIT.usage,
      /--probes: 10 dispatches and one before them need 11 company-days, the dataset has 10/,
    ],
    [
      'nothing to resume',
      ['experiment', '--resume', 'last'],
      EXIT.usage,
      /There is no result in .*results yet/,
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

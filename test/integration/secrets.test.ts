import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { EXIT } from '../../harness/errors.ts';
import { findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import { serverFolder } from '../../harness/postgres/distribution.ts';
import { scramVerifier } from '../../harness/postgres/scram-verifier.ts';
import { hostOf, withAdmin } from '../../harness/postgres/server.ts';
import { unprivilegedUser } from '../../harness/postgres/unprivileged-user.ts';
import { watchArgv } from '../support/argv-watch.ts';
import { rushhour as runTool, scratchFolder } from '../support/command.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { filesWithSecrets, type SecretFinder, secretFinder } from '../support/marked-secrets.ts';
import { nativePrograms, startNativeServer } from '../support/native-server.ts';
import { makeOwnDatabase } from '../support/own-database.ts';
import { assertSaysNoSecret } from '../support/secret-watch.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';

/** Every character that one of URL, JSON, shell, HTML and libpq treats as its own. */
const PASSWORD = `mark1 "p@ss:w/rd"%20&'<>\\=?#$`;
const MARKED = {
  'the password of the role': PASSWORD,
  'a password that is wrong': 'mark2-wr0ng/passw0rd@x',
  JWT_SECRET: 'mark3-jwt-s3cret-0123456789abcdef0123456789',
  'the password of DATABASE_URL': 'mark4-from-database-url',
  'the password of a download mirror': 'mark5-of-a-mirror',
  'the password of a proxy': 'mark6-of-a-proxy',
} as const;

const linuxOnly = { skip: process.platform === 'linux' ? false : 'reads command lines in /proc' };

describe('no secret', linuxOnly, () => {
  let own: OwnServer;
  let scratch: string;
  let results: string;
  let finder: SecretFinder;
  let k6Path: string;

  before(async () => {
    const k6 = await findK6();
    if (!k6.found) throw missingK6Error(k6);
    k6Path = k6.path;
    own = await startOwnServer();
    await withAdmin(own.server, undefined, (admin) =>
      admin.query(`CREATE ROLE marked SUPERUSER LOGIN PASSWORD '${scramVerifier(PASSWORD)}'`),
    );
    scratch = await mkdtemp(path.join(tmpdir(), 'rushhour-secrets-'));
    results = path.join(scratch, 'results');
    finder = secretFinder({
      ...MARKED,
      'the password of the cluster': new URL(own.server.adminUrl()).password,
    });
  });
  after(async () => {
    await rm(scratch, { recursive: true, force: true });
    await own?.remove();
  });

  const urlWith = (password: string, database = 'postgres') => {
    const url = new URL(`postgres://marked@${hostOf(own.server)}/${database}`);
    url.password = encodeURIComponent(password);
    return url.toString();
  };
  const withoutPassword = () => `postgres://marked@${hostOf(own.server)}/postgres`;

  const environment = () => ({
    RUSHHOUR_CACHE: own.cache,
    K6_PATH: k6Path,
    JWT_SECRET: MARKED.JWT_SECRET,
    DATABASE_URL: `postgres://app:${MARKED['the password of DATABASE_URL']}@127.0.0.1:9/app`,
    HTTPS_PROXY: `http://me:${MARKED['the password of a proxy']}@127.0.0.1:9`,
    RUSHHOUR_K6_DOWNLOAD_URL: `http://me:${MARKED['the password of a download mirror']}@127.0.0.1:9/k6`,
  });

  interface Case {
    readonly args: () => readonly string[];
    readonly exit: number;
    readonly env?: () => Readonly<Record<string, string>>;
    /** It is interrupted once it has said this. */
    readonly until?: RegExp;
  }

  const SHORT = ['--duration-factor', '0.05', '--rate-factor', '0.5', '--probes', '1', ...SMALLEST_OPTIONS];
  const server = () => ['--server', urlWith(PASSWORD)];
  const inEnvironment = () => ({ PGPASSWORD: PASSWORD });
  const toResults = () => ['--results', results];

  const works: Record<string, Case> = {
    doctor: { args: () => ['doctor', ...toResults()], exit: EXIT.fine },
    'init, the password in the environment': {
      // Not where the verbs after it would take it for theirs.
      args: () => ['init', '--name', 'shop', '--output', 'shop.config.ts'],
      env: () => ({ RUSHHOUR_INIT_DATABASE_URL: urlWith(PASSWORD) }),
      exit: EXIT.fine,
    },
    'init, the password in the URL': {
      args: () => ['init', '--name', 'shop2', '--database', urlWith(PASSWORD), '--output', 'shop2.config.ts'],
      exit: EXIT.fine,
    },
    'seed, the password in the URL': {
      args: () => ['seed', ...SMALLEST_OPTIONS, ...server()],
      exit: EXIT.fine,
    },
    'seed, the password in PGPASSWORD': {
      args: () => ['seed', ...SMALLEST_OPTIONS, '--server', withoutPassword()],
      env: inEnvironment,
      exit: EXIT.fine,
    },
    'seed, the password in a parameter of the URL': {
      args: () => [
        ...['seed', ...SMALLEST_OPTIONS, '--json'],
        ...['--server', `${withoutPassword()}?password=${encodeURIComponent(PASSWORD)}`],
      ],
      exit: EXIT.fine,
    },
    'run with both generators': {
      args: () => ['run', 'smoke', '--generator', 'both', ...SHORT, ...server(), ...toResults()],
      exit: EXIT.fine,
    },
    'run, the password in PGPASSWORD': {
      args: () => ['run', 'smoke', '--json', ...SHORT, '--server', withoutPassword(), ...toResults()],
      env: inEnvironment,
      exit: EXIT.fine,
    },
    'an experiment of all parts': {
      args: () => [
        ...['experiment', 'smoke', '--mode', 'all', '--pairs', '1', '--dispatches', '1', '--load-pairs', '1'],
        ...['--no-confirm', ...SHORT, ...server(), ...toResults()],
      ],
      exit: EXIT.fine,
    },
    profile: {
      args: () => ['profile', '--probes', '1', ...SMALLEST_OPTIONS, ...server(), ...toResults()],
      exit: EXIT.fine,
    },
    advise: {
      args: () => [
        ...['advise', '--dispatches', '1', '--candidates', '1', '--pairs', '0'],
        ...[...SMALLEST_OPTIONS, ...server(), ...toResults()],
      ],
      exit: EXIT.fine,
    },
    serve: {
      args: () => ['serve', '--port', '0', ...SMALLEST_OPTIONS, ...server()],
      until: /Ctrl-C stops it/,
      exit: EXIT.fine,
    },
    'report of the newest result': { args: () => ['report', 'last', ...toResults()], exit: EXIT.fine },
    'report of all results': { args: () => ['report', ...toResults()], exit: EXIT.fine },
  };

  const fails: Record<string, Case> = {
    'a wrong password': {
      args: () => ['seed', '--server', urlWith(MARKED['a password that is wrong'])],
      exit: EXIT.failure,
    },
    'a wrong PGPASSWORD': {
      args: () => ['seed', '--server', withoutPassword()],
      env: () => ({ PGPASSWORD: MARKED['a password that is wrong'] }),
      exit: EXIT.failure,
    },
    'a server that is not there': {
      args: () => ['run', 'smoke', ...toResults(), '--server', urlWith(PASSWORD).replace(/:\d+\//, ':9/')],
      exit: EXIT.failure,
    },
    'a database that is not there': {
      args: () => ['profile', ...toResults(), '--server', urlWith(PASSWORD, 'nowhere')],
      exit: EXIT.failure,
    },
    'a database of somebody else': {
      args: () => ['backup', '--database', 'postgres', ...toResults(), ...server()],
      exit: EXIT.refused,
    },
    'a URL that cannot be read for its password': {
      args: () => [
        'seed',
        '--server',
        `postgres://marked:${MARKED['a password that is wrong']}:x@127.0.0.1/x`,
      ],
      exit: EXIT.usage,
    },
    'a URL of another kind of server': {
      args: () => ['seed', '--server', urlWith(PASSWORD).replace('postgres', 'mysql')],
      exit: EXIT.usage,
    },
    'a URL where none is expected': { args: () => ['seed', urlWith(PASSWORD)], exit: EXIT.usage },
    'a URL as the name of a result': {
      args: () => ['report', urlWith(PASSWORD), ...toResults()],
      exit: EXIT.usage,
    },
    'a mirror that is not there': {
      args: () => ['run', 'smoke', ...toResults(), ...server()],
      env: () => ({ K6_PATH: '', PATH: path.dirname(process.execPath) }),
      exit: EXIT.failure,
    },
  };

  for (const [what, one] of [...Object.entries(works), ...Object.entries(fails)])
    test(`is printed or in a command line: ${what}`, () => check(one));

  test('is printed, in a command line or in a backup with its dump', async (t) => {
    const folder = await nativePrograms(15);
    if (folder === null) return t.skip('PostgreSQL 15 is not installed');
    const native = await startNativeServer(folder);
    t.after(() => native.remove());
    const name = await makeOwnDatabase(native.server);
    await withAdmin(native.server, undefined, (admin) =>
      admin.query(`CREATE ROLE marked SUPERUSER LOGIN PASSWORD ${pg.escapeLiteral(PASSWORD)}`),
    );
    const url = urlWith(PASSWORD).replace(hostOf(own.server), hostOf(native.server));
    await check({
      args: () => ['backup', '--dump', '--database', name, '--server', url, ...toResults()],
      exit: EXIT.fine,
    });
  });

  test('is in a result, a report, a log, a note or the log of the server', async () => {
    assert.deepEqual(await filesWithSecrets(scratch, finder), []);
    const folder = await serverFolder(own.cache, await unprivilegedUser());
    assert.deepEqual(await filesWithSecrets(folder, finder, isOfTheServer), []);
  });

  test('would be overlooked: planted in any of these ways it is found', async (t) => {
    const folder = await scratchFolder(t);
    const encoded = new URL(urlWith(PASSWORD)).password;
    const planted: Record<string, string | Buffer> = {
      'plain.json': JSON.stringify({ server: `x${PASSWORD}x` }),
      'url.log': `postgres://marked:${encoded}@127.0.0.1/x`,
      'base64.txt': Buffer.from(PASSWORD).toString('base64'),
      'deep/lines.ndjson.gz': gzipSync(`{"proxy":"${MARKED['the password of a proxy']}"}\n`),
    };
    await mkdir(path.join(folder, 'deep'));
    for (const [name, content] of Object.entries(planted)) await writeFile(path.join(folder, name), content);
    const found = await filesWithSecrets(folder, finder);
    assert.deepEqual(
      found.map((line) => path.relative(folder, line.split(': ')[0] ?? '')).sort(),
      Object.keys(planted).sort(),
    );
    const watch = watchArgv(process.pid);
    const child = runTool(['report', '--results', PASSWORD, 'last'], { cwd: folder });
    await child;
    assert.ok(
      watch.stop().descendants.some((line) => finder.find(line).length > 0),
      'not seen in a command line',
    );
  });

  /** Files of the cluster itself: its password is kept in one that its owner alone may read, and rows are not searched. */
  function isOfTheServer(file: string): boolean {
    return /\/(password|lock|distribution-[^/]*\/.*|data\/(base|global|pg_wal|pg_xact)\/.*)$/.test(file);
  }

  async function check({ args, env, exit, until }: Case): Promise<void> {
    const run = { args: args(), env: { ...environment(), ...env?.() }, cwd: scratch, until };
    const { exitCode, said } = await assertSaysNoSecret(run, finder);
    // So little data says nothing of speed: a threshold may fail.
    assert.equal(exitCode === EXIT.thresholdsFailed ? EXIT.fine : exitCode, exit, said);
  }
});

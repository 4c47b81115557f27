/** Secrets that a config, its data and its service hold, where all of them like to print what they know. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { CommandConfig, LoginConfig, RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { EXIT } from '../../harness/errors.ts';
import { findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import { serverFolder } from '../../harness/postgres/distribution.ts';
import { scramVerifier } from '../../harness/postgres/scram-verifier.ts';
import { hostOf, withAdmin } from '../../harness/postgres/server.ts';
import { unprivilegedUser } from '../../harness/postgres/unprivileged-user.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { filesWithSecrets, type SecretFinder, secretFinder } from '../support/marked-secrets.ts';
import { assertSaysNoSecret } from '../support/secret-watch.ts';
import { TRIPS, tripsConfig, tripsProgram, writeConfig } from '../support/trips.ts';

const MARKED = {
  'the password of the role': `mark1 "p@ss:w/rd"%20&'<>\\=?#$`,
  'a variable of the service': 'mark2-of-a-variable',
  'a URL in a variable': 'mark3-of-a-broker',
  'a token or cookie of the service': 'planted-token-of-trips',
  'a password in the data': 'mark5-in-the-data',
  'a password in the config': 'mark6-in-the-config',
  'a parameter of a path': 'mark7-of-a-path',
  'a header that logs in': 'mark8-of-a-header',
  'a header beside it': 'mark9-of-a-header',
} as const;

const linuxOnly = { skip: process.platform === 'linux' ? false : 'reads command lines in /proc' };

describe('no secret of a config', linuxOnly, () => {
  let own: OwnServer;
  let scratch: string;
  let finder: SecretFinder;
  let files = 0;
  let k6Path: string;

  before(async () => {
    const k6 = await findK6();
    if (!k6.found) throw missingK6Error(k6);
    k6Path = k6.path;
    own = await startOwnServer();
    const verifier = scramVerifier(MARKED['the password of the role']);
    await withAdmin(own.server, undefined, (admin) =>
      admin.query(`CREATE ROLE marked SUPERUSER LOGIN PASSWORD '${verifier}'`),
    );
    scratch = await mkdtemp(path.join(tmpdir(), 'rushhour-secrets-'));
    finder = secretFinder(MARKED);
  });
  after(async () => {
    await rm(scratch, { recursive: true, force: true });
    await own?.remove();
  });

  /** Says with each request who asks, with what, and where its database is. */
  const environment = {
    SAY: MARKED['a variable of the service'],
    LOGIN: 'on',
    API_KEY: MARKED['a parameter of a path'],
    API_SECRET: MARKED['a variable of the service'],
    BROKER_URL: `amqp://me:${MARKED['a URL in a variable']}@127.0.0.1/jobs`,
  };
  const SAY_IS_SECRET = { SAY_TOKEN: environment.SAY };
  const tellAll = (exitCode: number): CommandConfig => ({
    command: [process.execPath, path.join(TRIPS, 'tell-all.mjs'), String(exitCode)],
    environment,
  });
  const accounts = { sql: 'SELECT login, password, depot_id FROM staff WHERE depot_id = 1' };
  const request = {
    path: `/login?api_key=${MARKED['a parameter of a path']}`,
    headers: { 'x-csrf-token': MARKED['a header beside it'] },
    body: { login: '{login}', password: '{password}' },
  };
  const byToken: LoginConfig = { kind: 'token', request, token: 'token', accounts };
  const byCookie: LoginConfig = { kind: 'cookie', request, accounts };
  const wrongAccount = { login: 'ann', password: MARKED['a password in the config'] };

  const config = (parts: Partial<RushhourConfig>): RushhourConfig => ({
    ...tripsConfig({
      dataset: {
        seed: [
          { file: path.join(TRIPS, 'schema.sql') },
          `UPDATE staff SET password = '${MARKED['a password in the data']}'`,
          tellAll(0),
        ],
      },
      login: byToken,
      endpoints: { trips: { path: `/trips?depot={depot_id}&api_key=${MARKED['a parameter of a path']}` } },
      variants: {
        now: { start: tripsProgram('service', { environment: { ...environment, ...SAY_IS_SECRET } }) },
      },
      hooks: { afterReset: [tellAll(0)] },
    }),
    ...parts,
  });

  interface Case {
    readonly verb: readonly string[];
    readonly parts?: Partial<RushhourConfig>;
    readonly exit: number;
    readonly until?: RegExp;
    /** That it was told at all. */
    readonly says?: RegExp;
  }
  const COUNT = ['experiment', 'dispatch', '--mode', 'count', '--probes', '1', '--variants', 'now,now'];

  const CASES: Record<string, Case> = {
    'an experiment, logged in by a token': { verb: COUNT, exit: EXIT.fine },
    'a load of both generators with a key in its path, as it was sent': {
      verb: ['run', 'mixed', '--generator', 'both', '--probes', '1'],
      parts: {
        scenarios: {
          mixed: {
            mix: [{ weight: 1, visit: ['trips'] }],
            steps: [{ ratePerSecond: 4, seconds: 2 }],
            thresholds: { errorRatio: 0 },
          },
        },
      },
      exit: EXIT.fine,
    },
    "a k6 script of one's own that logs all it knows": {
      verb: ['run', 'own', '--generator', 'k6', '--probes', '1'],
      parts: {
        scenarios: {
          own: {
            k6: path.join(TRIPS, 'own-trips.js'),
            environment: { API_KEY: MARKED['a parameter of a path'] },
          },
        },
      },
      exit: EXIT.fine,
    },
    'a profile, logged in by a cookie': {
      verb: ['profile', '--probes', '1'],
      parts: { login: byCookie },
      exit: EXIT.fine,
    },
    'a service whose messages are shown': {
      verb: ['serve', '--port', '0'],
      parts: {
        service: {
          health: '/health',
          warmUp: [{ path: '/trips?depot=1', headers: { cookie: `sid=${MARKED['a header beside it']}` } }],
        },
      },
      until: /Ctrl-C stops it/,
      exit: EXIT.fine,
      says: /GET \/trips/,
    },
    'a login that is refused, and says what it was sent': {
      verb: COUNT,
      parts: { login: { ...byToken, accounts: [wrongAccount] } },
      exit: EXIT.failure,
      says: /was answered 401: .*no ann with password/,
    },
    'a key that is refused, and told': {
      verb: COUNT,
      parts: { login: { kind: 'header', headers: { 'x-api-key': MARKED['a header that logs in'] } } },
      exit: EXIT.failure,
      says: /was answered 401: .*you_sent/,
    },
    'a hook that fails and prints its environment': {
      verb: COUNT,
      parts: { hooks: { afterReset: [tellAll(3)] } },
      exit: EXIT.failure,
      says: /hooks\.afterReset\[0\]: .*failed: .*BROKER_URL=amqp:/s,
    },
    'a seed that fails and prints its environment': {
      verb: ['seed'],
      parts: { dataset: { seed: [tellAll(3)] } },
      exit: EXIT.failure,
      says: /dataset\.seed\[0\]: .*failed: .*API_SECRET=/s,
    },
    'a service that ends at once and prints its environment': {
      verb: ['serve', '--port', '0'],
      parts: { variants: { now: { start: tellAll(3) } } },
      exit: EXIT.failure,
      says: /ended with exit code 3 before it answered.*DATABASE_URL=/s,
    },
  };

  for (const [what, { verb, parts = {}, exit, until, says }] of Object.entries(CASES))
    test(`is printed or in a command line: ${what}`, async (t) => {
      const file = await writeConfig(scratch, config(parts), `case-${files++}.json`);
      t.after(() => rm(file)); // it holds them all
      const url = new URL(`postgres://marked@${hostOf(own.server)}/postgres`);
      url.password = encodeURIComponent(MARKED['the password of the role']);
      const results =
        verb[0] === 'serve' || verb[0] === 'seed' ? [] : ['--results', path.join(scratch, 'results')];
      const { exitCode, said } = await assertSaysNoSecret(
        {
          args: [...verb, '--config', file, '--server', url.toString(), ...results],
          env: { RUSHHOUR_CACHE: own.cache, K6_PATH: k6Path },
          ...{ cwd: scratch, until },
        },
        finder,
      );
      assert.equal(exitCode, exit, said);
      if (says) assert.match(said, says);
    });

  test('is in a result, a report, a log, a note or the log of the server', async () => {
    assert.deepEqual(await filesWithSecrets(scratch, finder), []);
    const folder = await serverFolder(own.cache, await unprivilegedUser());
    const isOfTheServer = (file: string) =>
      /\/(password|lock|distribution-[^/]*\/.*|data\/(base|global|pg_wal|pg_xact)\/.*)$/.test(file);
    assert.deepEqual(await filesWithSecrets(folder, finder, isOfTheServer), []);
  });
});

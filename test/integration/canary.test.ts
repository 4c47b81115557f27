import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { backUp } from '../../harness/backup/back-up.ts';
import { EXIT } from '../../harness/errors.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import {
  createProduction,
  type Portrait,
  PRODUCTION,
  portrait,
  SERVED,
  type Staff,
  sendStaff,
  whatIsLeft,
} from '../support/canary.ts';
import { asksServer, CANARY_URL, REACHING_FLAGS, VERBS, type VerbCase } from '../support/canary-verbs.ts';
import { rushhour as runTool } from '../support/command.ts';
import { errorOf, flagsByVerb } from '../support/command-line.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { makeOwnDatabase } from '../support/own-database.ts';
import { SILENT } from '../support/silent-progress.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { openTunnel, type TcpTunnel } from '../support/tcp-tunnel.ts';

/** Named like a clone and like an unfinished build of ours, whose maker would be long gone. */
const LOOK_ALIKES = ['rushhour_run_0123456789ab', 'rushhour_build_0123456789ab'];
/** Named and closed like the template of a backup of ours: `restore` looks into those. */
const CLOSED_LOOK_ALIKE = 'rushhour_bak_0123456789ab';
const CANARIES = [PRODUCTION, SERVED, ...LOOK_ALIKES, CLOSED_LOOK_ALIKE];

/**
 * A production behind a tunnel, reached as its superuser, by a URL that names the canary itself: nothing but the missing
 * marker speaks against it.
 */
describe('the canary', () => {
  let own: OwnServer;
  let tunnel: TcpTunnel;
  let staff: Staff;
  let asMade: Portrait;
  let results: string;
  let leftBefore: string[];
  /** Where `init` writes. */
  let written: string;
  let flags: Map<string, string[]>;

  before(async () => {
    flags = await flagsByVerb();
    own = await startOwnServer();
    const { server } = own;
    tunnel = await openTunnel(Number(new URL(server.adminUrl()).port));
    await createProduction(server);
    await withAdmin(server, undefined, async (admin) => {
      for (const name of [SERVED, ...LOOK_ALIKES, CLOSED_LOOK_ALIKE])
        await admin.query(`CREATE DATABASE ${name} TEMPLATE ${PRODUCTION}`);
      await admin.query(`ALTER DATABASE ${CLOSED_LOOK_ALIKE} IS_TEMPLATE true ALLOW_CONNECTIONS false`);
      await admin.query(`ALTER DATABASE ${PRODUCTION} SET work_mem = '7MB'`);
    });
    results = path.join(own.cache, 'results');
    written = path.join(own.cache, 'written');
    await mkdir(written);
    // A backup of ours, so that `restore last` finds one.
    const database = await makeOwnDatabase(server);
    const { signal } = new AbortController();
    await backUp(server, {
      database,
      disconnect: false,
      dump: 'never',
      resultsRoot: results,
      signal,
      progress: SILENT,
    });
    staff = await sendStaff(server, PRODUCTION);
    asMade = await portrait(server, CANARIES);
    leftBefore = await whatIsLeft(server, CANARIES);
  });
  after(async () => {
    await staff?.leave();
    await tunnel?.close();
    await own?.remove();
  });

  const throughTunnel = () => {
    const url = new URL(own.server.adminUrl(PRODUCTION));
    url.port = String(tunnel.port);
    return url.toString();
  };
  const takes = (verb: string, flag: string) => flags.get(verb)?.includes(flag) ?? false;

  test('every verb is in the table, with every flag by which it reaches a database', () => {
    assert.deepEqual([...flags.keys()].sort(), Object.keys(VERBS).sort());
    for (const [verb, has] of flags) {
      const cases = VERBS[verb] ?? [];
      const given = cases.flatMap(({ args }) => args);
      const missing = has.filter((flag) => REACHING_FLAGS.test(flag) && !given.includes(flag));
      assert.deepEqual(missing, has.includes('--server') && cases.length > 0 ? ['--server'] : [], verb);
    }
  });

  // Without this, a portrait that sees nothing would find every verb harmless.
  for (const [touch, sql] of [
    ['a row', "UPDATE company SET town = 'elsewhere' WHERE id = 1"],
    ['a row that was rolled back', "BEGIN; UPDATE company SET town = 'elsewhere' WHERE id = 1; ROLLBACK"],
    ['an index', 'CREATE INDEX touched ON booking (company_id)'],
    ['a marker', 'CREATE SCHEMA rushhour_meta; CREATE TABLE rushhour_meta.marker ()'],
    ['a setting', 'ALTER DATABASE touched SET jit = off'],
    ['its door', 'ALTER DATABASE touched IS_TEMPLATE true'],
    ['a role', 'CREATE ROLE touched'],
  ] as const)
    test(`would be seen to differ by ${touch}`, async () => {
      const change = (database: string, text: string) =>
        withAdmin(own.server, database, (client) => client.query(text));
      await change('postgres', `CREATE DATABASE touched TEMPLATE ${LOOK_ALIKES[0]}`);
      const untouched = await portrait(own.server, ['touched']);
      assert.deepEqual(await portrait(own.server, ['touched']), untouched);
      await change('touched', sql);
      assert.notDeepEqual(await portrait(own.server, ['touched']), untouched);
      await change('postgres', 'ALTER DATABASE touched IS_TEMPLATE false');
      await change('postgres', 'DROP DATABASE touched');
      await change('postgres', 'DROP ROLE IF EXISTS touched');
    });

  for (const [verb, cases] of Object.entries(VERBS))
    for (const one of cases)
      test(`is as it was after \`${[verb, ...one.args].join(' ')}\``, async () => {
        const { exitCode, said } = await runCase(verb, one);
        assert.ok(one.exits.includes(exitCode), `${exitCode}: ${said}`);
        if (exitCode === EXIT.refused) assertSaysWhy(verb, said);
        await staff.check();
        assert.deepEqual(await portrait(own.server, CANARIES), asMade);
        assert.deepEqual(await whatIsLeft(own.server, CANARIES), leftBefore);
      });

  test('is on a server that every verb refuses by its looks, unless the command line allows that one by its name', async () => {
    for (const [verb, cases] of Object.entries(VERBS)) {
      if (!takes(verb, '--server') || !cases.every(asksServer)) continue;
      const args = [verb, ...(cases[0]?.args ?? []), '--server', throughTunnel()];
      const { exitCode, message, hint } = await errorOf(args);
      assert.equal(exitCode, EXIT.refused, `${verb}: ${message}`);
      assert.match(message, /looks like a production: its URL names the database "dispatch_production"\./);
      assert.match(hint ?? '', /--allow-server 127\.0\.0\.1\./);
      const other = await errorOf([...args, '--allow-server', 'localhost']);
      assert.equal(
        other.message,
        "--allow-server: expected the host of --server, 127.0.0.1, got 'localhost'.",
      );
    }
    assert.deepEqual(await portrait(own.server, CANARIES), asMade);
  });

  test('is not found by the environment alone: without --server the embedded server is used', async () => {
    const url = new URL(throughTunnel());
    const env = {
      DATABASE_URL: url.toString(),
      ...{ PGHOST: url.hostname, PGPORT: url.port, PGDATABASE: PRODUCTION },
      ...{ PGUSER: url.username, PGPASSWORD: url.password },
    };
    const seeded = await runTool(['seed', ...SMALLEST_OPTIONS, '--json'], { env });
    assert.equal(seeded.exitCode, EXIT.fine, `${seeded.stderr}`);
    const lost = await runTool(['migrate', 'up', '--database', PRODUCTION], { env });
    assert.equal(lost.exitCode, EXIT.usage);
    assert.match(
      String(lost.stderr),
      /the server has no database "dispatch_production"; asked was 127\.0\.0\.1:\d+/,
    );
    assert.doesNotMatch(
      String(lost.stderr),
      new RegExp(`:(${tunnel.port}|${new URL(own.server.adminUrl()).port})`),
    );
    assert.deepEqual(await portrait(own.server, CANARIES), asMade);
  });

  async function runCase(verb: string, { args, until }: VerbCase) {
    const where = [
      ...(takes(verb, '--server') ? ['--server', throughTunnel(), '--allow-server', '127.0.0.1'] : []),
      ...(takes(verb, '--results') ? ['--results', results] : []),
    ];
    const given = args.map((one) => (one === CANARY_URL ? throughTunnel() : one));
    const run = runTool([verb, ...given, ...where], {
      cwd: verb === 'init' ? written : own.cache, // a config that it writes is not to be found by the others
      env: { RUSHHOUR_CACHE: own.cache },
      all: true,
    });
    let said = '';
    let stopped = false;
    run.all?.on('data', (chunk) => {
      said += chunk;
      if (until?.test(said) && !stopped) stopped = run.kill('SIGINT'); // a second one would stop it at once
    });
    const { exitCode } = await run;
    return { exitCode: exitCode ?? -1, said };
  }

  /** What, where, what was expected, what was found, what to do. */
  function assertSaysWhy(verb: string, said: string): void {
    assert.doesNotMatch(said, /unexpected error|^\s+at /m);
    assert.match(said, /\n {2}→ \w/, 'no remedy');
    if (verb === 'clean') return;
    const named = verb === 'check' ? SERVED : PRODUCTION;
    assert.match(said, new RegExp(`Database "${named}" on 127\\.0\\.0\\.1:${tunnel.port} `));
    assert.match(said, /Expected a marker inside that names this very database, got none\./);
  }
});

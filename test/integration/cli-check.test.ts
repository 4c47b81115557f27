/** `rushhour check` as a person starts it. What it says of each broken part is in check.test.ts. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { PartLine } from '../../harness/check/parts.ts';
import type { RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { EXIT } from '../../harness/errors.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { ODD_SERVICES } from '../support/odd-services.ts';
import { TRIP_CONFIG, tripVariant } from '../support/trip-config.ts';

let own: OwnServer;
before(async () => {
  own = await startOwnServer();
});
after(() => own?.remove());

const check = (folder: string, ...args: string[]) =>
  rushhour(['check', ...args], { cwd: folder, env: { RUSHHOUR_CACHE: own.cache } });

type Scratch = Parameters<typeof scratchFolder>[0];

/** A folder with the config of one variant. */
async function folderWith(t: Scratch, change: Partial<RushhourConfig> = {}, comment = ''): Promise<string> {
  const folder = await scratchFolder(t);
  const dataset = { schema: [{ file: path.join(ODD_SERVICES, 'schema.sql') }], seed: ['SELECT 1'] };
  const { week: _week, scenarios: _scenarios, ...rest } = TRIP_CONFIG;
  const config = { ...rest, dataset, variants: { only: tripVariant() }, ...change };
  await writeFile(
    path.join(folder, 'rushhour.config.mjs'),
    `${comment}export default ${JSON.stringify(config, null, 2)};\n`,
  );
  return folder;
}

describe('rushhour check', () => {
  test('says what works in a line each, where a TODO is left, and ends with 0', async (t) => {
    const folder = await folderWith(t, {}, '// TODO: the real password\n');
    const { stdout, stderr, exitCode } = await check(folder, '--quick');
    assert.equal(exitCode, EXIT.fine, `${stdout}\n${stderr}`);
    const lines = String(stdout).split('\n');
    assert.equal(lines[0], `✔ config: trips, 1 variant: only (${path.join(folder, 'rushhour.config.mjs')})`);
    assert.deepEqual(lines.slice(1, 4), [
      '! TODOs: 1 place to fill in',
      '    rushhour.config.mjs:1 the real password',
      '  → Fill them in and remove the comments; what follows shows which of them matter.',
    ]);
    assert.match(lines[4] ?? '', /^✔ PostgreSQL: [\d.]+, embedded; databases can be created$/);
    assert.ok(lines.includes('✔ only · login: depot_id 1: a token, sent as authorization'), String(stdout));
    assert.ok(lines.includes('· only · first dispatch: not tried: --quick leaves dispatches out'));
    assert.doesNotMatch(`${stdout}${stderr}`, /planted-/);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('ends with 1 when a part does not work; --json is one document of all parts', async (t) => {
    const folder = await folderWith(t, { hooks: { afterReset: [{ command: ['no-such-hook'] }] } });
    const { stdout, exitCode } = await check(folder, '--quick', '--json');
    assert.equal(exitCode, EXIT.failure, String(stdout));
    const parts = JSON.parse(String(stdout)) as PartLine[];
    const problems = parts.filter(({ status }) => status === 'problem');
    assert.deepEqual(
      problems.map(({ name, variant }) => [name, variant]),
      [['hooks', 'only']],
    );
    assert.match(problems[0]?.remedy ?? '', /Give its path/);
  });

  test('tells all that is wrong with the config itself before anything is started, and ends with 2', async (t) => {
    const folder = await folderWith(t, {
      service: { health: 'health', requestsPerSecond: -1 },
    });
    const { stdout, stderr, exitCode } = await check(folder);
    assert.equal(exitCode, EXIT.usage);
    assert.match(
      String(stderr),
      /has 2 problems:\n {2}service\.health: .*\n {2}service\.requestsPerSecond: /,
    );
    assert.equal(stdout, '');
  });

  test('tells a server that cannot be used as a part, and tries nothing on it', async (t) => {
    const folder = await folderWith(t);
    const { stdout, exitCode } = await check(folder, '--server', 'postgres://me:planted-word@127.0.0.1:9/x');
    assert.equal(exitCode, EXIT.failure);
    assert.match(
      String(stdout),
      /\n✖ PostgreSQL: The server postgres:\/\/me@127\.0\.0\.1:9\/x cannot be used: .*\n {2}→ Is it running/,
    );
    assert.doesNotMatch(String(stdout), /only ·|planted-/);
  });

  test('ends with 4 when a database that is not ours would be replaced', async (t) => {
    const name = 'rushhour_somebodys';
    const folder = await folderWith(t, {
      variants: { running: { url: 'http://127.0.0.1:9', database: name } },
    });
    const admin = (sql: string) => withAdmin(own.server, undefined, (client) => client.query(sql));
    await admin(`CREATE DATABASE ${name} TEMPLATE template0`);
    try {
      const { stdout, exitCode } = await check(folder);
      assert.equal(exitCode, EXIT.refused, String(stdout));
      assert.match(
        String(stdout),
        /✖ running · database: Database "rushhour_somebodys" .*\n {2}→ Name a database/,
      );
    } finally {
      await admin(`DROP DATABASE ${name}`);
    }
  });

  test('Ctrl-C stops what was started and leaves nothing', async (t) => {
    const folder = await folderWith(t, {
      dispatch: { ...TRIP_CONFIG.dispatch, timeoutSeconds: 600, complete: { by: 'rows' } },
      variants: { only: tripVariant('never-works') },
    });
    const run = check(folder);
    const said = { text: '' };
    run.stdout?.on('data', (chunk) => {
      said.text += chunk;
      if (said.text.includes('only · login')) run.kill('SIGINT');
    });
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.interrupted, String(stderr));
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });
});

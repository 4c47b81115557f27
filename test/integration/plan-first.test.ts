import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { EXIT } from '../../harness/errors.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import type { Preview } from '../../harness/preview/preview.ts';
import { createProduction, PRODUCTION, portrait, whatIsLeft } from '../support/canary.ts';
import { asksServer, VERBS } from '../support/canary-verbs.ts';
import { flagsByVerb } from '../support/command-line.ts';
import { type CommandLines, startCommandLines } from '../support/command-lines.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';

const BIN = path.join(PROJECT_ROOT, 'bin', 'rushhour.js');

/** It shows what it would restore, and takes the name of the database on the command line. */
const WITHOUT_PLAN = ['restore'];

describe('what a verb would do', { timeout: 900_000 }, () => {
  let own: OwnServer;
  let lines: CommandLines;
  let url: string;
  before(async () => {
    own = await startOwnServer();
    await createProduction(own.server);
    url = own.server.adminUrl();
    lines = startCommandLines({ RUSHHOUR_CACHE: own.cache });
  });
  after(async () => {
    await lines?.end();
    await own?.remove();
  });

  const picture = async () => [
    await portrait(own.server, [PRODUCTION]),
    await whatIsLeft(own.server, [PRODUCTION]),
  ];

  test('is shown by every verb that takes a server, which is afterwards as it was', async () => {
    const flags = await flagsByVerb();
    const asMade = await picture();
    const { hostname, port, username } = new URL(url);
    const [systemIdentifier] = await withAdmin(own.server, undefined, async (admin) => {
      const { rows } = await admin.query<{ id: string }>(
        'SELECT system_identifier::text AS id FROM pg_control_system()',
      );
      return rows.map(({ id }) => id);
    });
    for (const [verb, cases] of Object.entries(VERBS)) {
      if (!flags.get(verb)?.includes('--server') || WITHOUT_PLAN.includes(verb)) continue;
      assert.ok(flags.get(verb)?.includes('--plan'), verb);
      for (const { args } of cases.filter(asksServer)) {
        const { exitCode, stdout, stderr } = await lines.run(
          [verb, ...args, '--server', url, '--plan'],
          own.cache,
        );
        assert.equal(exitCode, EXIT.fine, `${verb}: ${stderr}`);
        assert.match(stdout, new RegExp(`^What \`rushhour ${verb}[ \\w]*\` would do:\n`));
        assert.match(
          stdout,
          new RegExp(
            `${hostname}:${port}, PostgreSQL \\d.*, system identifier ${systemIdentifier}, role ${username}\n`,
          ),
        );
        assert.match(stdout, /\nNothing was done\.\n?$/);
      }
    }
    assert.deepEqual(await picture(), asMade);
  });

  test('names templates and rows as `seed` then makes them, and says as JSON what is there', async () => {
    const seed = ['seed', ...SMALLEST_OPTIONS, '--server', url, '--json'];
    const before = JSON.parse((await lines.run([...seed, '--plan'], own.cache)).stdout) as Preview;
    const done = JSON.parse((await lines.run(seed, own.cache)).stdout) as {
      template: string;
      rows: Record<string, number>;
    };
    const after = JSON.parse((await lines.run([...seed, '--plan'], own.cache)).stdout) as Preview;
    const [template] = before.databases;
    assert.deepEqual([template?.name, template?.exists], [done.template, false]);
    assert.equal(after.databases[0]?.exists, true);
    const rows = template?.rows.map(({ table, rows: count }) => [table, count]);
    assert.deepEqual(Object.fromEntries(rows ?? []), done.rows);
    assert.ok(template?.steps.some(({ text }) => text.includes('CREATE TABLE booking')));
  });

  test('of the embedded server is shown without starting it', async () => {
    const cache = path.join(own.cache, 'none');
    const other = startCommandLines({ RUSHHOUR_CACHE: cache });
    const { exitCode, stdout } = await other.run(['seed', ...SMALLEST_OPTIONS, '--plan'], own.cache);
    await other.end();
    assert.equal(exitCode, EXIT.fine);
    assert.match(stdout, /\nserver {4}the embedded one, the tool's own \(not started for a plan\)\n/);
    await assert.rejects(execa('ls', [path.join(cache, 'servers')])); // no cluster was made
  });

  /** At a pseudo-terminal, where this is typed when it asks. */
  const atTerminal = (typed: string, ...args: string[]) =>
    execa(
      'python3',
      [path.join(PROJECT_ROOT, 'test', 'support', 'at-terminal.py'), typed, process.execPath, BIN, ...args],
      { cwd: own.cache, env: { RUSHHOUR_CACHE: own.cache }, reject: false },
    );

  test('comes first at a terminal: without the name of the host nothing is done, with it all is', async () => {
    const seed = ['seed', ...SMALLEST_OPTIONS, '--random-seed', '77', '--server', url];
    const asMade = await picture();
    const refused = await atTerminal('yes', ...seed);
    assert.equal(refused.exitCode, EXIT.refused, refused.stdout);
    assert.match(refused.stdout, /CREATE TABLE booking/);
    assert.match(refused.stdout, /Expected "127\.0\.0\.1", got "yes"\. Nothing was done\./);
    assert.deepEqual(await picture(), asMade);
    const done = await atTerminal('127.0.0.1', ...seed);
    assert.equal(done.exitCode, EXIT.fine, done.stdout);
    assert.match(done.stdout, /rows\/s with constraints/);
  });
});

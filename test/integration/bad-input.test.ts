import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { hostOf } from '../../harness/postgres/server.ts';
import { BAD_INPUT, type BadInput } from '../support/bad-input.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { type CommandLines, startCommandLines } from '../support/command-lines.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';

describe('bad input', () => {
  let own: OwnServer;
  let lines: CommandLines;
  before(async () => {
    own = await startOwnServer();
    lines = startCommandLines({ RUSHHOUR_CACHE: own.cache });
  });
  after(async () => {
    await lines?.end();
    await own?.remove();
  });

  test('the table holds at least 60 rows, and no two of the same name', () => {
    const names = Object.values(BAD_INPUT).flatMap((rows) => rows.map(({ what }) => what));
    assert.ok(names.length >= 60, `${names.length}`);
    assert.deepEqual([...new Set(names)], names);
  });

  for (const [kind, rows] of Object.entries(BAD_INPUT))
    describe(kind, () => {
      for (const [index, row] of rows.entries())
        test(`${row.what}: says what, where, expected, got and what to do`, { skip: row.skip }, (t) =>
          // The first of each kind as a person's shell starts it.
          check(row, t, index === 0 || row.env !== undefined),
        );
    });

  async function check(
    row: BadInput,
    t: Parameters<typeof scratchFolder>[0],
    isProcess: boolean,
  ): Promise<void> {
    const folder = path.join(await scratchFolder(t), 'here');
    await mkdir(folder);
    await row.files?.(folder);
    const place = (text: string) =>
      text.replaceAll('{folder}', folder).replaceAll('{server}', hostOf(own.server));
    const password = new URL(own.server.adminUrl()).password;
    const before = await contentOf(folder);
    const args = row.args.map((arg) => place(arg).replaceAll('{password}', password));
    const env = Object.entries(row.env ?? {}).map(([name, value]) => [name, place(value)]);
    const run = isProcess
      ? await rushhour(args, {
          cwd: folder,
          env: { RUSHHOUR_CACHE: own.cache, ...Object.fromEntries(env) },
        })
      : await lines.run(args, folder);
    const said = withoutProgress(String(run.stderr));
    assert.equal(said, place(`rushhour: ${row.message}\n  → ${row.hint}`));
    assert.equal(run.exitCode, row.exit ?? EXIT.usage);
    assert.equal(run.stdout, '');
    assert.deepEqual(await contentOf(folder), before);
  }
});

/** Steps that were begun before the fault was found: `✖ PostgreSQL · 0.1 s`. */
function withoutProgress(text: string): string {
  return text.replaceAll(/^[✔✖] .* · [\d.]+ s\n/gm, '');
}

/** Every file with its content: nothing may be written, and nothing changed. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const contents = names.map(async (name) => {
    const text = await readFile(path.join(folder, name), 'base64').catch(() => 'a folder, or closed');
    return [name, text] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

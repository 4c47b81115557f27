import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import orders from '../../test/fixtures/configs/orders.config.ts';
import { type Changes, GONE, WRONG_CONFIGS } from '../../test/support/wrong-configs.ts';
import { HarnessError } from '../errors.ts';
import { checkConfig } from './check-config.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rushhour-config-'));
  await mkdir(path.join(folder, '.git'));
  await writeFile(path.join(folder, 'schema.sql'), 'SELECT 1');
});
after(() => rm(folder, { recursive: true, force: true }));

test('a right config is returned as it is, functions and all', async () => {
  assert.equal(await checkConfig(orders, { file: 'orders.config.ts', folder }), orders);
});

for (const { wrong, changes, told } of WRONG_CONFIGS) {
  test(`told: ${wrong}`, async () => {
    const expected = told.map((line) => `\n  ${line.replaceAll('FOLDER', folder)}`).join('');
    const count = told.length === 1 ? 'a problem' : `${told.length} problems`;
    assert.equal(await messageOf(changed(changes)), `orders.config.ts has ${count}:${expected}`);
  });
}

test('every problem has the code of a wrong config, which ends with exit code 2, and a hint', async () => {
  await assert.rejects(checkConfig({}, { file: 'orders.config.ts', folder }), (error) => {
    assert(error instanceof HarnessError);
    assert.deepEqual([error.code, error.exitCode], ['BAD_CONFIG', 2]);
    assert.match(error.hint ?? '', /satisfies RushhourConfig/);
    return true;
  });
});

test('no text that may be a secret is repeated', async () => {
  const message = await messageOf(
    changed({
      'variants.before.start.environment.DATABASE_URL': 'postgres://admin:planted@db.example.org/live',
      'variants.before.start.environment.PGPASSWORD': 'planted',
      'service.warmUp.0.headers': { authorization: 'planted\nplanted' },
      'variants.running.url': 'http://admin:planted@127.0.0.1:8000',
      'login.accounts': 'planted',
    }),
  );
  assert.match(message, /5 problems/);
  assert.doesNotMatch(message, /planted|db\.example/);
});

async function messageOf(config: unknown): Promise<string> {
  try {
    await checkConfig(config, { file: 'orders.config.ts', folder });
    return 'nothing is wrong';
  } catch (error) {
    assert(error instanceof HarnessError, String(error));
    return error.message;
  }
}

function changed(changes: Changes): unknown {
  return Object.entries(changes).reduce<unknown>(
    (config, [place, value]) => withMember(config, place.split('.'), value),
    orders,
  );
}

function withMember(outer: unknown, [name = '', ...deeper]: readonly string[], value: unknown): unknown {
  const members: Record<string, unknown> = { ...(outer as object) };
  const member = deeper.length === 0 ? value : withMember(members[name] ?? {}, deeper, value);
  if (member === GONE) delete members[name];
  else members[name] = member;
  if (!Array.isArray(outer)) return members;
  return Object.values(members);
}

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { PIN_FILE } from '../../harness/nightly/pin.ts';
import { eventually, scratchFolder } from '../support/command.ts';
import { nightly, nightsIn } from '../support/fleet-nights.ts';
import { fleetRepository } from '../support/fleet-repository.ts';

const NIGHT = { reference: 'v1', scenarios: { dispatch: { mode: 'count' } } } as const;

test('a night is refused when the pinned reference leads to another commit, lockfile or dataset', async (t) => {
  const fleet = await fleetRepository(await scratchFolder(t), NIGHT);
  const pinned = await nightly(fleet.folder, '--pin', 'v1');
  assert.equal(pinned.exitCode, EXIT.fine, String(pinned.stderr));
  const file = path.join(fleet.folder, PIN_FILE);
  const pin = JSON.parse(await readFile(file, 'utf8'));
  const before = await fleet.git('rev-parse', 'v1');
  assert.equal(pin.reference.commit, before);

  const after = await fleet.commit('Other packages', { 'package-lock.json': '{}\n' });
  await fleet.git('tag', '--force', 'v1');
  const moved = await nightly(fleet.folder);
  assert.equal(moved.exitCode, EXIT.notComparable);
  assert.match(
    String(moved.stderr),
    new RegExp(
      `The reference is not what .*${PIN_FILE} pins: the commit of v1 was ${before.slice(0, 12)}, is ${after.slice(0, 12)}; its lockfile was package-lock\\.json [0-9a-f]{12}, is package-lock\\.json [0-9a-f]{12}\\.\\n.*rushhour nightly --pin v1`,
    ),
  );

  await fleet.git('tag', '--force', 'v1', before);
  await writeFile(file, JSON.stringify({ ...pin, datasetDigest: 'f'.repeat(64) }));
  const other = await nightly(fleet.folder);
  assert.equal(other.exitCode, EXIT.notComparable);
  assert.match(String(other.stderr), /pins: the digest of the dataset was ffffffffffff, is [0-9a-f]{12}\./);
  assert.equal(existsSync(path.join(fleet.folder, 'nightly')), false);
});

test('a night that is killed leaves no line in the history, and the next one works', async (t) => {
  const fleet = await fleetRepository(await scratchFolder(t), NIGHT);
  const killed = nightly(fleet.folder);
  const results = path.join(fleet.folder, 'results');
  const hasBegun = async () =>
    (await readdir(results).catch(() => [])).some((name) => name.includes('-night-dispatch-'));
  assert.ok(await eventually(hasBegun, killed));
  killed.kill('SIGKILL');
  assert.equal((await killed).signal, 'SIGKILL');
  assert.equal(existsSync(path.join(fleet.folder, 'nightly')), false);

  const next = await nightly(fleet.folder);
  assert.equal(next.exitCode, EXIT.fine, String(next.stderr));
  const nights = await nightsIn(fleet.folder);
  assert.deepEqual(
    nights.map(({ verdict }) => verdict),
    ['fine'],
  );
});

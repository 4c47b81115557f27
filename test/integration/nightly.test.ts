import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { scratchFolder } from '../support/command.ts';
import { nightly, nightsIn } from '../support/fleet-nights.ts';
import { fleetRepository, planWithQueryPerTrip } from '../support/fleet-repository.ts';

const COUNT = { dispatch: { mode: 'count' } } as const;

test('a night of an N+1 is regressed and names the statement, the night after its repair is fine', async (t) => {
  const fleet = await fleetRepository(await scratchFolder(t), { reference: 'v1', scenarios: COUNT });
  const planted = await fleet.commit('Look the car up again', {
    'plan-trips.mjs': await planWithQueryPerTrip(),
  });
  const regressed = await nightly(fleet.folder);
  assert.equal(regressed.exitCode, EXIT.thresholdsFailed, String(regressed.stderr));
  // 4 trips a day: the dispatch has 1 + 1 + 4 statements, and 4 more with the lookup for each trip.
  const [first, ...rest] = String(regressed.stdout).split('\n');
  assert.match(
    first ?? '',
    /^REGRESSED {2}10 queries instead of 6 {3}v1 \([0-9a-f]{10}\) → HEAD \([0-9a-f]{10}\)$/,
  );
  assert.match(rest.join('\n'), /SELECT id, depot_id FROM car WHERE depot_id = \$1/);

  await fleet.git('revert', '--no-edit', 'HEAD');
  const fine = await nightly(fleet.folder);
  assert.equal(fine.exitCode, EXIT.fine, String(fine.stderr));
  assert.match(String(fine.stdout), /^FINE {2}/);

  const [one, two] = await nightsIn(fleet.folder);
  assert.equal(one?.candidate.commit, planted);
  assert.equal(one?.reference.commit, await fleet.git('rev-parse', 'v1'));
  assert.deepEqual(one?.reference.lockfile, {
    path: 'package-lock.json',
    hash: createHash('sha256').update('{ "lockfileVersion": 3 }\n').digest('hex'),
  });
  assert.equal(one?.branch, 'main');
  assert.equal(two?.verdict, 'fine');
  assert.equal(two?.scenarios[0]?.stored.state, 'changed');
  assert.deepEqual(
    two?.scenarios[0]?.stored.changes.find(({ metric }) => metric === 'queries per dispatch'),
    { metric: 'queries per dispatch', unit: 'statements', before: 10, now: 6 },
  );
  assert.deepEqual((await readdir(path.join(fleet.folder, 'results', 'nights', two?.id ?? ''))).sort(), [
    'badge.json',
    'gl-code-quality.json',
    'nightly.junit.xml',
    'nightly.md',
  ]);
});

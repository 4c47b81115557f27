import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { scratchFolder } from '../support/command.ts';
import { nightly, nightsIn } from '../support/fleet-nights.ts';
import { fleetRepository, planWithQueryPerTrip } from '../support/fleet-repository.ts';
import { TRIPS } from '../support/trips.ts';

test('a slowdown after a larger gain is regressed, though the pinned reference is slower still', async (t) => {
  const scenarios = { dispatch: { mode: 'count' } } as const;
  const fleet = await fleetRepository(await scratchFolder(t), { reference: 'slow', scenarios });
  await fleet.commit('A lookup for each trip', { 'plan-trips.mjs': await planWithQueryPerTrip() });
  await fleet.git('tag', 'slow');
  const plan = await readFile(path.join(TRIPS, 'plan-trips.mjs'), 'utf8');
  const quick = await fleet.commit('No lookup', { 'plan-trips.mjs': plan });
  const gain = await nightly(fleet.folder);
  assert.equal(gain.exitCode, EXIT.fine, String(gain.stderr));
  assert.match(String(gain.stdout), /^IMPROVED {2}6 queries instead of 10 /);

  await fleet.commit('Ask once more', {
    'plan-trips.mjs': plan.replace(
      '  return rows.length',
      "  await database.query('SELECT count(*) FROM car');\n  return rows.length",
    ),
  });
  const loss = await nightly(fleet.folder);
  assert.equal(loss.exitCode, EXIT.thresholdsFailed, String(loss.stderr));
  // 7 is better than the reference's 10, and worse than last night's 6.
  assert.match(
    String(loss.stdout),
    /^REGRESSED {2}since last night 7 queries instead of 6; against the reference 7 queries instead of 10 /,
  );
  const [, second] = await nightsIn(fleet.folder);
  const since = second?.scenarios[0]?.sinceLastNight;
  assert.equal(since?.commit, quick);
  assert.equal(since?.verdict, 'regressed');
});

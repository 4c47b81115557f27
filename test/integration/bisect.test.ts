import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { fleetRepository, planWithQueryPerTrip } from '../support/fleet-repository.ts';

test('bisect names the commit that asks once for each trip, and goes round one that does not build', async (t) => {
  const scenarios = { dispatch: { mode: 'count' } } as const;
  const fleet = await fleetRepository(await scratchFolder(t), { reference: 'v1', scenarios });
  await fleet.commit('Words', { 'README.md': 'Trips.' });
  // The build links node_modules, which is then there already.
  const broken = await fleet.commit('Break the build', { node_modules: '' });
  await fleet.git('rm', '--quiet', 'node_modules');
  const repaired = await fleet.commit('Repair the build', {});
  const culprit = await fleet.commit('Look the car up again', {
    'plan-trips.mjs': await planWithQueryPerTrip(),
  });
  await fleet.commit('More words', { 'README.md': 'Trips and cars.' });

  const found = await rushhour(['bisect', '--good', 'v1', '--bad', 'HEAD'], { cwd: fleet.folder });
  assert.equal(found.exitCode, EXIT.fine, String(found.stderr));
  const lines = String(found.stdout).split('\n');
  // 4 trips: 1 + 1 + 4 statements, and 4 lookups.
  assert.equal(lines[0], 'The first that is worse: queries per dispatch 6 → 10');
  assert.match(lines[1] ?? '', new RegExp(`^  ${culprit}  Look the car up again  \\(Ann, .*\\)$`));
  const steps = lines.join('\n');
  assert.match(steps, new RegExp(`${broken.slice(0, 10)}  skipped: variants\\.candidate\\.source\\.build`));
  assert.match(steps, new RegExp(`${repaired.slice(0, 10)}  as the good one: queries per dispatch 6 → 6`));

  const none = await rushhour(['bisect', '--good', 'v1', '--bad', repaired], { cwd: fleet.folder });
  assert.equal(none.exitCode, EXIT.fine, String(none.stderr));
  assert.match(String(none.stdout), /^No difference: /);
});

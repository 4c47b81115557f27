import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { nightly, nightsIn } from '../support/fleet-nights.ts';
import { fleetRepository } from '../support/fleet-repository.ts';

/** Car and trips in one statement, which is one fewer, and each trip four times, which is more rows. */
const TRADED_PLAN = `export async function planTrips(database, depot, day) {
  const { rows } = await database.query(
    \`SELECT id, (SELECT id FROM car WHERE depot_id = $1 LIMIT 1) AS car, turn FROM trip, generate_series(1, 4) AS turn
      WHERE depot_id = $1 AND day = $2 AND state = 'waiting' ORDER BY id\`,
    [depot, day],
  );
  const trips = rows.filter(({ turn }) => turn === 1);
  for (const [index, { id, car }] of trips.entries())
    await database.query('UPDATE trip SET state = $2, car_id = $3 WHERE id = $1', [
      id,
      index < 3 ? 'planned' : 'no_car',
      index < 3 ? car : null,
    ]);
  return trips.length;
}
`;

test('a night that gains here and loses there fails where a verdict is required, and bisect between two nights finds the gain', async (t) => {
  const scenarios = { dispatch: { mode: 'count' } } as const;
  const fleet = await fleetRepository(await scratchFolder(t), { reference: 'v1', scenarios });
  const traded = await fleet.commit('Fewer statements, more rows', { 'plan-trips.mjs': TRADED_PLAN });
  const undecided = await nightly(fleet.folder, '--require-verdict');
  assert.equal(undecided.exitCode, EXIT.thresholdsFailed, String(undecided.stderr));
  assert.match(String(undecided.stdout), /^INCONCLUSIVE {2}/);

  await fleet.commit('Words', { 'README.md': 'Trips.' });
  await fleet.git('revert', '--no-edit', traded);
  const back = await fleet.git('rev-parse', 'HEAD');
  const fine = await nightly(fleet.folder, '--require-verdict');
  assert.equal(fine.exitCode, EXIT.fine, String(fine.stderr));

  const [first, second] = await nightsIn(fleet.folder);
  assert.deepEqual([first?.verdict, second?.verdict], ['inconclusive', 'fine']);
  const nights = `${first?.id}..${second?.id}`;
  const found = await rushhour(['bisect', '--nights', nights, '--improvement'], { cwd: fleet.folder });
  assert.equal(found.exitCode, EXIT.fine, String(found.stderr));
  const lines = String(found.stdout).split('\n');
  // Statements are worse by one again. Rows of 4 trips: 4 × 4 read and 4 written; then 4 and a car read, and 4 written.
  assert.equal(lines[0], 'The first that is better: rows per dispatch 20 → 9');
  assert.match(lines[1] ?? '', new RegExp(`^  ${back}  Revert "Fewer statements, more rows"  `));
});

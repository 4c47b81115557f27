/** What dispatches of a service that is not ours have written: equal of equal work, whatever its ids and clocks. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RushhourConfig } from '../../harness/config/rushhour-config.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { Outcome } from '../../harness/result.ts';
import {
  readConfiguredAnswers,
  readConfiguredOutcome,
} from '../../harness/targets/dispatch/configured-outcome.ts';
import { startTestServer } from '../support/database.ts';
import {
  dispatchOdd,
  loadedOdd,
  type OddService,
  OFFERS,
  oddConfig,
  startOddService,
} from '../support/odd-service.ts';

let server: PostgresServer;
before(async () => {
  server = await startTestServer();
});
after(() => server?.release());

const CONFIG = oddConfig(
  {},
  {
    outcome: {
      ...oddConfig().outcome,
      answers: [{ path: '/plans/1' }, { path: '/plans/2?day={day}', method: 'GET' }],
      ignore: ['asked_at', 'id'],
    },
  },
);
const DAYS = OFFERS.slice(0, 2);

async function outcomeOf({ place }: OddService, config: RushhourConfig = CONFIG): Promise<Outcome> {
  const loaded = loadedOdd(config);
  const options = { logins: new Map(), signal: new AbortController().signal, onOddity: () => {} };
  return readConfiguredOutcome(
    loaded,
    place,
    DAYS,
    await readConfiguredAnswers(loaded, place, DAYS, options),
  );
}

test('rows, bookings and answers of two services that did the same are equal; a row that differs is seen', async (t) => {
  const one = await startOddService(t, server, []);
  const other = await startOddService(t, server, []);
  const before = await outcomeOf(one, oddConfig());
  assert.deepEqual(
    [before.assignments, before.bookingStatuses],
    [0, { open: 12, assigned: 0, unassigned: 0 }],
  );
  for (const service of [one, other]) await dispatchOdd(service, { config: CONFIG, offers: DAYS });
  const outcome = Outcome.parse(await outcomeOf(one));
  assert.deepEqual(await outcomeOf(other), outcome);
  assert.deepEqual(outcome.companyDays, ['1/05', '1/06']);
  assert.equal(outcome.assignments, 8); // two days, two cars, two trips a car
  assert.deepEqual(outcome.bookingStatuses, { open: 0, assigned: 8, unassigned: 4 });
  assert.deepEqual(Object.keys(outcome.responseShapes), ['GET /plans/1', 'GET /plans/2?day={day}']);

  await other.database.client.query(
    'UPDATE plan_trip SET car_id = 99 WHERE trip_id = (SELECT min(trip_id) FROM plan_trip)',
  );
  const changed = await outcomeOf(other);
  assert.notEqual(changed.assignmentsDigest, outcome.assignmentsDigest);
  assert.equal(changed.answersDigest, outcome.answersDigest);
  const nothingIgnored = { ...CONFIG, outcome: { ...CONFIG.outcome, ignore: [] } };
  assert.notEqual(
    (await outcomeOf(one, nothingIgnored)).answersDigest,
    (await outcomeOf(one, nothingIgnored)).answersDigest,
  );
});

test('an answer that is refused is told with the offer', async (t) => {
  const service = await startOddService(t, server, []);
  await assert.rejects(
    outcomeOf(service),
    /GET \/plans\/1 about offer 1\/05 was answered 404: \(an empty answer\)/,
  );
});

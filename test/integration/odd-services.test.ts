/** Services that are odd in one way each: what a dispatch through them is said to be, and what is told of them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CompletionConfig } from '../../harness/config/rushhour-config.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { observeService } from '../../harness/targets/dispatch/observe-service.ts';
import type { Offer } from '../../harness/targets/offer.ts';
import type { Oddity } from '../fixtures/odd-services/odd-service.ts';
import { startTestServer } from '../support/database.ts';
import {
  type Dispatched,
  type DispatchRequest,
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

const BY_POLL: CompletionConfig = {
  ...{ by: 'poll', request: { path: '/plans/{planId}' }, state: 'plan.state', done: ['done'], everyMs: 10 },
};
const BY_SQL: CompletionConfig = {
  by: 'sql',
  sql: `SELECT count(*) = 0 FROM trip WHERE state = 'waiting' AND depot_id = :depot_id AND pickup_at::date = :day`,
};

/** A test of one service; the context is the test's. */
function odd(
  title: string,
  oddities: readonly Oddity[],
  request: DispatchRequest,
  check: (done: Dispatched) => void,
): void {
  test(title, async (t) => {
    check(await dispatchOdd(await startOddService(t, server, oddities), request));
  });
}

function assertFailed({ error }: Dispatched, message: RegExp, hint: RegExp): void {
  assert.equal(error?.code, 'DISPATCH_FAILED');
  assert.match(error.message, message);
  assert.match(error.hint ?? '', hint);
}

/** One thing is told, and all dispatches are done. */
function assertTold(
  { told, error, answers }: Dispatched,
  sentence: RegExp,
  dispatches = OFFERS.length,
): void {
  assert.equal(error, null);
  assert.equal(answers.length, dispatches);
  assert.equal(told.length, 1, told.join('\n'));
  assert.match(told[0] ?? '', sentence);
}

describe('a service that is not odd', () => {
  for (const [by, complete] of [
    ['response', { by: 'response' }],
    ['poll', BY_POLL],
    ['sql', BY_SQL],
    ['rows', { by: 'rows' }],
  ] as const) {
    odd(
      `is told of nothing, and capacity may leave bookings unassigned: complete by ${by}`,
      [],
      { config: oddConfig({ complete, ...(by === 'poll' ? { extract: { planId: 'plan.id' } } : {}) }) },
      ({ answers, error, told }) => {
        assert.equal(error, null);
        assert.deepEqual(told, []);
        // Six trips a day, two cars, two trips a car
        const counts = answers.map(({ offered, assigned, unassigned }) => [offered, assigned, unassigned]);
        assert.deepEqual(counts, Array(4).fill([6, 4, 2]));
      },
    );
  }

  odd(
    'an offer that was dispatched has nothing to do any more',
    [],
    { config: oddConfig(), offers: [OFFERS[0], OFFERS[0]].flatMap((one) => one ?? []) },
    (done) =>
      assertFailed(done, /1\/05 has nothing to do: its rows: open 0 → 0, assigned 4 → 4/, /dispatch\.offers/),
  );
});

describe('a service whose answer proves nothing', () => {
  odd(
    '202 and nothing happens: it fails when time is over, with its rows',
    ['never-works'],
    { config: oddConfig({ complete: { by: 'rows' }, timeoutSeconds: 1 }) },
    (done) =>
      assertFailed(
        done,
        /1\/05 was not complete within 1 s \(6 bookings are still open\): POST \/plans was answered 202: .*open 6 → 6, assigned 0 → 0/,
        /Is its worker running\?/,
      ),
  );
  odd(
    '202 taken as the end of it: it has written nothing',
    ['never-works'],
    { config: oddConfig() },
    (done) =>
      assertFailed(
        done,
        /complete and has written nothing/,
        /worker does it later, set `dispatch\.complete`/,
      ),
  );
  odd(
    'work that is done later is waited for by its rows',
    ['works-later'],
    { config: oddConfig({ complete: { by: 'rows' } }) },
    ({ error, told, answers }) => {
      assert.deepEqual([error, told, answers.length], [null, [], 4]);
    },
  );
  odd(
    'an answer that comes before the commit is told, and the time is until the rows are there',
    ['answers-before-commit'],
    { config: oddConfig({ settleMs: 400 }) },
    (done) => {
      assertTold(
        done,
        /complete \(by: response\) before its rows were written.*Set dispatch\.complete to by: rows/,
      );
    },
  );
  odd(
    'an error answer after the commit counts as done',
    ['error-after-commit'],
    { config: oddConfig() },
    (done) =>
      assertTold(done, /1\/05 did all of its work.*was answered 500: .*mail server is down.*counts as done/),
  );
  odd(
    'a connection that breaks after the commit counts as done',
    ['drop-after-commit'],
    { config: oddConfig() },
    (done) => assertTold(done, /1\/05 did all of its work.*was not answered \(socket hang up\)/),
  );
  odd('an error answer without work fails', ['error-without-work'], { config: oddConfig() }, (done) =>
    assertFailed(
      done,
      /1\/05 failed: POST \/plans was answered 500: .*no such queue.*open 6 → 6/,
      /log of the service/,
    ),
  );
  odd(
    'a state that never is the one waited for is told from work that is not done',
    ['wrong-state'],
    { config: oddConfig({ complete: BY_POLL, extract: { planId: 'plan.id' }, timeoutSeconds: 1 }) },
    (done) =>
      assertFailed(done, /wrote all of its rows.*its state is "finished"/, /Correct `dispatch\.complete`/),
  );
});

describe('a service with a memory', () => {
  odd(
    'a dispatch that is merged with an earlier one fails and names it',
    ['merges-equal'],
    { config: oddConfig({ extract: { planId: 'plan.id' } }) },
    (done) => {
      assert.equal(done.answers.length, 1);
      assertFailed(
        done,
        /1\/06 wrote nothing, and was answered just as that of offer 1\/05/,
        /dispatch\.pauseMs/,
      );
    },
  );
  odd(
    'one that remembers outside of the database is told how to forget',
    ['remembers'],
    { config: oddConfig() },
    (done) =>
      assertFailed(
        done,
        /1\/05 is said to be complete and has written nothing.*done already/,
        /hooks\.afterReset/,
      ),
  );
  odd('a run that takes back earlier ones is told', ['replaces'], { config: oddConfig() }, (done) =>
    assertTold(done, /1\/06 took back what that of offer 1\/05 had assigned \(4 → 0\)/),
  );
});

describe('a service that makes one wait', () => {
  const times = { locks: { afterMs: 500, everyMs: 300 } };
  odd(
    'a lock in the database is told',
    ['holds-lock'],
    { config: oddConfig(), offers: OFFERS.slice(0, 2), times },
    (done) => assertTold(done, /1\/06 waited for a lock \(advisory.*dispatch\.pauseMs/, 2),
  );
  odd(
    'a lock outside of the database is told',
    ['holds-lock-outside'],
    { config: oddConfig(), offers: OFFERS.slice(0, 2), times },
    (done) => assertTold(done, /1\/06 took .* s, in most of which the database had nothing to do/, 2),
  );
  odd('a 429 is waited for and not measured', ['limits'], { config: oddConfig() }, (done) => {
    assertTold(
      done,
      /POST \/plans was answered 429.*after 1 s.*service\.requestsPerSecond or dispatch\.pauseMs/,
    );
  });
  odd('a 429 that stays is a failure', ['limits-always'], { config: oddConfig() }, (done) =>
    assertFailed(done, /1\/05 was not taken.*429/, /dispatch\.pauseMs` or `service\.requestsPerSecond/),
  );
  odd(
    'a first call that builds something is told',
    ['builds-first'],
    { config: oddConfig(), times: { firstCallMs: 500 } },
    (done) => assertTold(done, /The first dispatch of this service took \d+ ms.*service\.warmUp/),
  );
});

describe('a service that is seen otherwise', () => {
  odd(
    'days that begin at another hour leave bookings open, which is told with the time zone',
    ['local-time'],
    { config: oddConfig(), offers: OFFERS.slice(0, 1) },
    (done) => {
      // The trip at 20:00 is tomorrow's
      assertTold(
        done,
        /leaves 1 bookings open.*trip\.pickup_at has no time zone.*than UTC.*service\.timeZone/,
        1,
      );
      assert.deepEqual(
        done.answers.map(({ offered, assigned, unassigned }) => [offered, assigned, unassigned]),
        [[6, 4, 2]],
      );
    },
  );
  odd(
    'statements that never stop are named and left out',
    ['scheduler'],
    { config: oddConfig(), times: { settleBoundMs: 1_500 } },
    (done) => {
      assertTold(done, /Statements go on after a dispatch: SELECT count\(\*\) FROM job/);
      assert.deepEqual(
        done.dispatcher.backgroundStatements().map((text) => text.replace(/\$\d+/, '$')),
        ['SELECT count(*) FROM job WHERE state = $'],
      );
    },
  );
});

describe('a service that is asked for health during a dispatch', () => {
  const observe = (service: OddService, told: string[]) =>
    observeService(loadedOdd(oddConfig()), service.place, OFFERS[0] as Offer, {
      ...{ logins: new Map(), signal: new AbortController().signal },
      onOddity: (sentence) => told.push(sentence),
    });

  test('one worker is told', async (t) => {
    const told: string[] = [];
    const seen = await observe(await startOddService(t, server, ['one-worker', 'slow']), told);
    assert.equal(seen.oneWorker, true);
    assert.match(
      told.join('\n'),
      /no other request is answered: \/healthz waited \d+ ms. The service has one worker/,
    );
  });

  test('several at once are told of nothing', async (t) => {
    const told: string[] = [];
    const seen = await observe(await startOddService(t, server, ['slow']), told);
    assert.equal(seen.oneWorker, false);
    assert.deepEqual(told, []);
  });
});

/** Logins at a service that is not ours, which really asks for them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LoginConfig } from '../../harness/config/rushhour-config.ts';
import { HarnessError } from '../../harness/errors.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import type { Logins } from '../../harness/targets/target.ts';
import { startTestServer } from '../support/database.ts';
import { dispatchOdd, oddConfig, offerOf, startOddService } from '../support/odd-service.ts';

let server: PostgresServer;
before(async () => {
  server = await startTestServer();
});
after(() => server?.release());

const ACCOUNTS = {
  accounts: { sql: 'SELECT login, password, depot_id FROM staff ORDER BY login;' },
  accountOf: 'depot_id',
};
const TOKEN: LoginConfig = {
  ...{ kind: 'token', token: 'session.token', ...ACCOUNTS },
  request: { path: '/login', body: { login: '{login}', password: '{password}' } },
};
const OFFERS = [offerOf(1, 5), offerOf(2, 5), offerOf(1, 6)];
const configOf = (login: LoginConfig) => oddConfig({}, { login });

async function refusal(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof HarnessError, String(error));
  assert.doesNotMatch(`${error.message} ${error.hint}`, /planted-/);
  return error;
}

describe('each offer is dispatched by the account it shares a column with', () => {
  for (const [kind, oddity, login] of [
    ['token', 'needs-token', TOKEN],
    [
      'cookie',
      'needs-cookie',
      {
        kind: 'cookie',
        request: { path: '/login', form: { login: '{login}', password: '{password}' } },
        ...ACCOUNTS,
      },
    ],
    [
      'steps',
      'needs-token',
      {
        ...{ kind: 'steps', ...ACCOUNTS },
        logIn: async (service, account) => {
          const answer = await service.fetch('/login', { method: 'POST', body: JSON.stringify(account) });
          const { session } = (await answer.json()) as { session: { token: string } };
          return { authorization: `Bearer ${session.token}` };
        },
      },
    ],
  ] as const satisfies readonly (readonly [string, string, LoginConfig])[]) {
    test(`by ${kind}; each account logs in once, also over dispatchers`, async (t) => {
      const service = await startOddService(t, server, [oddity]);
      const logins: Logins = new Map();
      const first = await dispatchOdd(service, { config: configOf(login), offers: OFFERS, logins });
      assert.deepEqual([first.error, first.told, first.answers.length], [null, [], 3]);
      assert.deepEqual([...logins.keys()], ['depot_id 1', 'depot_id 2']);
      const headers = JSON.stringify([...logins.values()]);
      await dispatchOdd(service, { config: configOf(login), offers: [offerOf(2, 6)], logins });
      assert.equal(JSON.stringify([...logins.values()]), headers);
    });
  }
});

test('a token that is refused is asked for once more', async (t) => {
  const service = await startOddService(t, server, ['needs-token', 'forgets-tokens']);
  const { answers, told } = await dispatchOdd(service, { config: configOf(TOKEN), offers: OFFERS });
  assert.deepEqual([answers.length, told], [3, []]);
});

test('what is refused again is a failure without secrets', async (t) => {
  const service = await startOddService(t, server, ['needs-token']);
  const login: LoginConfig = { kind: 'header', headers: { authorization: 'Bearer planted-token' } };
  await assert.rejects(dispatchOdd(service, { config: configOf(login), offers: OFFERS }), (error) => {
    assert.ok(error instanceof HarnessError && error.code === 'DISPATCH_FAILED');
    assert.match(
      error.message,
      /nothing was dispatched\. GET \S+ about offer 1\/05 was answered 401: .*who are you/,
    );
    assert.doesNotMatch(error.message, /planted-token/);
    assert.match(error.hint ?? '', /`login`/);
    return true;
  });
});

test('logins that are limited are waited for, and told with the remedy', async (t) => {
  const service = await startOddService(t, server, ['needs-token', 'limits-logins']);
  const { answers, told } = await dispatchOdd(service, { config: configOf(TOKEN), offers: OFFERS });
  assert.equal(answers.length, 3);
  assert.match(told.join('\n'), /^POST \/login was answered 429.*Set login\.loginsPerMinute\.$/);
});

test('a refused login is told with status, path and answer, and without the password', async (t) => {
  const service = await startOddService(t, server, ['needs-token']);
  const login: LoginConfig = {
    ...TOKEN,
    accounts: [{ login: 'ann', password: 'planted-wrong', depot_id: 1 }],
  };
  const error = await refusal(dispatchOdd(service, { config: configOf(login), offers: OFFERS }));
  assert.equal(error.code, 'DISPATCH_FAILED');
  assert.match(error.message, /The login POST \/login was answered 401: .*"login":"ann","password":"\*\*\*"/);
});

test('a path that the answer of a login does not have is told with its members', async (t) => {
  const service = await startOddService(t, server, ['needs-token']);
  const error = await refusal(
    dispatchOdd(service, { config: configOf({ ...TOKEN, token: 'session.jwt' }), offers: OFFERS }),
  );
  assert.equal(error.code, 'BAD_CONFIG');
  assert.match(
    error.message,
    /login\.token: The answer has no "session\.jwt": "session" has token, depot_id/,
  );
});

test('an offer without an account is told', async (t) => {
  const service = await startOddService(t, server, ['needs-token']);
  const error = await refusal(dispatchOdd(service, { config: configOf(TOKEN), offers: [offerOf(3, 5)] }));
  assert.match(error.message, /no account with depot_id = 3, which offer 3\/05 needs; it has 2/);
});

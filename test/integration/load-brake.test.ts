import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import type { HarnessError } from '../../harness/errors.ts';
import { withLoadBrake } from '../../harness/experiment/load-brake.ts';
import { HARNESS_APPLICATION_NAME } from '../../harness/postgres/application-name.ts';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';

let own: OwnServer;
let server: PostgresServer;
before(async () => {
  own = await startOwnServer();
  server = own.server;
});
after(() => own.remove());

test('a load ends when the server ends the sessions in it, and not when it has ended by itself', async () => {
  const { signal } = new AbortController();
  assert.equal(await withLoadBrake(server, signal, async () => 'to its end'), 'to its end');
  const reason: HarnessError = await withLoadBrake(server, signal, async (braked) => {
    await withAdmin(server, undefined, (admin) =>
      admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
        [HARNESS_APPLICATION_NAME],
      ),
    );
    if (!braked.aborted) await once(braked, 'abort');
    return braked.reason;
  });
  assert.equal(reason.code, 'DATABASE_FAILED');
  assert.match(
    reason.message,
    /^PostgreSQL at 127\.0\.0\.1:\d+ ended its sessions under load: the load was ended too\.$/,
  );
});

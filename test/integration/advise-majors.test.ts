/** The same advice on every major version; the embedded one is in advise.test.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adviseIndexes } from '../../harness/advice/advise-indexes.ts';
import { describeIndex } from '../../harness/advice/index-definition.ts';
import { useServer, withAdmin } from '../../harness/postgres/server.ts';
import { MAJORS, programsOf, startThrowAwayServer } from '../support/postgres-majors.ts';
import { captureShop, ORDERS, SILENT } from '../support/shop.ts';

describe('advice on PostgreSQL', () => {
  for (const major of MAJORS.filter((one) => one !== 18)) {
    test(`${major}: the missing index is found and counted, and results stay the same`, async (t) => {
      const distribution = await programsOf(major);
      if ('skip' in distribution) return t.skip(distribution.skip);
      const started = await startThrowAwayServer(distribution, {});
      t.after(() => started.remove());
      const server = await useServer(started.adminUrl);
      await withAdmin(server, undefined, (client) => client.query('CREATE EXTENSION pg_stat_statements'));
      const { template, workload } = await captureShop(server);
      const context = { server, template, workload, signal: new AbortController().signal };
      const advice = await adviseIndexes(context, SILENT, {
        perRound: 5,
        rounds: 2,
        pairs: 0,
        reference: [],
      });
      assert.deepEqual(
        advice.advised.map(({ index, judgement }) => [describeIndex(index), judgement.scans]),
        [['"OrderLine" ("orderId")', ORDERS.length]],
      );
      assert.deepEqual(advice.after.outcomes, advice.before.outcomes);
    });
  }
});

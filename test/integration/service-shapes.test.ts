import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { loadStatementParser } from '../../harness/capture/statement-identity.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { findingsOf } from '../../harness/profiling/find-findings.ts';
import { judgeGrowth } from '../../harness/profiling/judge-growth.ts';
import type { Judgement } from '../../harness/profiling/judgement.ts';
import { startPlpgsqlLoop } from '../fixtures/services/plpgsql-loop.ts';
import { startTestServer } from '../support/database.ts';
import { createShapeDatabase, sampleShape } from '../support/sample-shape.ts';
import { SERVICE_SHAPES, type TrueGrowth } from '../support/service-shapes.ts';

let server: PostgresServer;

before(async () => {
  await loadStatementParser();
  server = await startTestServer();
});

after(() => server?.release());

describe('services that are not the reference target are judged from outside', () => {
  for (const shape of SERVICE_SHAPES) {
    const growing = shape.grows.map(({ verdict }) => verdict).join(' and ') || 'constant';
    test(`${shape.name}: ${growing}`, async (t) => {
      const samples = await sampleShape(server, shape);
      const judgements = judgeGrowth(samples);
      for (const { statement, verdict, reason } of judgements)
        t.diagnostic(`${statement ?? 'commits'}: ${verdict}, ${reason}`);

      const open = shape.grows.map((truth) => {
        const judgement = judgements.filter((candidate) => isAbout(candidate, truth));
        assert.equal(judgement.length, 1, `judgements of ${truth.statement}`);
        assertJudged(judgement[0] as Judgement, truth);
        return judgement[0];
      });
      const others = judgements.filter((judgement) => !open.includes(judgement));
      for (const { statement, verdict } of others) assert.equal(verdict, 'constant', statement ?? 'commits');

      const findings = findingsOf(samples, judgements, { sizes: {} });
      assert.deepEqual(findings.map(({ kind }) => kind).sort(), shape.findings);
    });
  }
});

function isAbout({ statement }: Judgement, truth: TrueGrowth): boolean {
  return truth.statement === 'commits' ? statement === null : truth.statement.test(statement ?? '');
}

function assertJudged(judgement: Judgement, { verdict, slope, chunk, plateau }: TrueGrowth): void {
  assert.equal(judgement.verdict, verdict, judgement.reason);
  if (slope !== undefined) {
    const steepest = judgement.fit?.terms.at(-1)?.slope ?? Number.NaN;
    assert.ok(Math.abs(steepest - slope) <= 0.05, `slope ${steepest}, true ${slope}`);
  }
  if (chunk !== undefined) {
    const { least = 0, most = 0 } = judgement.chunk ?? {};
    assert.ok(least <= chunk && chunk <= most, `chunks of ${least} to ${most}, true ${chunk}`);
  }
  if (plateau !== undefined) assert.equal(judgement.plateau?.calls, plateau);
}

test('what a plpgsql function loops over is one call from outside, and a call for each row inside the server', async (t) => {
  const database = await createShapeDatabase(server);
  t.after(() => database.drop());
  await database.client.query('CREATE EXTENSION pg_stat_statements');
  // Of functions' own statements the server counts nothing unless told so; it is asked of this one database.
  await database.client.query(`ALTER DATABASE ${database.name} SET pg_stat_statements.track = 'all'`);
  const service = await startPlpgsqlLoop(database.serviceUrl);
  await service.work({ bookings: 64, drivers: 20 });
  await service.stop();
  const { rows } = await database.client.query(
    `SELECT toplevel, calls::int FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND userid = $1::regrole AND query ~ '^(UPDATE item|SELECT round_up)' ORDER BY toplevel`,
    [server.serviceRole],
  );
  assert.deepEqual(rows, [
    { toplevel: false, calls: 64 },
    { toplevel: true, calls: 1 },
  ]);
});

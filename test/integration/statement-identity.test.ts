/** What pg_stat_statements keeps of a statement has the identity of what was sent, on the server of the tests. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type pg from 'pg';
import { loadStatementParser, statementIdentity } from '../../harness/capture/statement-identity.ts';
import { connectAdmin, type PostgresServer } from '../../harness/postgres/server.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';

const SENT: readonly (readonly [text: string, values?: readonly unknown[]])[] = [
  ['SELECT * FROM t WHERE a IN (1, 2, 3)'],
  ['SELECT b FROM t WHERE a IN ($1)', [1]],
  ['SELECT c FROM t WHERE a IN ($1::int, $2::int) AND d = ANY ($3::int[])', [1, 2, [3]]],
  ['SELECT d FROM t WHERE e IN (1::bigint, 2::bigint) AND a = ANY (ARRAY[1, $1::int])', [2]],
  ["SELECT a, b FROM t WHERE b IN ('x', lower('Y'), NULL)"],
  ["SELECT a, c FROM t WHERE (a, b) IN ((1, 'x'), (2, 'y'))"],
  ["SELECT a, d FROM t WHERE (a, b) IN (VALUES (1, 'x'), (2, 'y'), (3, NULL))"],
  ['SELECT a, e FROM t WHERE c = true AND b IS NOT NULL AND c IS NOT TRUE AND NOT false AND b = null'],
  [
    "SELECT b, c FROM t WHERE f > date '2020-01-01' + interval '1 day' AND a = -1 AND a = - 5 AND a - 1 = 3 AND a -2 > +4",
  ],
  [
    'SELECT b, row_number() OVER (PARTITION BY c ORDER BY 1) FROM t GROUP BY 1, c ORDER BY 1, 2 LIMIT 10 OFFSET 5',
  ],
  ['SELECT count(*) FILTER (WHERE a > 1), array_agg(b ORDER BY 1), current_date - 7 FROM t'],
  ["SELECT b::varchar(20), e'x\\n', U&'ab', x'1f', b'01', $q$it's$q$, 1.5e3, 0x1f, a::numeric(10, 2) FROM t"],
  ["SELECT 'a'\n'b', coalesce(b, null), CASE WHEN a = 1 THEN null ELSE 'x' END FROM \"t\" -- why\n;"],
  [
    '/* app:web */ select "t"."a", T.B as "Name" from T /* nested /* comment */ */ where a between 1 and 2 and b like \'x%\'',
  ],
  ["INSERT INTO t (a, b) VALUES (1, 'x'), (2, NULL), (-3, DEFAULT)"],
  ['INSERT INTO t (a, b, c) VALUES ($1, $2, true) ON CONFLICT DO NOTHING RETURNING a', [1, 'x']],
  ["UPDATE t SET b = v.b FROM (VALUES (1, 'x'), (2, 'y')) AS v (a, b) WHERE v.a = t.a"],
  ['UPDATE t SET b = CASE a WHEN 1 THEN $1 WHEN 2 THEN $2 END WHERE a IN (1, 2)', ['x', 'y']],
  ['DELETE FROM t WHERE (a = 1 AND c = true) OR (a = 2 AND c = false)'],
  ['WITH x AS (DELETE FROM t WHERE a = 9 RETURNING a) SELECT * FROM x'],
  ['SELECT a FROM t WHERE a = 1 FOR NO KEY UPDATE SKIP LOCKED'],
  ["SELECT g -> 'x' ->> 'y', g #>> '{a,1}', g ? 'k', (ARRAY[1, 2])[1] FROM t WHERE g @> '{}'"],
  ['SELECT unnest($1::int[]), generate_series(1, 3) AS "Üb" FROM t', [[1]]],
  ['BEGIN ISOLATION LEVEL REPEATABLE READ'],
  ['SAVEPOINT sp_17'],
  ['RELEASE SAVEPOINT sp_17'],
  ["SET LOCAL work_mem = '8MB'"],
  ['SET LOCAL search_path TO public, pg_catalog'],
  ['DECLARE c_1 CURSOR FOR SELECT * FROM t WHERE a = 5'],
  ['FETCH 100 FROM c_1'],
  ['FETCH FORWARD 10 FROM c_1'],
  ['CLOSE c_1'],
  ['COMMIT'],
  ['DEALLOCATE p_1'],
  ['TRUNCATE t'],
  ['CREATE INDEX ON t (a) WHERE b IS NOT NULL'],
];

describe('the identity of a statement, as sent and as pg_stat_statements keeps it,', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let observer: pg.Client;
  const seen = new Set<string>();

  before(async () => {
    await loadStatementParser();
    server = await startTestServer();
    database = await createTestDatabase(server);
    observer = await connectAdmin(server);
    await database.client.query(
      'CREATE TABLE t (a integer, b text, c boolean, d integer, e bigint, f date, g jsonb)',
    );
    await database.client.query('PREPARE p_1 AS SELECT 1'); // is kept when it is executed
    await kept();
  });

  after(async () => {
    await observer?.end();
    await database?.drop();
    await server?.release();
  });

  /** Texts that were not there when this was asked the last time. */
  async function kept(): Promise<string[]> {
    const { rows } = await observer.query<{ id: string; query: string }>(
      `SELECT queryid::text AS id, query FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
       WHERE datname = $1`,
      [database.name],
    );
    const added = rows.filter(({ id }) => !seen.has(id));
    for (const { id } of added) seen.add(id);
    return added.map(({ query }) => query);
  }

  for (const [text, values] of SENT) {
    test(`is one: ${text.replace(/\s+/g, ' ')}`, async () => {
      await database.client.query(text, values as unknown[]);
      const [query, ...others] = await kept();
      assert.deepEqual(others, []);
      assert.equal(statementIdentity(query ?? ''), statementIdentity(text), query);
    });
  }
});

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { nameStatement, tablesWritten } from '../experiment/statement-text.ts';
import { loadStatementParser, statementIdentity } from './statement-identity.ts';

/** Each is one statement: texts that a service may send, and what pg_stat_statements keeps of them on 13–17 and on 18. */
const SAME: readonly { readonly identity: string; readonly texts: readonly string[] }[] = [
  {
    identity: 'SELECT * FROM t WHERE a IN ($, ...)',
    texts: [
      'select * from t where a in (1,2,3)',
      'SELECT  *\nFROM t WHERE a IN ($1)',
      'select * from t where a in ($1, $2) -- by id',
      'select * from t where a in ($1::int,$2::int)',
      'select * from t where a in (CAST($1 AS integer))',
      'select * from t where a in ($1 /*, ... */)', // 18
      '/* app:web */ SELECT * FROM "t" WHERE "a" IN (-1, NULL, 5);',
    ],
  },
  {
    identity: 'SELECT * FROM t WHERE a = ANY (ARRAY[$, ...])',
    texts: [
      'select * from t where a = any(array[1,2,3])',
      'select * from t where a = any(array[$1::int])',
      'select * from t where a = any(array[$1 /*, ... */])', // 18
    ],
  },
  {
    identity: 'SELECT * FROM t WHERE (a, b) IN (($, $), ...)',
    texts: [
      "select * from t where (a,b) in ((1,'a'),(2,'b'))",
      'select * from t where (a,b) in (($1,$2))',
      'select * from t where (a,b) in (($1::int,$2),($3,$4),($5,$6))',
    ],
  },
  {
    identity: 'INSERT INTO public.t (a, b) VALUES ($, $) RETURNING id',
    texts: [
      'INSERT INTO public.t(a,b) VALUES ($1,$2) RETURNING id',
      'insert into public.t (a, b) values ($1, $2), ($3, $4) returning id',
      "INSERT INTO public.t (a, b) VALUES (1, NULL), (-2, 'x'), (3, true) RETURNING id",
    ],
  },
  {
    identity: 'UPDATE t SET b = v.b FROM (VALUES ($, $)) AS v(a, b) WHERE v.a = t.a',
    texts: [
      'update t set b = v.b from (values ($1::int, $2::text), ($3, $4)) as v(a, b) where v.a = t.a',
      "update t set b = v.b from (values (1,'x')) as v(a, b) where v.a = t.a",
    ],
  },
  {
    identity: 'UPDATE t SET b = CASE id WHEN $ THEN $ ELSE b END WHERE id IN ($, ...)',
    texts: [
      'update t set b = case id when 1 then 2 else b end where id in (1)',
      'update t set b = case id when $1 then $2 when $3 then $4 when $5 then $6 else b end where id in ($1,$3,$5)',
    ],
  },
  {
    identity: 'DELETE FROM t WHERE (a = $ AND b = $)',
    texts: [
      'delete from t where (a = 1 and b = 2)',
      'delete from t where (a = $1 and b = $2) or (a = $3 and b = $4) or (a = $5 and b = $6)',
    ],
  },
  {
    identity: 'SELECT b, $ FROM t WHERE c = $ AND b IS NOT NULL AND c IS TRUE AND d > date $ + interval $',
    texts: [
      "select b, -5 from t where c = true and b is not null and c is true and d > date '2020-01-01' + interval '1 day'",
      'select b, $1 from t where c = $2 and b is not null and c is true and d > date $3 + interval $4',
    ],
  },
  {
    identity: 'SELECT b, row_number() OVER (ORDER BY $) FROM t GROUP BY 1 ORDER BY 1, 2 DESC LIMIT $',
    texts: [
      'select b, row_number() over (order by 1) from t group by 1 order by 1, 2 desc limit 10',
      'select b, row_number() over (order by $1) from t group by 1 order by 1, 2 desc limit $2',
    ],
  },
  {
    identity: 'SELECT $, E, $::varchar($) FROM t WHERE a - $ = $ AND CURRENT_DATE - $ > d'.replace(' E,', ''),
    texts: [
      "select 'a''b', 'x'::varchar(20) from t where a - 1 = -3 and current_date - 7 > d",
      'select $1, $2::varchar(20) from t where a - $3 = $4 and current_date - $5 > d',
      "select $q$it's$q$, U&'x'::varchar(20) from t where a -1 = - 3 and current_date-7 > d",
    ],
  },
  { identity: 'SAVEPOINT $', texts: ['SAVEPOINT s1', 'savepoint $1', 'savepoint "sp_20"'] },
  { identity: 'ROLLBACK TO SAVEPOINT $', texts: ['rollback to savepoint s1', 'rollback to savepoint $1'] },
  { identity: 'DEALLOCATE $', texts: ['deallocate pdo_1', 'deallocate $1'] },
  { identity: 'DEALLOCATE ALL', texts: ['deallocate all'] },
  { identity: 'SET search_path TO $', texts: ['set search_path to a, public', 'SET search_path TO $1'] },
  { identity: 'FETCH $ FROM $', texts: ['fetch 100 from c_1', 'FETCH $1 FROM c_2'] },
];

describe('the identity of a statement', () => {
  before(loadStatementParser);

  for (const { identity, texts } of SAME) {
    test(`is one for all spellings and lengths of ${identity}`, () => {
      for (const text of texts) assert.equal(statementIdentity(text), identity, text);
    });
  }

  test('stays what it is when it is folded again', () => {
    for (const { identity } of SAME) assert.equal(statementIdentity(identity), identity);
  });

  test('tells one value from a list of values, and a list from a subquery', () => {
    const texts = [
      'a = $1',
      'a IN ($1)',
      'a = ANY($1)',
      'a IN (SELECT id FROM u WHERE b = $1)',
      'a IN (VALUES (1))',
    ];
    const identities = texts.map((text) => statementIdentity(`SELECT b FROM t WHERE ${text}`));
    assert.equal(new Set(identities).size, texts.length);
  });

  test('keeps what is no value: other names, a place in a list, elements of another kind', () => {
    const texts = [
      'SELECT a FROM t ORDER BY 1',
      'SELECT a FROM t ORDER BY 2',
      'SELECT a FROM t ORDER BY "A"',
      'SELECT a FROM t ORDER BY b',
      'SELECT a FROM t WHERE a IN (b, c)',
      'SELECT a FROM t WHERE a IN (b)',
      'SELECT a FROM t WHERE a IN (1, now())',
      'SELECT a FROM t WHERE b IS NULL',
      'SELECT a FROM t WHERE b = NULL',
    ];
    assert.equal(new Set(texts.map(statementIdentity)).size, texts.length);
  });

  test('keeps the quotes that a name needs, and no others', () => {
    assert.equal(
      statementIdentity('select "Id", "user"."name", "order", t.set from "user" where "created_at" > $1'),
      'SELECT "Id", "user".name, "order", t.set FROM "user" WHERE created_at > $',
    );
  });

  test('can be read as a statement: it has a name, and its tables are found', () => {
    const update = statementIdentity('update "booking" set "status"=$1 where "id"=$2 returning "id"');
    assert.deepEqual([...tablesWritten(update)], ['booking']);
    assert.equal(nameStatement(update), 'UPDATE booking SET status = $ WHERE id = $ RETURNING id');
    assert.equal(
      nameStatement(statementIdentity('select id,a,b,c,d,e,f,g,h,i,j,k from client where id=$1')),
      'SELECT … FROM client WHERE id = $',
    );
  });

  test('of a text that PostgreSQL cannot read is the text, with its white space folded', () => {
    assert.equal(statementIdentity("select  'a"), "select 'a");
  });
});

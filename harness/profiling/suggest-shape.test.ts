import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadModule, parseSync } from 'libpg-query';
import type { Dimension } from './growth-sample.ts';
import { suggestShape } from './suggest-shape.ts';

before(loadModule);

function sketch(statement: string, dimension: Dimension = 'bookings'): string {
  const { sql } = suggestShape('n-plus-one', statement, dimension);
  assert.ok(sql, `no sketch for ${statement}`);
  assert.doesNotThrow(() => parseSync(sql), sql);
  return sql;
}

test('a lookup by key asks for a list of keys', () => {
  assert.equal(
    sketch('SELECT id, full_name FROM client WHERE id = $'),
    'SELECT id, full_name\nFROM client\nWHERE id = ANY($1)',
  );
});

test('the key is added to the columns when the rows could not be told apart without it', () => {
  assert.equal(
    sketch('SELECT c.full_name FROM client c WHERE c.id = $'),
    'SELECT c.id, c.full_name\nFROM client c\nWHERE c.id = ANY($1)',
  );
  assert.equal(sketch('SELECT * FROM client WHERE id = $'), 'SELECT *\nFROM client\nWHERE id = ANY($1)');
});

test('of several keys the one is taken that is named for what the calls grow with', () => {
  const text = 'SELECT id FROM trip WHERE company_id = $ AND driver_id = $';
  assert.match(sketch(text, 'drivers'), /company_id = \$1 AND driver_id = ANY\(\$2\)/);
  assert.match(sketch(text, 'companies'), /company_id = ANY\(\$1\) AND driver_id = \$2/);
});

test('the latest of each key becomes a lateral join', () => {
  assert.equal(
    sketch('SELECT id, status FROM assignment WHERE booking_id = $ ORDER BY created_at DESC LIMIT $'),
    'SELECT wanted.booking_id, found.*\nFROM unnest($1 /* booking_id */) AS wanted (booking_id)\n' +
      'CROSS JOIN LATERAL (SELECT id, status FROM assignment WHERE booking_id = wanted.booking_id ' +
      'ORDER BY created_at DESC LIMIT $2) AS found',
  );
});

test('a count for each key becomes one count by key', () => {
  assert.equal(
    sketch('SELECT count(*) AS count FROM assignment WHERE driver_id = $ AND created_at >= $', 'drivers'),
    'SELECT driver_id, count(*) AS count\nFROM assignment\nWHERE driver_id = ANY($1) AND created_at >= $2\n' +
      'GROUP BY driver_id',
  );
});

test('an insert takes an array for each column and keeps the rest', () => {
  assert.equal(
    sketch(
      'INSERT INTO assignment (booking_id, status, at) VALUES ($, lower($), now()) ON CONFLICT DO NOTHING',
    ),
    'INSERT INTO assignment (booking_id, status, at)\nSELECT given.booking_id, lower(given.status), now()\n' +
      'FROM unnest($1 /* booking_id */, $2 /* status */) AS given (booking_id, status)\nON CONFLICT DO NOTHING',
  );
});

test('an update joins the new values, under names that no column of the table has', () => {
  assert.equal(
    sketch('UPDATE booking SET status = $, updated_at = now() WHERE id = $ AND status = $ RETURNING id'),
    'UPDATE booking\nSET status = given.new_status, updated_at = now()\n' +
      'FROM unnest($1 /* the_id */, $2 /* new_status */) AS given (the_id, new_status)\n' +
      'WHERE id = given.the_id AND status = $3\nRETURNING id',
  );
});

test('a delete takes a list of keys', () => {
  assert.equal(
    sketch('DELETE FROM hold WHERE booking_id = $'),
    'DELETE FROM hold\nWHERE booking_id = ANY($1)',
  );
});

test('casts, intervals, quoted names and letters beyond ASCII are kept', () => {
  const text =
    'SELECT "Größe" FROM "Büro" b WHERE b."Id" = $::int AND at > now() - INTERVAL $ AND "Größe" IN ($)';
  assert.equal(
    sketch(text),
    'SELECT b."Id", "Größe"\nFROM "Büro" b\n' +
      'WHERE b."Id" = ANY($1::int[]) AND at > now() - $2::interval AND "Größe" IN ($3)',
  );
});

test('lists of any length stay lists', () => {
  assert.equal(
    sketch(
      'SELECT id FROM trip WHERE driver_id = $ AND status IN ($, ...) AND (a, b) IN (($, $), ...)',
      'drivers',
    ),
    'SELECT driver_id, id\nFROM trip\n' +
      'WHERE driver_id = ANY($1) AND status IN ($2 /*, ... */) AND (a, b) IN (($3, $4) /*, ... */)',
  );
});

test('numbered parameters keep meaning the same one', () => {
  assert.match(
    sketch('SELECT id FROM trip WHERE driver_id = $2 AND (a = $1 OR b = $1)', 'drivers'),
    /driver_id = ANY\(\$1\) AND \(a = \$2 OR b = \$2\)/,
  );
});

test('the next number is taken for all rows at once', () => {
  assert.match(sketch('SELECT nextval($)'), /generate_series/);
});

test('what has no known form, or is no SQL, gets words only', () => {
  for (const statement of [
    'SELECT assign_one($)',
    'CALL assign_one($)',
    'SELECT id FROM a WHERE x > $',
    'INSERT INTO a (x, y) VALUES (DEFAULT, $)',
    'this is no SQL $',
  ]) {
    const { sentence, sql } = suggestShape('n-plus-one', statement, 'bookings');
    assert.equal(sql, null, statement);
    assert.ok(sentence.length > 20);
  }
});

test('a sketch for locked rows is not made up where a lateral join would change what is locked', () => {
  const text = 'SELECT id FROM job WHERE booking_id = $ ORDER BY id LIMIT $ FOR UPDATE';
  assert.equal(suggestShape('n-plus-one', text, 'bookings').sql, null);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HarnessError } from '../errors.ts';
import { fillRequest, fillText, sqlWithParameters, valueAt } from './placeholders.ts';

const badConfig = (message: RegExp) => (error: unknown) =>
  error instanceof HarnessError && error.code === 'BAD_CONFIG' && message.test(error.message);

describe('requests', () => {
  test('values in a path are encoded, and without a body it is a GET', () => {
    const filled = fillRequest({ path: '/plans/{day}/{depot}?q={q}' }, { day: '5/1', depot: 7, q: 'a&b c' });
    assert.deepEqual(filled, { method: 'GET', path: '/plans/5%2F1/7?q=a%26b%20c', headers: {} });
  });

  test('in a JSON body a text that is one placeholder keeps the type of its value, at any depth', () => {
    const body = {
      depot: '{depot}',
      note: 'depot {depot}',
      dry: '{dry}',
      list: [{ day: '{day}' }],
      none: '{none}',
      literal: '{}',
    };
    const filled = fillRequest(
      { path: '/plans', body },
      { depot: 7, dry: false, day: '2026-01-05', none: null },
    );
    assert.equal(filled.method, 'POST');
    assert.equal(filled.headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(filled.body ?? ''), {
      ...{ depot: 7, note: 'depot 7', dry: false, list: [{ day: '2026-01-05' }], none: null, literal: '{}' },
    });
  });

  test('a form is encoded as one, and headers are filled and named in small letters', () => {
    const filled = fillRequest(
      {
        method: 'PUT',
        path: '/login',
        headers: { 'X-Depot': '{depot}' },
        form: { user: '{user}', password: 'a=b' },
      },
      { depot: 7, user: 'ann@example' },
    );
    assert.deepEqual(filled, {
      method: 'PUT',
      path: '/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-depot': '7' },
      body: 'user=ann%40example&password=a%3Db',
    });
  });

  test('a placeholder without a value is named with where it is and those there are, and no value is shown', () => {
    const fill = () => fillRequest({ path: '/plans', body: { a: '{depto}' } }, { depot: 'secret', day: 1 });
    assert.throws(
      fill,
      badConfig(/^No value for \{depto\} in the request \/plans: expected one of day, depot\.$/),
    );
    assert.throws(
      () => fillText('{constructor}', {}),
      badConfig(/No value for \{constructor\} in "\{constructor\}"/),
    );
  });
});

describe('SQL', () => {
  const values = { day: '2026-01-05', depot_id: 7, b: true };

  test('names become parameters, equal names the same one', () => {
    assert.deepEqual(sqlWithParameters('SELECT :day::date, :depot_id WHERE x=:day', values), {
      text: 'SELECT $1::date, $2 WHERE x=$1',
      values: ['2026-01-05', 7],
    });
  });

  for (const [what, sql] of [
    ['a cast', 'SELECT a::text'],
    ['a quoted text', "SELECT ':day', 'it''s :day'"],
    ['a text with escapes', String.raw`SELECT E'\':day', e'\\'`],
    ['a quoted name', 'SELECT ":day", "a"":day"'],
    ['a text in dollars', 'SELECT $$ :day $$, $body$ :day $$ :day $body$'],
    ['a comment to the end of the line', 'SELECT 1 -- :day'],
    ['nested comments', 'SELECT /* a /* :day */ :day */ 1'],
    ['an argument by name', 'SELECT f(a := 1)'],
    ['bounds of a slice', 'SELECT a[1:2], a[1 : b]'],
    ['a text that never ends', "SELECT ':day"],
  ] as const) {
    test(`${what} is no place for a parameter`, () => {
      assert.deepEqual(sqlWithParameters(sql, values), { text: sql, values: [] });
    });
  }

  test('what follows a quoted text, a comment or a name with a dollar is read again', () => {
    const sql = "SELECT 'a' || :day, $q$:x$q$, a$b$ /* c */ , :b --";
    assert.deepEqual(sqlWithParameters(sql, values), {
      text: "SELECT 'a' || $1, $q$:x$q$, a$b$ /* c */ , $2 --",
      values: ['2026-01-05', true],
    });
  });

  test('an unknown name is told with the statement', () => {
    assert.throws(
      () => sqlWithParameters('SELECT :dya', values),
      badConfig(/^No value for :dya in "SELECT :dya": expected one of b, day, depot_id\.$/),
    );
  });
});

describe('paths into answers', () => {
  const answer = { run: { id: 5, done: null }, items: [{ id: 'a' }], token: 'secret' };

  test('values are found in objects and lists', () => {
    assert.equal(valueAt(answer, 'run.id'), 5);
    assert.equal(valueAt(answer, 'items.0.id'), 'a');
    assert.equal(valueAt(answer, 'run.done'), null);
    assert.equal(valueAt('bare', ''), 'bare');
  });

  test('a path that is not there is told with the members that are, and no value', () => {
    assert.throws(
      () => valueAt(answer, 'run.uid'),
      badConfig(/^The answer has no "run\.uid": "run" has id, done\.$/),
    );
    assert.throws(() => valueAt(answer, 'tokn'), badConfig(/no "tokn": it has run, items, token\.$/));
    assert.throws(() => valueAt(answer, 'items.1.id'), badConfig(/"items" is a list of 1/));
    assert.throws(() => valueAt(answer, 'token.x'), badConfig(/"token" is a text/));
    assert.throws(() => valueAt(answer, 'run'), badConfig(/an object at "run"/));
    assert.throws(() => valueAt({}, 'constructor'), badConfig(/it is empty/));
  });
});

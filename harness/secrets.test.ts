import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  redact,
  rememberEnvironment,
  rememberSecret,
  rememberUrlPassword,
  withoutUrlPassword,
} from './secrets.ts';

const SECRET = `s3cr/t "&'<%é\\`;

describe('a secret that is remembered', () => {
  let forget: () => void;
  beforeEach(() => {
    forget = rememberSecret(SECRET);
  });
  afterEach(() => forget());

  test('is replaced as it is, encoded for a URL, in JSON, in HTML and in base64', () => {
    const userInfo = new URL('postgres://user@host');
    userInfo.password = SECRET;
    const forms = [
      SECRET,
      encodeURIComponent(SECRET),
      encodeURIComponent(SECRET).toLowerCase(), // %2F may be written %2f
      userInfo.password,
      JSON.stringify(SECRET).slice(1, -1),
      's3cr/t &quot;&amp;&#39;&lt;%é\\',
      Buffer.from(SECRET).toString('base64'),
      Buffer.from(SECRET).toString('base64url'),
    ];
    for (const form of forms) assert.equal(redact(`before ${form} after`), 'before [secret] after', form);
  });

  test('is not to be read from base64 in which it is a part, wherever it lies', () => {
    for (const before of ['', 'u', 'us', 'use']) {
      const header = Buffer.from(`${before}${SECRET}!`).toString('base64');
      const shown = redact(header);
      assert.match(shown, /\[secret\]/, header);
      assert.ok(shown.replace('[secret]', '').length <= 8, shown); // no more than its neighbours and the bits they share
    }
  });

  test('is replaced wherever it stands, as often as it stands', () => {
    assert.equal(redact(`${SECRET},${SECRET}`), '[secret],[secret]');
  });

  test('is found no more when it was forgotten as often as it was remembered', () => {
    const forgetAgain = rememberSecret(SECRET);
    forgetAgain();
    forgetAgain(); // the same one: counts once
    assert.equal(redact(SECRET), '[secret]');
    forget();
    assert.equal(redact(SECRET), SECRET);
  });

  test('leaves a record that does not hold it as it is', () => {
    const record = JSON.stringify({ durationMs: 1234.5678, digest: 'f3a1', url: 'http://127.0.0.1:80/a@b' });
    assert.equal(redact(record), record);
  });
});

describe('what is no secret by its look', () => {
  // With the password `postgres`, a record would lose its field of that name; with a number, digits of a time.
  for (const password of ['postgres', 'bulk-apply', 'not-comparable', '123456', '20261126', 'abc-12']) {
    test(`"${password}" is left in a text, and hidden where it is said to be a password`, (t) => {
      t.after(rememberSecret(password));
      const record = JSON.stringify({ [password]: `${password} 9${password}1` });
      assert.equal(redact(record), record);
      assert.equal(redact(`{"password":"${password}"}`), '{"password":"[secret]"}');
      assert.equal(redact(`PASSWORD '${password}'`), "PASSWORD '[secret]'");
      assert.equal(redact(`postgres://me:${password}@host/x`), 'postgres://me:[secret]@host/x');
    });
  }

  test('what is shorter than 6 characters is not remembered', () => {
    rememberSecret('a1$b2');
    assert.equal(redact('a1$b2'), 'a1$b2');
  });
});

describe('what has the shape of a secret is hidden although nobody remembered it', () => {
  const shapes: [string, string, string][] = [
    ['the password of a URL', 'at postgres://me:hunter2@db:5432/x.', 'at postgres://me:[secret]@db:5432/x.'],
    ['a password without a user', 'redis://:hunter2@db', 'redis://:[secret]@db'],
    ['a parameter of a URL', 'db?password=hunter2&ssl=on', 'db?password=[secret]&ssl=on'],
    ['a setting of libpq', 'host=db password=hunter2 port=5', 'host=db password=[secret] port=5'],
    ['a bearer token', 'Authorization: Bearer abcdefghijklmnop==', 'Authorization: Bearer [secret]'],
    ['a JWT', `"eyJhbGciOiJI.eyJzdWIiOiIx.${'a'.repeat(43)}"`, '"[secret]"'],
  ];
  for (const [what, text, expected] of shapes) test(what, () => assert.equal(redact(text), expected));

  test('and what only resembles it is left', () => {
    for (const text of [
      'Expected an Authorization header with a bearer token.',
      'http://127.0.0.1:8080/api/v1/users/a@b.example',
      'dispatcher-1@rushhour.example',
      '{"$schema":"https://vega.github.io/schema/vega-lite/v6.json","x":"a:b@c"}',
    ])
      assert.equal(redact(text), text);
  });
});

describe('passwords of URLs', () => {
  const urls: [string, string, string][] = [
    // what was typed, what of it is shown, a text that must not be told any more
    ['postgres://me:p%40ss%2Fw0rd@db/x', 'postgres://me:[secret]@db/x', 'p@ss/w0rd'],
    ['--server=postgres://me:hunter2!@db/x', '--server=postgres://me:[secret]@db/x', 'hunter2!'],
    ['postgres://me:two@signs@db/x', 'postgres://me:[secret]@db/x', 'two@signs'],
    ['postgres://me:b4d/one@db/x', 'postgres://me:[secret]@db/x', 'b4d/one'],
    ['postgres://me@db/x?password=hunter2!', 'postgres://me@db/x?password=[secret]', 'hunter2!'],
  ];
  for (const [typed, shown, password] of urls) {
    test(`${typed} is shown as ${shown}, and its password is remembered`, () => {
      assert.equal(withoutUrlPassword(typed), shown);
      rememberUrlPassword(typed);
      if (password.length >= 8) assert.equal(redact(`"${password}"`), '"[secret]"');
    });
  }

  test('a text without one is left alone', () => {
    for (const text of ['postgres://me@db:5432/x', 'seed', '--server', '/tmp/a:b', 'http://db/a:b@c'])
      assert.equal(withoutUrlPassword(text), text);
  });

  test('are remembered from the environment, with what is called a password, secret, token or key there', () => {
    rememberEnvironment({
      PGPASSWORD: 'from-pgpassw0rd',
      JWT_SECRET: 'from-jwt-s3cret',
      ANY_URL: 'mysql://me:from-url-4ny@db/x',
      CLOUD_ACCESS_KEY: 'from-cl0ud-key',
      NPM_TOKEN: 'from-npm-t0ken',
      TLS_KEY: '/home/somebody-1/tls.key',
      OLDPWD: '/home/somebody-1',
    });
    assert.equal(
      redact(
        'from-pgpassw0rd from-jwt-s3cret from-url-4ny from-cl0ud-key from-npm-t0ken /home/somebody-1/tls.key',
      ),
      '[secret] [secret] [secret] [secret] [secret] /home/somebody-1/tls.key',
    );
  });
});

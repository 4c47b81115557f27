import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HarnessError } from '../errors.ts';
import { upstreamOf } from './upstream.ts';

const placeOf = async (url: string) => {
  const { host, port, tls } = await upstreamOf(url);
  return { host, port, tls };
};

describe('the database behind a tap', () => {
  test('is where the URL leads, by its parameters too, on 5432 when it says nothing', async () => {
    const off = { tls: 'off' };
    assert.deepEqual(await placeOf('postgres://u:p@db.example/x'), {
      host: 'db.example',
      port: 5432,
      ...off,
    });
    assert.deepEqual(await placeOf('postgresql://u@[::1]:6000/x'), { host: '::1', port: 6000, ...off });
    assert.deepEqual(await placeOf('postgres:///x?host=db&port=7'), { host: 'db', port: 7, ...off });
  });

  test('is reached with TLS as libpq would, verified only when it is asked for', async () => {
    const modes = ['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'];
    const found = await Promise.all(modes.map((mode) => upstreamOf(`postgres://u@db/x?sslmode=${mode}`)));
    assert.deepEqual(
      found.map(({ tls, tlsOptions }) => `${tls} ${tlsOptions.rejectUnauthorized}`),
      [
        'off false',
        'off false',
        'preferred false',
        'required false',
        'required false',
        'required true',
        'required true',
      ],
    );
    const byNode = await upstreamOf('postgres://u@db/x?ssl=true');
    assert.deepEqual([byNode.tls, byNode.tlsOptions.rejectUnauthorized], ['required', true]);
  });

  test('must be one, reached by TCP; the message never holds the URL, which has a password', async () => {
    for (const url of [
      'postgres://u:secret@a,b/x',
      'postgres://u:secret@/x?host=/run/postgresql',
      'u:secret@db',
      'mysql://u:secret@db/x',
    ])
      await assert.rejects(
        upstreamOf(url),
        (error) =>
          error instanceof HarnessError && error.code === 'BAD_OPTION' && !error.message.includes('secret'),
        url,
      );
  });
});

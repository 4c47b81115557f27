import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { connectAdmin, type PostgresServer } from '../../harness/postgres/server.ts';
import type { TestDatabase } from '../support/database.ts';
import { createTown, DAY, JWT_SECRET, PASSWORD, TARGET_FOLDER } from './target-fixture.ts';

interface TargetProcess {
  readonly child: ChildProcess;
  /** First line of stdout; undefined when the process ended without one. */
  readonly firstLine: Promise<string | undefined>;
  readonly exited: Promise<{ code: number | null; stderr: string }>;
}

function startTarget(env: Record<string, string>, args: readonly string[] = []): TargetProcess {
  const { PATH = '' } = process.env;
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), path.join(TARGET_FOLDER, 'main.ts'), ...args],
    {
      env: { PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const lines = createInterface({ input: child.stdout });
  const firstLine = Promise.race([
    once(lines, 'line').then(([line]) => line as string),
    once(lines, 'close').then(() => undefined),
  ]);
  const exited = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  return { child, firstLine, exited };
}

describe('the target process', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let env: Record<string, string>;

  before(async () => {
    ({ server, database } = await createTown());
    env = { DATABASE_URL: database.serviceUrl, JWT_SECRET, PORT: '0' };
  });

  after(async () => {
    await database?.drop();
    await server?.release();
  });

  async function post(url: string, body: unknown, token?: string) {
    const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const headers = { 'content-type': 'application/json', ...authorization };
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  test('says where it listens in one JSON line, serves, and ends with 0 on SIGTERM', async () => {
    const target = startTarget(env, ['--variant', 'bulk-apply+indexes']);
    try {
      const { event, url, variant } = JSON.parse((await target.firstLine) ?? 'null');
      assert.deepEqual([event, variant], ['listening', 'indexes+bulk-apply']);
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      const health = await fetch(`${url}/health`);
      assert.deepEqual(await health.json(), { status: 'ok', database: 'ok', variant });
      const { rows } = await database.client.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'rushhour-target'",
      );
      assert.equal(rows.length, 1);
    } finally {
      target.child.kill('SIGTERM');
    }
    assert.deepEqual(await target.exited, { code: 0, stderr: '' });
  });

  test('a service that is slowed down on purpose says so when it starts and when it is asked', async () => {
    const target = startTarget(env, ['--inject-slowdown', '5%']);
    try {
      const { url } = JSON.parse((await target.firstLine) ?? 'null');
      const health = await fetch(`${url}/health`);
      const expected = { status: 'ok', database: 'ok', variant: 'baseline', slowdown: '5%' };
      assert.deepEqual(await health.json(), expected);
      const login = await post(`${url}/api/v1/auth/login`, {
        email: 'dispatcher@one.example',
        password: PASSWORD,
      });
      assert.equal(login.status, 200);
    } finally {
      target.child.kill('SIGTERM');
    }
    const { code, stderr } = await target.exited;
    const { level, message, slowdown } = JSON.parse(stderr);
    assert.deepEqual([code, level, slowdown], [0, 'warning', '5%']);
    assert.match(message, /slowed down on purpose/);
  });

  test('on a signal it ends what is under way, accepts nothing new, and leaves no session', async () => {
    const holder = await connectAdmin(server, database.name);
    const target = startTarget(env);
    try {
      const { url } = JSON.parse((await target.firstLine) ?? 'null');
      const login = await post(`${url}/api/v1/auth/login`, {
        email: 'dispatcher@one.example',
        password: PASSWORD,
      });
      const { token } = (await login.json()) as { token: string };
      await holder.query('BEGIN');
      await holder.query('SELECT FROM booking WHERE id = 16 FOR UPDATE');
      const started = await post(`${url}/api/v1/company_dispatch/run`, { date: DAY }, token);
      assert.equal(started.status, 202);
      target.child.kill('SIGINT');
      target.child.kill('SIGINT'); // a second one changes nothing
      while (
        await fetch(`${url}/health`).then(
          () => true,
          () => false,
        )
      );
      await holder.query('COMMIT');
      assert.deepEqual(await target.exited, { code: 0, stderr: '' });
      const { rows } = await database.client.query(
        'SELECT status, assigned_count FROM dispatch_run WHERE id >= 100',
      );
      assert.deepEqual(rows, [{ status: 'completed', assigned_count: 6 }]);
    } finally {
      target.child.kill('SIGKILL');
      await holder.end();
    }
  });

  test('a client that has gone in the middle of a dispatch, or never asked anything, does not hold up its end', async () => {
    const target = startTarget(env);
    const silent = new Socket();
    try {
      const { url } = JSON.parse((await target.firstLine) ?? 'null');
      const login = await post(`${url}/api/v1/auth/login`, {
        email: 'dispatcher@one.example',
        password: PASSWORD,
      });
      const { token } = (await login.json()) as { token: string };
      silent.connect(Number(new URL(url).port), '127.0.0.1');
      await once(silent, 'connect');
      const leaving = new AbortController();
      const dispatch = fetch(`${url}/api/v1/company_dispatch/run?wait=true`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ date: '2026-03-05' }),
        signal: leaving.signal,
      });
      await fetch(`${url}/health`); // the dispatch was sent before, so it has begun
      leaving.abort();
      await dispatch.catch(() => {});
      const broken = new Socket();
      broken.connect(Number(new URL(url).port), '127.0.0.1');
      await once(broken, 'connect');
      broken.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2)); // the second waits for the first
      broken.resetAndDestroy();
      target.child.kill('SIGTERM');
      // A stop that had to wait for the end of the grace period would say so on stderr.
      assert.deepEqual(await target.exited, { code: 0, stderr: '' });
    } finally {
      silent.destroy();
      target.child.kill('SIGKILL');
    }
  });

  test('wrong settings end it with 2 and one line that names them all, without secrets', async () => {
    const target = startTarget({ DATABASE_URL: 'oops://user:hidden-word@db', JWT_SECRET: 'short' }, [
      '--variant',
      'x',
    ]);
    assert.equal(await target.firstLine, undefined);
    const { code, stderr } = await target.exited;
    assert.equal(code, 2);
    const line = JSON.parse(stderr);
    for (const part of ['DATABASE_URL', 'JWT_SECRET', "got 'x'"]) assert.ok(line.error.includes(part), part);
    assert.doesNotMatch(stderr, /hidden-word|short/);
  });

  test('a port that is taken ends it with 1 and says so', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    try {
      const { port } = blocker.address() as { port: number };
      const target = startTarget({ ...env, PORT: String(port) });
      const { code, stderr } = await target.exited;
      assert.equal(code, 1);
      assert.equal(JSON.parse(stderr).code, 'EADDRINUSE');
    } finally {
      blocker.close();
    }
  });
});

/** A tap between real clients and a real server: it changes nothing, and it survives whatever happens on either side. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { openTap, type Tap } from '../../harness/capture/tap.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';
import { client as messages } from '../support/wire-builders.ts';

/** A connected client that does not mind when its server goes. */
async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  return client;
}

describe('a tap', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let tap: Tap;
  let url: string;

  before(async () => {
    server = await startTestServer();
    database = await createTestDatabase(server);
    tap = await openTap({ upstream: database.adminUrl });
    url = tap.urlFor(database.adminUrl);
  });

  after(async () => {
    await tap?.close();
    await database?.drop();
    await server?.release();
  });

  beforeEach(() => {
    tap.take();
  });

  const sessionsGone = async () => {
    while (tap.sessions() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  /** Resolves with the server process when this statement is being executed. */
  const runs = async (sql: string): Promise<number> => {
    for (;;) {
      const { rows } = await database.client.query<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = $1 AND state = 'active'",
        [sql],
      );
      if (rows[0]) return rows[0].pid;
    }
  };

  test('gives a URL that differs only in the way to the server', () => {
    const way = 'sslmode=verify-full&sslrootcert=/ca.pem&channel_binding=require';
    const given = new URL(
      tap.urlFor(`postgres://app:p%40ss@db.example:6432/name?${way}&application_name=web`),
    );
    assert.equal(
      given.href,
      `postgres://app:p%40ss@127.0.0.1:${tap.port}/name?application_name=web&sslmode=disable`,
    );
  });

  test('passes 10 MB on as they are, in both directions', async () => {
    // 10,000 rows of 32 × 32 letters.
    const sql =
      'COPY (SELECT i, repeat(md5(i::text), 32) FROM generate_series(1, 10000) i) TO STDOUT (FORMAT binary)';
    const digestThrough = async (connectionString: string) => {
      const client = await connect(connectionString);
      const out = client.query(copyStreams.to(sql));
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of out) {
        hash.update(chunk);
        bytes += chunk.length;
      }
      const text = 'é'.repeat(5_000_000); // 10 MB of UTF-8
      const { rows } = await client.query<{ md5: string }>('SELECT md5($1::text)', [text]);
      assert.equal(rows[0]?.md5, createHash('md5').update(text).digest('hex'));
      await client.end();
      return { bytes, digest: hash.digest('hex') };
    };
    const direct = await digestThrough(database.adminUrl);
    assert.deepEqual(await digestThrough(url), direct);
    assert.ok(direct.bytes > 10_000_000);
    await sessionsGone();
    assert.deepEqual(
      tap.take().statements.map(({ command, rows }) => [command, rows]),
      [
        ['COPY', 10_000],
        ['SELECT', 1],
      ],
    );
  });

  test('hears parameters exactly as they were sent', async () => {
    const client = await connect(url);
    const date = new Date('2026-03-02T08:00:00Z');
    await client.query(
      'SELECT $1::text, $2::int, $3::bytea, $4::timestamptz, $5::int[], $6::jsonb, $7::text',
      ["it's; $1 é\n", -7, Buffer.from([0, 1, 255]), date, [1, null], { a: 'b' }, null],
    );
    await client.end();
    await sessionsGone();
    const [statement] = tap.take().statements;
    const [text, number, bytes, time, list, json, nothing] = statement?.parameters ?? [];
    assert.deepEqual(
      [text, number, list, json, nothing],
      ["it's; $1 é\n", '-7', '{"1",NULL}', '{"a":"b"}', null],
    );
    assert.deepEqual(bytes, { binary: Uint8Array.from([0, 1, 255]) });
    assert.equal(new Date(time as string).getTime(), date.getTime());
  });

  test('tells sessions apart that talk at once, and numbers them as they connected', async () => {
    const clients = [await connect(url), await connect(url), await connect(url)];
    assert.equal(tap.sessions(), 3);
    const talk = async (client: pg.Client, one: number) => {
      for (let other = 0; other < 50; other++) await client.query('SELECT $1::int, $2::int', [one, other]);
    };
    await Promise.all(clients.map(talk));
    await tap.idle();
    const { statements, exchanges } = tap.take();
    const first = Math.min(...statements.map(({ session }) => session));
    for (const [place] of clients.entries()) {
      const heard = statements.filter(({ session }) => session === first + place);
      const sent = Array.from({ length: 50 }, (_, other) => [String(place), String(other)]);
      assert.deepEqual(
        heard.map(({ parameters }) => parameters),
        sent,
      );
      for (const { exchange, session } of heard) assert.equal(exchanges[exchange]?.session, session);
    }
    assert.deepEqual(tap.take(), { statements: [], exchanges: [], blindSpots: [] });
    await Promise.all(clients.map((client) => client.end()));
    await sessionsGone();
  });

  test('passes a cancellation on, on a connection of its own', async () => {
    const client = (await connect(url)) as pg.Client & { processID: number; secretKey: number };
    const sleeping = assert.rejects(client.query('SELECT pg_sleep(600)'), { code: '57014' });
    await runs('SELECT pg_sleep(600)');
    const canceller = net.connect(tap.port, '127.0.0.1');
    canceller.write(messages.special((1234 << 16) | 5678, client.processID, client.secretKey));
    await once(canceller.resume(), 'close');
    await sleeping;
    assert.equal(tap.sessions(), 1); // a cancellation is no session
    await client.end();
    await sessionsGone();
    const { statements, blindSpots } = tap.take();
    assert.deepEqual(
      statements.map(({ sqlState }) => sqlState),
      ['57014'],
    );
    assert.deepEqual(blindSpots, []);
  });

  test('says no to encryption, as a server without it does', async () => {
    const insisting = new pg.Client({ ...parts(url), ssl: true });
    await assert.rejects(insisting.connect(), /does not support SSL/);
    // The one that asks for GSS first, then for TLS, and is content without both (libpq with sslmode=prefer).
    const asking = net.connect(tap.port, '127.0.0.1');
    asking.write(messages.special((1234 << 16) | 5680));
    assert.deepEqual((await once(asking, 'data'))[0], Buffer.from('N'));
    asking.write(messages.special((1234 << 16) | 5679));
    assert.deepEqual((await once(asking, 'data'))[0], Buffer.from('N'));
    asking.write(messages.startup({ user: 'nobody', database: 'nothing' }));
    const [answer] = (await once(asking, 'data')) as [Buffer];
    assert.match(answer.toString('latin1'), /^[RE]/); // asks for a password or refuses the user: the server's own answer
    asking.destroy();
    await sessionsGone();
  });

  test('holds the server back when the client does not read', async () => {
    const client = await connect(url);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const out = client.query(
      copyStreams.to('COPY (SELECT repeat($$x$$, 1000000) FROM generate_series(1, 300)) TO STDOUT'),
    );
    await once(out, 'readable'); // it has begun; 300 MB would follow
    let waiting = 0;
    while (waiting < 10) {
      const { rows: states } = await database.client.query<{ state: string; wait_event: string | null }>(
        'SELECT state, wait_event FROM pg_stat_activity WHERE pid = $1',
        [rows[0]?.pid],
      );
      assert.equal(
        states[0]?.state,
        'active',
        'the server could send everything to a client that reads nothing',
      );
      waiting = states[0]?.wait_event === 'ClientWrite' ? waiting + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    let bytes = 0;
    for await (const chunk of out) bytes += chunk.length;
    assert.equal(bytes, 300 * 1_000_001); // each row ends with a line feed
    await client.end();
    await sessionsGone();
  });

  test('survives a client that breaks off in the middle of a statement, and says which session that was', async () => {
    const bystander = await connect(url);
    const client = await connect(url);
    const lost = assert.rejects(client.query('SELECT pg_sleep(0.3)'));
    await bystander.query('SELECT 1');
    await runs('SELECT pg_sleep(0.3)');
    (client as unknown as { connection: { stream: Socket } }).connection.stream.resetAndDestroy();
    await lost;
    while (tap.sessions() > 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await bystander.query('SELECT 2');
    await bystander.end();
    await sessionsGone();
    const { statements, exchanges, blindSpots } = tap.take();
    assert.deepEqual(
      statements.map(({ text }) => text),
      ['SELECT 1', 'SELECT 2'],
    );
    assert.equal(exchanges.length, 3);
    assert.match(blindSpots.join(), /^Session \d+ ended in the middle of a statement/);
  });

  test('passes on that the server ends a session', async () => {
    const client = await connect(url);
    const ended = assert.rejects(client.query('SELECT pg_sleep(600)'), { code: '57P01' });
    const pid = await runs('SELECT pg_sleep(600)');
    await database.client.query('SELECT pg_terminate_backend($1)', [pid]);
    await ended;
    await sessionsGone();
    assert.deepEqual(
      tap.take().statements.map(({ sqlState }) => sqlState),
      ['57P01'],
    );
  });

  test('tells a client when the server cannot be reached, and one that is lost from one moment to the next', async () => {
    const links = new Set<Socket>();
    const target = new URL(database.adminUrl);
    const [port, host] = [Number(target.port), target.hostname];
    const link = net.createServer((socket) => {
      const onward = net.connect(port, host);
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) links.add(end.on('error', () => {}));
    });
    await once(link.listen(0, '127.0.0.1'), 'listening');
    target.port = String((link.address() as AddressInfo).port);
    const other = await openTap({ upstream: target.href });
    try {
      const client = await connect(other.urlFor(target.href));
      const lost = assert.rejects(client.query('SELECT pg_sleep(0.3)'), /terminated|ECONNRESET/);
      for (const end of links) end.resetAndDestroy();
      await lost;
      await new Promise((resolve) => link.close(resolve));
      const refused = new pg.Client({ connectionString: other.urlFor(target.href) });
      await assert.rejects(refused.connect(), (error: pg.DatabaseError) => {
        assert.equal(error.code, '08001');
        assert.match(error.message, /the tap cannot reach the database at 127\.0\.0\.1:\d+/);
        return true;
      });
      assert.match(other.take().blindSpots.join(), /middle of a statement/);
    } finally {
      await other.close();
    }
  });

  test('ends the sessions that are open when it is closed', async () => {
    const other = await openTap({ upstream: database.adminUrl });
    const client = await connect(other.urlFor(database.adminUrl));
    const lost = new Promise((resolve) => client.once('end', resolve));
    await other.close();
    await lost;
    await assert.rejects(connect(other.urlFor(database.adminUrl)), { code: 'ECONNREFUSED' });
  });
});

/** Without the URL's sslmode, which would win over `ssl`. */
function parts(connectionUrl: string): pg.ClientConfig {
  const { hostname: host, port, username: user, password, pathname } = new URL(connectionUrl);
  return { host, port: Number(port), user, password, database: pathname.slice(1) };
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { HarnessError } from '../errors.ts';
import { dispatchClient } from './dispatch-client.ts';
import { exchange } from './service-client.ts';

const { signal } = new AbortController();

/** Takes requests and does with them what a test says; `fetch` and `http` are the real ones. */
let onRequest: (socket: Socket) => void = () => {};
const sockets = new Set<Socket>();
let server: Server;
let baseUrl: string;

before(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => onRequest(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** Both clients of the harness: the one of probes and the one of slices. */
const CLIENTS = {
  probe: (timeoutMs: number) => exchange(`${baseUrl}/run`, { method: 'POST', signal, timeoutMs }),
  slice: (timeoutMs: number) =>
    dispatchClient(baseUrl, new Map(), signal, timeoutMs).dispatch({ companyId: 1, day: '2026-01-05' }),
};

async function failureOf(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => assert.fail('it was answered'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof HarnessError, String(error));
  assert.equal(error.code, 'DISPATCH_FAILED');
  return error;
}

describe('a request that is not answered', () => {
  for (const [name, ask] of Object.entries(CLIENTS)) {
    test(`by a service that stands still ends at its limit, and says so (${name})`, async () => {
      onRequest = () => {};
      const error = await failureOf(ask(200));
      assert.match(
        error.message,
        /^POST \/\S* at 127\.0\.0\.1:\d+ was not answered: expected an answer within 0\.2 s\.$/,
      );
      assert.match(error.hint ?? '', /stuck or waits for its database/);
    });

    test(`because the connection was closed says that (${name})`, async () => {
      onRequest = (socket) => socket.destroy();
      const error = await failureOf(ask(60_000));
      assert.match(error.message, /was not answered: .*(other side closed|hang up|ECONNRESET)/);
    });

    test(`in the middle of its answer either (${name})`, async () => {
      onRequest = (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half');
        setImmediate(() => socket.destroy());
      };
      const error = await failureOf(ask(60_000));
      assert.match(error.message, /was not answered: /);
    });
  }

  test('because somebody pressed Ctrl-C is told as that', async () => {
    onRequest = () => {};
    const controller = new AbortController();
    const reason = new HarnessError('INTERRUPTED', 'Interrupted by SIGINT.');
    const asked = exchange(`${baseUrl}/run`, { method: 'POST', signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await assert.rejects(asked, reason);
  });
});

/**
 * A service that is not ours, in this process: real HTTP on a free port of 127.0.0.1, logged in by a token or a cookie. It keeps what
 * it was asked.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What no file may hold. */
export const SHOP_SECRET = 'a-password-that-no-file-may-hold';

export interface ShopFaults {
  /** Every so many requests are answered 429. */
  readonly limitsEvery?: number;
  /** Orders without an id. */
  readonly forgetsIds?: boolean;
  /** How long a plan is seen running. */
  readonly planMs?: number;
}

export interface ShopService {
  readonly url: string;
  /** Method, path and body of all but logins and polls. */
  readonly asked: string[];
  readonly tokens: string[];
  readonly planned: number[];
  close(): Promise<void>;
}

export async function startShop(faults: ShopFaults = {}): Promise<ShopService> {
  const asked: string[] = [];
  const tokens: string[] = [];
  const planned: number[] = [];
  const endsAt: number[] = [];
  let requests = 0;
  const answer = (line: string, body: Record<string, unknown>, headers: http.IncomingHttpHeaders) => {
    if (line === 'POST /login') {
      if (body.password !== SHOP_SECRET) return { status: 401, body: {} };
      const token = `token-${randomUUID()}`;
      tokens.push(token);
      return { status: 200, body: { session: { token } }, cookie: `sid=${token}; Path=/; HttpOnly` };
    }
    const shown =
      headers.authorization?.replace('Bearer ', '') ?? /sid=([^;]+)/.exec(headers.cookie ?? '')?.[1];
    if (shown === undefined || !tokens.includes(shown)) return { status: 401, body: {} };
    if (line.startsWith('GET /plans/')) {
      const done = performance.now() >= (endsAt[Number(line.split('/')[2])] ?? 0);
      return { status: 200, body: { plan: { state: done ? 'done' : 'busy' } } };
    }
    asked.push(`${line} ${JSON.stringify(body)}`);
    requests += 1;
    if (faults.limitsEvery !== undefined && requests % faults.limitsEvery === 0)
      return { status: 429, body: {} };
    if (line === 'POST /plans') {
      planned.push(Number(body.depot));
      endsAt.push(performance.now() + (faults.planMs ?? 0));
      return { status: 202, body: { plan: { id: endsAt.length - 1 } } };
    }
    if (line.startsWith('GET /orders?')) {
      return { status: 200, body: { items: faults.forgetsIds ? [{}] : [{ id: 41 }, { id: 42 }] } };
    }
    if (/^(GET|PATCH) \/orders\/\d+$/.test(line)) return { status: 200, body: { id: 41 } };
    return { status: 404, body: {} };
  };
  const server = http.createServer(async (request, response) => {
    const text: Buffer[] = [];
    for await (const chunk of request) text.push(chunk);
    const body = text.length === 0 ? {} : JSON.parse(Buffer.concat(text).toString());
    const given = answer(`${request.method} ${request.url}`, body, request.headers);
    response.writeHead(given.status, {
      'content-type': 'application/json',
      ...(given.cookie === undefined ? {} : { 'set-cookie': given.cookie }),
    });
    response.end(JSON.stringify(given.body));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, asked, tokens, planned },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

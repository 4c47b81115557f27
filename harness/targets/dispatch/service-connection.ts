import http from 'node:http';
import https from 'node:https';
import { messageOf } from '../../errors.ts';
import type { FilledRequest } from '../placeholders.ts';

/** A request that was answered, whatever the status. Times are of `performance.now()`. */
export interface Exchange {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly sentAt: number;
  /** The last byte of the answer. */
  readonly endedAt: number;
}

/** A request that was sent and got no whole answer. */
export class LostAnswer extends Error {
  readonly sentAt: number;
  readonly endedAt: number;
  /** The time given to it is over; otherwise the connection broke. */
  readonly timedOut: boolean;
  /** It was sent on a socket that had been idle, which the service may have closed that very moment. */
  readonly onIdleSocket: boolean;

  constructor(reason: string, at: Pick<LostAnswer, 'sentAt' | 'timedOut' | 'onIdleSocket'>) {
    super(reason);
    this.sentAt = at.sentAt;
    this.endedAt = performance.now();
    this.timedOut = at.timedOut;
    this.onIdleSocket = at.onIdleSocket;
  }
}

export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ServiceConnection {
  readonly baseUrl: string;
  /** @throws LostAnswer, or the signal's reason */
  send(request: FilledRequest, options: SendOptions): Promise<Exchange>;
  close(): void;
}

/**
 * One socket to a service, kept open: no dispatch pays for a handshake. Not `fetch`, whose streams and promises cost up to a
 * millisecond a request, and not the same one each time.
 */
export function connectService(baseUrl: string): ServiceConnection {
  const isSecure = baseUrl.startsWith('https:');
  const agent = new (isSecure ? https : http).Agent({ keepAlive: true, maxSockets: 1 });
  return {
    baseUrl,
    send: (request, options) =>
      exchange(
        isSecure ? https.request : http.request,
        agent,
        new URL(request.path, baseUrl),
        request,
        options,
      ),
    close: () => agent.destroy(),
  };
}

function exchange(
  open: typeof http.request,
  agent: http.Agent,
  url: URL,
  { method, headers, body }: FilledRequest,
  options: SendOptions,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    let timedOut = false;
    const request = open(
      url,
      { method, agent, signal: options.signal, headers: { ...headers, ...options.headers, ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          const endedAt = performance.now();
          clearTimeout(timer);
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, sentAt, endedAt });
        });
      },
    );
    const fail = (error: unknown) => {
      clearTimeout(timer);
      if (options.signal.aborted) return reject(options.signal.reason);
      const onIdleSocket = request.reusedSocket && !timedOut;
      reject(new LostAnswer(messageOf(error), { sentAt, timedOut, onIdleSocket }));
    };
    const timer = setTimeout(() => {
      timedOut = true;
      request.destroy(new Error(`no answer within ${options.timeoutMs / 1000} s`));
    }, options.timeoutMs);
    request.on('error', fail);
    const sentAt = performance.now();
    request.end(body);
  });
}

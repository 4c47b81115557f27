/**
 * One connection of autocannon, watched: when each request was sent, how it ended. Needed because autocannon counts
 * nothing when the server closes a connection with a request in flight: it keeps the lost request in its queue, so each
 * later answer on that connection is taken for an earlier request, with that one's start time (lib/httpClient.js, `end`).
 */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { RequestEnd } from './load-tally.ts';

/** The parts of autocannon's Client that are no public interface (9.0.0). */
export interface ConnectionInternals extends EventEmitter {
  readonly pipelinedRequests: { size(): number; clear(): void };
  readonly parser: { initialize(type: 'RESPONSE'): void };
  readonly conn: Socket | undefined;
}

export interface ConnectionEvents {
  /** Called in the course of sending. */
  sent(): void;
  answered(sentAtMs: number, durationMs: number): void;
  /** No answer: the connection broke or the time was up. */
  unanswered(sentAtMs: number, durationMs: number, end: Extract<RequestEnd, 'lost' | 'timeout'>): void;
  /** A request was under way when the connection was closed for good. */
  leftInFlight(sentAtMs: number, durationMs: number): void;
  connectionError(error: Error): void;
}

/** To be called from autocannon's `setupClient`, before the first request. One request at a time (pipelining 1). */
export function watchConnection(
  client: ConnectionInternals,
  timeoutMs: number,
  events: ConnectionEvents,
): void {
  let sentAtMs = 0;
  let socket: Socket | undefined;
  const sinceSent = () => performance.now() - sentAtMs;

  client.on('request', () => {
    if (client.pipelinedRequests.size() > 0) {
      client.pipelinedRequests.clear();
      events.unanswered(sentAtMs, sinceSent(), 'lost');
    }
    if (client.conn !== socket) {
      abandon(socket);
      client.parser.initialize('RESPONSE'); // it may stand in the middle of an answer that never ended
      socket = client.conn;
    }
    sentAtMs = performance.now();
    events.sent();
  });
  client.on('response', (_status: number, _bytes: number, durationMs: number) => {
    events.answered(sentAtMs, durationMs);
  });
  // By now autocannon has connected anew and sent the next request.
  client.on('timeout', () => events.unanswered(performance.now() - timeoutMs, timeoutMs, 'timeout'));
  client.on('connError', (error: Error) => events.connectionError(error));
  client.on('done', () => {
    if (client.pipelinedRequests.size() > 0) events.leftInFlight(sentAtMs, sinceSent());
  });
}

/** An old socket may still fail, and autocannon would open yet another connection for that. */
function abandon(socket: Socket | undefined): void {
  socket?.removeAllListeners('error');
  socket?.removeAllListeners('end');
  socket?.removeAllListeners('data');
  socket?.on('error', () => {});
  socket?.destroy();
}

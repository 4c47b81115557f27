import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paceService, retryAfterMs, waitForTurnMs } from './rate-limit.ts';
import type { Exchange, ServiceConnection } from './service-connection.ts';

/** A connection that gives these answers, one after another. */
function scripted(
  statuses: readonly number[],
  retryAfter: string,
): { connection: ServiceConnection; left: number[] } {
  const left = [...statuses];
  const send = async (): Promise<Exchange> => {
    const sentAt = performance.now();
    const headers = { 'retry-after': retryAfter };
    return { status: left.shift() ?? 500, headers, text: '', sentAt, endedAt: performance.now() };
  };
  return { connection: { baseUrl: 'http://127.0.0.1', send, close: () => {} }, left };
}

const REQUEST = { method: 'POST', path: '/plans?secret=1', headers: {} };
const OPTIONS = {
  headers: {},
  timeoutMs: 1,
  signal: new AbortController().signal,
  remedy: 'dispatch.pauseMs',
};

test('a 429 is asked again, the last answer counts, and it is told once without the query', async () => {
  const told = new Map<string, string>();
  const { connection, left } = scripted([429, 429, 200], '0');
  const service = paceService(connection, undefined, { tell: (kind, sentence) => told.set(kind, sentence) });
  const answer = await service.send(REQUEST, OPTIONS);
  assert.equal(answer.status, 200);
  assert.deepEqual(left, []);
  assert.equal(told.size, 1);
  assert.match([...told.values()].join(), /^POST \/plans was answered 429.*Set dispatch\.pauseMs\.$/);
});

test('a service that wants more patience than there is has its 429', async () => {
  const { connection, left } = scripted([429, 200], '3600');
  const answer = await paceService(connection, undefined, { tell: () => {} }).send(REQUEST, OPTIONS);
  assert.equal(answer.status, 429);
  assert.deepEqual(left, [200]);
});

test('requests are apart by what the service takes in a second', () => {
  assert.equal(waitForTurnMs(1_000, 1_030, 10), 70); // 10 a second are 100 ms apart
  assert.equal(waitForTurnMs(1_000, 1_200, 10), 0);
  assert.equal(waitForTurnMs(Number.NEGATIVE_INFINITY, 5, 10), 0);
  assert.equal(waitForTurnMs(1_000, 1_000, undefined), 0);
});

test('Retry-After is seconds or a date, and at least 50 ms', () => {
  const nowMs = Date.parse('2026-01-05T00:00:00Z');
  assert.equal(retryAfterMs('3', nowMs), 3_000);
  assert.equal(retryAfterMs('Mon, 05 Jan 2026 00:00:07 GMT', nowMs), 7_000);
  assert.equal(retryAfterMs('Sun, 04 Jan 2026 00:00:00 GMT', nowMs), 50);
  assert.equal(retryAfterMs('soon', nowMs), null);
  assert.equal(retryAfterMs(undefined, nowMs), null);
});

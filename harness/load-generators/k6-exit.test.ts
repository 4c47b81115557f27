import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type K6End, k6Failure } from './k6-exit.ts';

const end = (overrides: Partial<K6End>): K6End => ({
  exitCode: 0,
  signal: null,
  stoppedByUs: false,
  lastError: null,
  logFile: '/run/k6-log.jsonl',
  ...overrides,
});

test('a run to the end and a run that we stopped count', () => {
  assert.equal(k6Failure(end({})), null);
  assert.equal(k6Failure(end({ exitCode: 105, stoppedByUs: true })), null);
  assert.equal(k6Failure(end({ exitCode: null, signal: 'SIGKILL', stoppedByUs: true })), null);
});

test('every other exit is an error with what k6 said last and where its messages are', () => {
  const failure = k6Failure(end({ exitCode: 107, lastError: 'Login of company 1 failed' }));
  assert.equal(failure?.code, 'LOAD_GENERATOR_FAILED');
  assert.equal(failure?.message, 'k6 could not run the script (exit code 107): Login of company 1 failed');
  assert.match(failure?.hint ?? '', /\/run\/k6-log\.jsonl/);
});

test('each documented exit code says something of its own, an unknown one does not pass for success', () => {
  const codes = [99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 255];
  const messages = codes.map((exitCode) => k6Failure(end({ exitCode }))?.message ?? '');
  assert.equal(new Set(messages.map((message) => message.replace(/\d+/, ''))).size, codes.length);
  assert.match(k6Failure(end({ exitCode: 3 }))?.message ?? '', /ended unexpectedly \(exit code 3\)/);
});

test('a signal that somebody else sent is an error', () => {
  assert.match(k6Failure(end({ exitCode: 105 }))?.message ?? '', /a signal that rushhour did not send/);
  const killed = k6Failure(end({ exitCode: null, signal: 'SIGKILL' }));
  assert.match(killed?.message ?? '', /signal SIGKILL/);
});

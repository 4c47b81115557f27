import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RequestEnds } from '../load-generators/request-ends.ts';
import { ErrorBrake } from './error-brake.ts';

const HALF = { ratio: 0.5, countsTimeouts: true };

function ends(counts: Partial<RequestEnds>): RequestEnds {
  return { target: null, requests: 0, errors: 0, timeouts: 0, ...counts };
}

describe('a load whose requests fail', () => {
  test('is ended when more than the share of the last ten seconds has failed, and says so with numbers', () => {
    const brake = new ErrorBrake(HALF);
    assert.equal(brake.take(0, [ends({ requests: 20, errors: 10 })]), null); // half is not more than half
    const error = brake.take(1_000, [ends({ requests: 4, errors: 3 })]);
    assert.equal(error?.code, 'LOAD_BRAKED');
    assert.equal(
      error?.message,
      'The load was ended: of the last 24 requests to the service, within 10 s, 13 failed (54 %); expected at most 50 %.',
    );
  });

  test('is judged by what ended within ten seconds: a good start does not cover for what fails now', () => {
    const brake = new ErrorBrake(HALF);
    assert.equal(brake.take(0, [ends({ requests: 1_000 })]), null);
    assert.equal(brake.take(9_999, [ends({ requests: 20, errors: 20 })]), null);
    assert.match(brake.take(10_000, [ends({ requests: 1 })])?.message ?? '', /last 21 requests .* 20 failed/);
  });

  test('goes on while there are too few requests for a share', () => {
    const brake = new ErrorBrake(HALF);
    assert.equal(brake.take(0, [ends({ requests: 19, errors: 19 })]), null);
    assert.notEqual(brake.take(1, [ends({ requests: 1 })]), null);
  });

  test('goes on whatever fails where the share is 1', () => {
    const brake = new ErrorBrake({ ratio: 1, countsTimeouts: true });
    assert.equal(brake.take(0, [ends({ requests: 100, errors: 60, timeouts: 40 })]), null);
  });

  test('is ended by timeouts too, but not where the rate goes past the limit on purpose', () => {
    const slow = [ends({ requests: 30, timeouts: 30 })];
    assert.notEqual(new ErrorBrake(HALF).take(0, slow), null);
    assert.equal(new ErrorBrake({ ratio: 0.9, countsTimeouts: false }).take(0, slow), null);
  });

  test('of a pair is judged by each service alone', () => {
    const brake = new ErrorBrake(HALF);
    const error = brake.take(0, [
      ends({ target: 'baseline', requests: 100 }),
      ends({ target: 'optimised', requests: 40, errors: 30 }),
    ]);
    assert.match(error?.message ?? '', /of the last 40 requests to the service of optimised,/);
  });
});

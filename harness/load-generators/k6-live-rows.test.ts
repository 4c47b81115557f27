import assert from 'node:assert/strict';
import { test } from 'node:test';
import { K6LiveRows } from './k6-live-rows.ts';

const TEXT = [
  'metric_name,timestamp,metric_value,name\n',
  'http_req_duration,1,10,GET /bookings\n',
  'http_req_duration_of_mine,1,10,GET /bookings\n', // begins as a wanted one does
  'http_req_blocked,1,0,GET /bookings\n',
  'mismatches,2,1\n', // a cell short
  'mismatches,3,1,"GET /bookings/:id, later"\n',
  'http_req_duration,4,1', // no line yet
].join('');

test('rows of the wanted metrics are handed over once and whole, wherever the pieces end', () => {
  for (const length of [1, 7, 4096]) {
    const reader = new K6LiveRows(['http_req_duration', 'mismatches']);
    const rows = [];
    for (let at = 0; at < TEXT.length; at += length) rows.push(...reader.take(TEXT.slice(at, at + length)));
    assert.deepEqual(
      rows.map((row) => [...row.values()].join(' ')),
      ['http_req_duration 1 10 GET /bookings', 'mismatches 3 1 GET /bookings/:id, later'],
    );
  }
});

test('a row whose end comes later is handed over then', () => {
  const reader = new K6LiveRows(['http_req_duration']);
  reader.take(TEXT);
  const [row] = reader.take('2,GET /drivers\n'); // 1 was there: 12
  assert.equal(row?.get('metric_value'), '12');
});

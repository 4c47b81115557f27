import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldIds, readScriptSamples } from './k6-script-samples.ts';

test('numbers and UUIDs of an address are folded, and its query is left out', () => {
  assert.equal(foldIds('http://127.0.0.1:8080/orders/17/lines/3?token=x'), '/orders/{id}/lines/{id}');
  assert.equal(foldIds('https://a.test/p/7F9C24E8-3B12-4FEF-91E0-56A2D5A1B2C3'), '/p/{id}');
  assert.equal(foldIds('http://127.0.0.1/v2/2026-03-02'), '/v2/2026-03-02');
  assert.equal(foldIds('http://127.0.0.1:1'), '/');
});

const HEADER = 'metric_name,timestamp,metric_value,name,scenario,status,expected_response,error_code,method';
const row = (metric: string, value: number, name = '', status = '', scenario = 'default') =>
  `${metric},1000000,${value},${name},${scenario},${status},${status === '200'},,GET`;

test('requests are told by the name that the script gave, else by address; setup counts nowhere', async () => {
  const samples = await readScriptSamples([
    HEADER,
    row('http_req_duration', 5, 'http://h/login', '200', ''),
    row('http_req_duration', 5, 'my page', '200'),
    row('http_req_blocked', 1, 'my page', '200'),
    row('http_req_duration', 7, 'http://h/orders/1', '429'),
    row('http_req_duration', 9, 'http://h/orders/2', '200'),
    row('checks', 1),
    row('checks', 0),
    row('iterations', 1),
    row('dropped_iterations', 2),
  ]);
  const { endpoints, errors } = samples.tally.finish([]);
  assert.deepEqual(
    endpoints.map(({ endpoint, requests, rateLimited = 0 }) => [endpoint, requests, rateLimited]),
    [
      ['my page', 1, 0],
      ['GET /orders/{id}', 2, 1],
    ],
  );
  assert.equal(errors, 0);
  assert.deepEqual([samples.iterations, samples.dropped, samples.checks], [1, 2, { made: 2, failed: 1 }]);
});

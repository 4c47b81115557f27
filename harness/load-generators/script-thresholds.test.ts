import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScriptThresholds } from './script-thresholds.ts';

test('what k6 exports becomes limits, measured values and who failed: there, true means failed', () => {
  const text = JSON.stringify({
    metrics: {
      http_req_duration: { 'p(95)': 12.5, avg: 3, thresholds: { 'p(95)<10': true, 'p(98)<99': false } },
      checks: { passes: 9, fails: 1, value: 0.9, thresholds: { 'rate>0.95': true } },
      http_reqs: { count: 40, rate: 2, thresholds: { 'count >= 10': false } },
      vus: { value: 1 },
    },
  });
  assert.deepEqual(readScriptThresholds(text), [
    { name: 'http_req_duration: p(95)<10', unit: 'ms', limit: 10, measured: 12.5, passed: false },
    { name: 'http_req_duration: p(98)<99', unit: 'ms', limit: 99, measured: null, passed: true },
    { name: 'checks: rate>0.95', unit: 'ratio', limit: 0.95, measured: 0.9, passed: false },
    { name: 'http_reqs: count >= 10', unit: 'count', limit: 10, measured: 40, passed: true },
  ]);
});

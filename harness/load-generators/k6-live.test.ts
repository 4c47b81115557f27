import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArrivalPlan, TrafficSchedule } from '../../scenarios/schedule.ts';
import { K6LiveSamples } from './k6-live.ts';
import { K6LiveRows } from './k6-live-rows.ts';

const HEADER = 'metric_name,timestamp,metric_value,error_code,expected_response,name,scenario,status\n';

const arrivals = (id: string, measured: boolean): ArrivalPlan => ({
  ...{ id, measured, kind: 'mix', label: id, startSeconds: 0, durationSeconds: 10, arrivals: 20 },
  ...{ periodSeconds: 0.5, firstIndex: 0, virtualUsers: 1, gracefulStopSeconds: 1 },
});
const step = arrivals('step-1', true);
const schedule: TrafficSchedule = {
  arrivals: [arrivals('warm-up', false), step],
  ...{ measureStartSeconds: 0, endSeconds: 10, notes: [] },
};

const row = (metric: string, second: number, value: number, scenario = 'step-1', status = 200) =>
  `${metric},${second * 1_000_000},${value},,${status === 200},GET /bookings,${scenario},${status}\n`;

test('the warm-up is in no count, a wrong status is an error, and the pieces may end anywhere', () => {
  const text = [
    HEADER,
    row('http_req_duration', 1, 500, 'warm-up'),
    row('iterations_started', 2, 1),
    row('http_req_duration', 2, 10),
    row('http_req_blocked', 2, 1),
    row('iterations_started', 2.5, 1),
    row('http_req_duration', 2.5, 10, 'step-1', 500),
    row('iterations_started', 3, 1),
    row('dropped_iterations', 3.5, 2),
  ].join('');
  for (const length of [1, 7, 4096]) {
    const samples = new K6LiveSamples(schedule);
    const rows = new K6LiveRows(K6LiveSamples.METRICS);
    for (let at = 0; at < text.length; at += length)
      for (const row of rows.take(text.slice(at, at + length))) samples.take(row);
    const { traffic, achievedPerSecond } = samples.reading(step);
    assert.deepEqual(
      { ...traffic, p50Ms: 0, p95Ms: 0 },
      { requests: 2, errors: 1, dropped: 2, p50Ms: 0, p95Ms: 0 },
    );
    assert.equal(achievedPerSecond, 2); // two periods between three arrivals in one second
  }
});

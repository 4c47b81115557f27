import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildLoadReport } from '../../test/support/load-builders.ts';
import type { LoadReport, RunRecord } from '../result.ts';
import { LOAD_GATE, loadMetrics } from './load-metrics.ts';

const shape = { variant: 'baseline', scenario: 'load', pair: 1, slot: 1 };
const report = (generator: 'k6' | 'autocannon', overrides: Partial<LoadReport> = {}) =>
  buildLoadReport({ ...shape, generator }, overrides);

const runOf = (...reports: LoadReport[]) =>
  ({ loads: reports.map((one) => ({ report: one })) }) as unknown as RunRecord;

const example = runOf(report('k6'), report('autocannon'));
const metricOf = (name: string) => {
  const found = loadMetrics(example).find(({ metric }) => metric === name);
  assert.ok(found, name);
  return found;
};

test('the gate is three metrics that a load of k6 and autocannon has', () => {
  assert.equal(LOAD_GATE.length, 3);
  const gates = loadMetrics(example).filter(({ metric }) => LOAD_GATE.includes(metric));
  assert.deepEqual(gates.map(({ metric }) => metric).sort(), [...LOAD_GATE].sort());
  for (const gate of gates) {
    assert.ok((gate.of(example) ?? 0) > 0, gate.metric);
    assert.equal(gate.flaw(example), null);
  }
});

test('names are unique', () => {
  const names = loadMetrics(example).map(({ metric }) => metric);
  assert.equal(new Set(names).size, names.length);
});

test('tails need 200 requests for a p95 and 1000 for a p99, medians none', () => {
  const bookings = 'GET /api/v1/bookings';
  const withRequests = (requests: number) => {
    const { endpoints } = report('k6');
    return runOf(
      report('k6', {
        endpoints: endpoints.map((load) => (load.endpoint === bookings ? { ...load, requests } : load)),
      }),
    );
  };
  const flaw = (quantile: string, requests: number) =>
    metricOf(`${bookings} ${quantile}`).flaw(withRequests(requests));
  assert.deepEqual([flaw('p50', 1), flaw('p95', 200), flaw('p99', 1_000)], [null, null, null]);
  assert.equal(flaw('p95', 199), '199 requests are too few for a p95, it takes 200');
  assert.equal(flaw('p99', 999), '999 requests are too few for a p99, it takes 1000');
});

test('a load that lost arrivals or dispatches is flawed in all its metrics, the other load is not', () => {
  const dispatches = { ...report('k6').dispatches, started: 3, completed: 2 };
  for (const overrides of [{ droppedIterations: 1 }, { errors: 1 }, { dispatches }]) {
    const run = runOf(report('k6', overrides), report('autocannon'));
    assert.notEqual(metricOf('dispatch under load, median').flaw(run), null);
    assert.notEqual(metricOf('GET /api/v1/bookings p50').flaw(run), null);
    assert.equal(metricOf('GET /api/v1/bookings capacity').flaw(run), null);
  }
});

test('capacity is the most that any number of connections reached', () => {
  const [phase] = report('autocannon').phases;
  assert.ok(phase);
  const endpoint = 'GET /api/v1/bookings';
  const phases = [30, 50, 40].map((throughputPerSecond, index) => ({
    ...phase,
    endpoint,
    name: `${index}`,
    throughputPerSecond,
  }));
  assert.equal(metricOf(`${endpoint} capacity`).of(runOf(report('autocannon', { phases }))), 50);
});

test('a run without load has no metrics, and its values are not measured', () => {
  assert.deepEqual(loadMetrics(runOf()), []);
  const metric = metricOf('GET /api/v1/bookings capacity');
  assert.deepEqual([metric.of(runOf()), metric.flaw(runOf())], [null, 'not measured']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CapacityLevel } from '../../scenarios/capacity.ts';
import { LoadReport } from '../result.ts';
import type { ProbeSample } from './autocannon-samples.ts';
import { buildCapacityReport, type CapacityEvidence, measureSlices, slicesCsv } from './capacity-report.ts';

const BOOKINGS = 'GET /api/v1/bookings';
const LEVEL = `${BOOKINGS} × 2 connections`;

/** `requests` one after the other, each of `durationMs`, the first sent at `fromMs`. */
function sliceOf(
  name: string,
  fromMs: number,
  requests: number,
  durationMs: number,
): [string, ProbeSample[]] {
  const samples = Array.from({ length: requests }, (_, index) => ({
    level: name,
    endpoint: BOOKINGS,
    sentAtMs: fromMs + index * durationMs,
    durationMs,
    end: 'ok' as const,
  }));
  return [name, samples];
}

/** a, b, b, a; the second slice of a was ten times as slow as the first. */
function evidence(overrides: Partial<CapacityEvidence> = {}): CapacityEvidence {
  const slices = [
    { name: 'a1', target: 0, round: 0 },
    { name: 'b1', target: 1, round: 0 },
    { name: 'b2', target: 1, round: 1 },
    { name: 'a2', target: 0, round: 1 },
    { name: 'a3', target: 0, round: 2 },
    { name: 'b3', target: 1, round: 2 },
  ];
  const level: CapacityLevel = {
    name: LEVEL,
    endpoint: 'listBookings',
    endpointName: BOOKINGS,
    connections: 2,
    timeoutSeconds: 10,
    sliceSeconds: 1,
    slices,
  };
  return {
    levels: [level],
    variants: ['a', 'b'],
    version: '9.0.0',
    samples: new Map([
      sliceOf('a1', 0, 10, 10),
      sliceOf('b1', 1_000, 10, 20),
      sliceOf('b2', 2_000, 10, 20),
      sliceOf('a2', 3_000, 10, 100),
      sliceOf('a3', 5_000, 10, 12.5),
      sliceOf('b3', 6_000, 10, 25),
    ]),
    accounts: [],
    interrupted: false,
    files: ['samples'],
    ...overrides,
  };
}

test('a level is one phase of each variant, with the throughput of its median slice', () => {
  const report = LoadReport.parse(buildCapacityReport(evidence(), 'a'));
  const [phase] = report.phases;
  assert.equal(report.phases.length, 1);
  assert.deepEqual([phase?.name, phase?.endpoint, phase?.concurrency], [LEVEL, BOOKINGS, 2]);
  assert.equal(phase?.requests, 30);
  assert.equal(phase?.throughputPerSecond, 80); // 100, 10 and 80 a second
  assert.equal(phase?.durationSeconds, 1.225); // 0.1 + 1 + 0.125, not the time of the slices of b
});

test('requests of the other variant are in no number', () => {
  const { requests, endpoints, phases } = buildCapacityReport(evidence(), 'b');
  assert.equal(requests, 30);
  assert.equal(endpoints[0]?.latency?.maxMs, 25);
  assert.equal(phases[0]?.throughputPerSecond, 50); // 50, 50 and 40 a second
});

test('a failed request is an error, and no throughput', () => {
  const samples = new Map(evidence().samples);
  const slow = samples.get('a2') ?? [];
  samples.set(
    'a2',
    slow.map((sample) => ({ ...sample, end: 'wrong-status' as const })),
  );
  const report = buildCapacityReport(evidence({ samples }), 'a');
  assert.equal(report.errors, 10);
  assert.equal(report.phases[0]?.throughputPerSecond, 80); // 100, 0 and 80
});

test('slices keep the order they ran in, and are written down one by one', () => {
  const slices = measureSlices(evidence());
  assert.deepEqual(
    slices.map(({ variant, slice, position }) => `${position} ${variant}${slice}`),
    ['1 a1', '2 b1', '3 b2', '4 a2', '5 a3', '6 b3'],
  );
  const [header, first] = slicesCsv(slices).split('\n');
  assert.equal(header?.split(',').length, 9);
  assert.equal(first, `a,${BOOKINGS},2,1,1,10,0,100.000,100.000`);
});

test('a level that measured nothing is no phase, and a stop is told', () => {
  const { phases, warnings } = buildCapacityReport(evidence({ samples: new Map(), interrupted: true }), 'a');
  assert.deepEqual(phases, []);
  assert.match(warnings.join('\n'), /stopped before its end/);
});

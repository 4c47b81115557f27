import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeLevel } from '../../scenarios/probe-levels.ts';
import { LoadReport } from '../result.ts';
import type { LevelAccount } from './autocannon-job.ts';
import { buildProbeReport, type ProbeEvidence } from './autocannon-report.ts';
import { readProbeSamples, toCsvLine } from './autocannon-samples.ts';

const BOOKINGS = 'GET /api/v1/bookings';
const level = (connections: number): ProbeLevel => ({
  name: `${BOOKINGS} × ${connections}`,
  endpoint: 'listBookings',
  endpointName: BOOKINGS,
  connections,
  timeoutSeconds: 10,
  length: { requests: 2 * connections },
  companyDays: [],
});
const account = (overrides: Partial<LevelAccount> = {}): LevelAccount => ({
  name: `${BOOKINGS} × 1`,
  sent: 2,
  answered: 2,
  timedOut: 0,
  lost: 0,
  inFlightAtStop: 0,
  lastConnectionError: null,
  gaveUp: false,
  ...overrides,
});

async function evidence(overrides: Partial<ProbeEvidence> = {}): Promise<ProbeEvidence> {
  const lines = [0, 10].map((sentAtMs) =>
    toCsvLine({ level: `${BOOKINGS} × 1`, endpoint: BOOKINGS, sentAtMs, durationMs: 10, end: 'ok' }),
  );
  return {
    schedule: { levels: [level(1), level(4)], notes: [] },
    version: '9.0.0',
    samples: await readProbeSamples(lines, 'dispatch'),
    accounts: [account()],
    interrupted: false,
    files: ['samples'],
    ...overrides,
  };
}

test('a report has the published shape; a level that measured nothing is no phase', async () => {
  const report = LoadReport.parse(buildProbeReport(await evidence()));
  assert.equal(report.model, 'closed');
  assert.deepEqual(report.phases, [
    {
      name: `${BOOKINGS} × 1`,
      startSecond: 0,
      durationSeconds: 0.02,
      targetRatePerSecond: null,
      concurrency: 1,
      endpoint: BOOKINGS,
      requests: 2,
      errors: 0,
      throughputPerSecond: 100, // 2 in 20 ms
      p50Ms: 10,
      p95Ms: 10,
    },
  ]);
  assert.deepEqual(report.warnings, []);
});

test('a connection that broke is told with the number of requests and the reason', async () => {
  const broken = account({ sent: 5, answered: 3, lost: 2, lastConnectionError: 'read ECONNRESET' });
  const { warnings } = buildProbeReport(await evidence({ accounts: [broken] }));
  assert.deepEqual(warnings, [
    `${BOOKINGS} × 1: 2 of 5 requests got no answer, their connection broke (read ECONNRESET)`,
  ]);
});

test('requests that nobody can account for make the latencies untrustworthy', async () => {
  const { warnings } = buildProbeReport(await evidence({ accounts: [account({ sent: 4 })] }));
  assert.match(warnings.join('\n'), /4 requests were sent, but 2 are accounted for; do not trust/);
});

test('requests in flight are cut-off iterations of a run that was stopped, and the usual end of one that was not', async () => {
  const accounts = [account({ sent: 5, inFlightAtStop: 3 })];
  assert.equal(buildProbeReport(await evidence({ accounts })).interruptedIterations, 0);
  const stopped = buildProbeReport(await evidence({ accounts, interrupted: true }));
  assert.equal(stopped.interruptedIterations, 3);
  assert.match(stopped.warnings.join('\n'), /stopped before its end/);
});

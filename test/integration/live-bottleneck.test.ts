import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, type TestContext, test } from 'node:test';
import { withBottleneck, withLiveLoad } from '../../harness/live/live-load.ts';
import type { LiveReading } from '../../harness/live/live-reading.ts';
import { k6Generator } from '../../harness/load-generators/k6.ts';
import { findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import type { EndpointPlan } from '../../scenarios/endpoint-traffic.ts';
import { scratchFolder } from '../support/command.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';

const SERVICE = path.resolve(import.meta.dirname, '../support/paced-service.mjs');

let own: OwnServer;
before(async () => {
  own = await startOwnServer();
});
after(() => own.remove());

async function startService(t: TestContext, pace: { waitMs: number; busyMs: number }) {
  const child = spawn(process.execPath, [SERVICE, String(pace.waitMs), String(pace.busyMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const [port] = await once(createInterface(child.stdout), 'line');
  return { url: `http://127.0.0.1:${port}`, pid: child.pid as number };
}

/** Visits at a rate that finds all 300 VUs of a step taken when an answer takes longer than 300 ÷ the rate. */
function visitsAt(baseUrl: string, ratePerSecond: number, seconds: number): EndpointPlan {
  return {
    ...{ kind: 'endpoints', scenario: 'visits', baseUrl },
    ...{ randomSeed: 1, durationFactor: 1, rateFactor: 1 },
    endpoints: {
      orders: {
        name: 'GET /orders',
        request: { method: 'GET', path: '/orders', headers: {} },
        expect: [],
        extract: {},
      },
    },
    visits: [{ weight: 1, endpoints: ['orders'] }],
    steps: [{ name: 'steady', ratePerSecond, seconds }],
    warmUpSeconds: 0,
    requestTimeoutSeconds: 20,
    dispatch: null,
    offers: [{}],
    identityOf: [0],
  };
}

/** What was told while k6 visits the service, and the warnings of its report. */
async function watched(t: TestContext, service: { url: string; pid: number }, plan: EndpointPlan) {
  const found = await findK6();
  if (!found.found) throw missingK6Error(found);
  const runFolder = await scratchFolder(t);
  const told: LiveReading[] = [];
  const { result, bottleneck } = await withLiveLoad(
    {
      ...{ server: own.server, generator: 'k6' },
      targets: [{ database: { oid: 0 }, service: { pids: [service.pid] } }],
      onReading: (reading) => told.push(reading),
    },
    (onProgress) =>
      k6Generator(found).run({
        ...{ plan, runFolder, loginPassword: '', onProgress },
        identities: [[{ headers: {}, values: {} }]],
        signal: new AbortController().signal,
      }),
  );
  return { told, report: withBottleneck(result.report, bottleneck) };
}

describe('who sets the pace', () => {
  test('where requests only wait and no VU is free, k6 is told to be the bottleneck, once it is known', async (t) => {
    const service = await startService(t, { waitMs: 5_000, busyMs: 0 });
    // 300 VUs ÷ 100/s: from the third second on arrivals find none, five seconds long.
    const { told, report } = await watched(t, service, visitsAt(service.url, 100, 8));
    const sentences = told.map(({ bottleneck }) => bottleneck ?? null);
    const known = sentences.findIndex((sentence) => sentence !== null);
    assert.ok(known >= 3, `after three readings with drops at the earliest: ${sentences}`);
    assert.match(sentences[known] ?? '', /^k6 is the bottleneck, not the service: arrivals found no free VU/);
    assert.equal(new Set(sentences.slice(known)).size, 1, 'the sentence stays as it was');
    assert.equal(report.warnings.filter((warning) => warning === sentences[known]).length, 1);
    assert.ok(report.droppedIterations > 0);
  });

  test('where the service computes all the time, drops are its own doing', async (t) => {
    const service = await startService(t, { waitMs: 0, busyMs: 50 });
    // 20 answers a second at the most: 80 of 100 arrivals wait, and after four seconds 300 do.
    const { told, report } = await watched(t, service, visitsAt(service.url, 100, 8));
    assert.ok(report.droppedIterations > 0);
    assert.deepEqual([...new Set(told.map(({ bottleneck }) => bottleneck ?? null))], [null]);
    assert.ok(report.warnings.every((warning) => !warning.includes('is the bottleneck')));
  });
});

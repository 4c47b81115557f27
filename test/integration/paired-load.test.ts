import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { prepareDataset } from '../../harness/experiment/dataset.ts';
import { withFreshTarget } from '../../harness/experiment/fresh-target.ts';
import { LOAD_GATE, loadMetrics } from '../../harness/experiment/load-metrics.ts';
import { findPairFaults } from '../../harness/experiment/pair-faults.ts';
import { measurePairedLoad, type PairedTarget } from '../../harness/experiment/paired-load.ts';
import { pairedAutocannonGenerator } from '../../harness/load-generators/autocannon-paired.ts';
import { findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import { pairedK6Generator } from '../../harness/load-generators/k6-paired.ts';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import type { RunRecord } from '../../harness/result.ts';
import { referenceTarget } from '../../harness/targets/reference-target.ts';
import { referenceTraffic } from '../../harness/targets/reference-traffic.ts';
import { PROFILES } from '../../seed/profiles.ts';
import { scratchFolder } from '../support/command.ts';
import { startTestServer } from '../support/database.ts';

const { signal } = new AbortController();

/** Two services on two databases, of one dataset. */
async function withPair<T>(
  server: PostgresServer,
  work: (targets: PairedTarget[]) => Promise<T>,
): Promise<T> {
  const prepare = (indexes: boolean) =>
    prepareDataset(server, { shape: PROFILES.smoke, indexes, signal, onProgress: () => {} });
  const [plain, indexed] = [await prepare(false), await prepare(true)];
  const target = referenceTarget();
  const baseline = { server, target, template: plain.template, variant: 'baseline', signal };
  const optimised = { server, target, template: indexed.template, variant: 'optimised', signal };
  return withFreshTarget(baseline, (first) =>
    withFreshTarget(optimised, (second) =>
      work([
        { variant: 'baseline', target: first },
        { variant: 'optimised', target: second },
      ]),
    ),
  );
}

describe('the load part of a pair', { timeout: 900_000 }, () => {
  test('on real services both variants do the same, each is measured apart, and nothing is left behind', async (t) => {
    const folder = await scratchFolder(t);
    const k6 = await findK6();
    if (!k6.found) throw missingK6Error(k6);
    const server = await startTestServer();
    try {
      const pids: number[] = [];
      const names: string[] = [];
      const generators = [pairedK6Generator(k6), pairedAutocannonGenerator(2)];
      const traffic = {
        scenario: 'smoke',
        shape: PROFILES.smoke,
        durationFactor: 0.5,
        rateFactor: 4,
        randomSeed: 11,
      } as const;
      const loads = await withPair(server, (targets) => {
        for (const { target } of targets) {
          pids.push(...target.service.pids);
          names.push(target.database.name);
        }
        const options = { traffic: referenceTraffic({ ...traffic, offers: [] }), generators, folder, signal };
        return measurePairedLoad(server, targets, options);
      });

      assert.deepEqual([...loads.keys()], ['baseline', 'optimised']);
      assert.deepEqual(findPairFaults(loads), []);
      const [baseline = [], optimised = []] = loads.values();
      const requests = (own: typeof baseline) =>
        Object.fromEntries(
          (own[0]?.report.endpoints ?? []).map(({ endpoint, requests: count }) => [endpoint, count]),
        );
      assert.deepEqual(requests(baseline), requests(optimised));
      assert.ok(Object.keys(requests(baseline)).length >= 11, 'every endpoint of the mix and of a dispatch');
      // 2/s × 4 for 6 s × 0.5, half of it to each variant
      assert.equal(baseline[0]?.report.phases[0]?.targetRatePerSecond, 4);
      for (const own of [baseline, optimised]) {
        assert.deepEqual(
          own.map(({ report }) => [report.generator, report.model, report.errors, report.droppedIterations]),
          [
            ['k6', 'open', 0, 0],
            ['autocannon', 'closed', 0, 0],
          ],
        );
        assert.equal(own[0]?.report.dispatches.completed, 3); // at 0, 1 and 2 s
        for (const { report, cpu, database } of own) {
          assert.deepEqual(report.warnings, []);
          assert.equal(cpu.postgresMs, null);
          assert.ok((database?.queries ?? 0) >= report.requests);
          for (const file of report.files) await access(path.join(folder, file));
          if (process.platform === 'linux') assert.ok((cpu.serviceMs ?? 0) > 0);
        }
      }
      // the same requests cost the slow variant more statements
      const queries = (own: typeof baseline) => own[0]?.database?.queries ?? 0;
      assert.ok(queries(baseline) > 2 * queries(optimised), `${queries(baseline)} ${queries(optimised)}`);
      const slices = (await readFile(path.join(folder, 'capacity-slices.csv'), 'utf8')).trim().split('\n');
      assert.equal(slices.length, 1 + 2 * 2); // one level, two variants, two slices each

      const run = { loads: baseline } as unknown as RunRecord;
      for (const name of LOAD_GATE) {
        const metric = loadMetrics(run).find((one) => one.metric === name);
        assert.ok((metric?.of(run) ?? 0) > 0, name);
        assert.equal(metric?.flaw(run), null, name);
      }

      for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
      const { rows } = await withAdmin(server, undefined, (client) =>
        client.query('SELECT datname FROM pg_database WHERE datname = ANY($1)', [names]),
      );
      assert.deepEqual(rows, []);
    } finally {
      await server.release();
    }
  });
});

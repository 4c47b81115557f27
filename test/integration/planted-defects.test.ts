import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { loadStatementParser } from '../../harness/capture/statement-identity.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { sampleDispatchGrowth } from '../../harness/profiling/dispatch-growth.ts';
import { findingsOf } from '../../harness/profiling/find-findings.ts';
import type { Finding } from '../../harness/profiling/finding.ts';
import { growthSteps } from '../../harness/profiling/growth-plan.ts';
import type { GrowthSample } from '../../harness/profiling/growth-sample.ts';
import { judgeGrowth } from '../../harness/profiling/judge-growth.ts';
import { measureGrowth } from '../../harness/profiling/measure-growth.ts';
import { samplePageGrowth } from '../../harness/profiling/page-growth.ts';
import { startTestServer } from '../support/database.ts';
import { PLANTED_DEFECTS, type PlantedDefect, plantedEntry } from '../support/planted-defects.ts';

const SLOPE_TOLERANCE = 0.05;

let server: PostgresServer;

before(async () => {
  await loadStatementParser();
  server = await startTestServer();
});

after(() => server?.release());

const OPTIONS = { randomSeed: 1, onProgress: () => {} };

/** What is found of a variant of the reference service in everything that a profile measures. */
async function findIn(variant: string): Promise<Finding[]> {
  const signal = AbortSignal.timeout(600_000);
  return findingsIn(await measureGrowth({ ...OPTIONS, server, variant, signal }));
}

/** What is found of `optimised` with one defect, in the sweep that its dimension is varied in. */
async function findPlanted({ name, dimension }: PlantedDefect): Promise<Finding[]> {
  const signal = AbortSignal.timeout(600_000);
  const options = { server, variant: 'optimised', entry: plantedEntry(name), signal };
  if (dimension === 'items') return findingsIn(await samplePageGrowth(options, OPTIONS.randomSeed, 1));
  const varied = dimension === 'drivers' ? 'drivers' : 'bookings'; // what is assigned grows with the bookings
  const samples: GrowthSample[] = [];
  for (const step of growthSteps(OPTIONS.randomSeed).filter((candidate) => candidate.varied === varied))
    samples.push(...(await sampleDispatchGrowth(options, step, 1)));
  return findingsIn(samples);
}

function findingsIn(samples: readonly GrowthSample[]): Finding[] {
  return findingsOf(samples, judgeGrowth(samples), { sizes: {} });
}

function isAbout(
  { statement: text, ...finding }: Finding,
  { unit, statement, kind }: PlantedDefect,
): boolean {
  return finding.unit === unit && finding.kind === kind && statement.test(text ?? '');
}

function assertFound(findings: readonly Finding[], planted: PlantedDefect): void {
  const [finding, ...more] = findings.filter((candidate) => isAbout(candidate, planted));
  assert.ok(finding, `${planted.name} is found in ${planted.unit}`);
  assert.equal(more.length, 0, `${planted.name} is found once in ${planted.unit}`);
  const dimensions = [finding.dimension, ...finding.alsoFits];
  assert.ok(dimensions.includes(planted.dimension), `${finding.sentence} True: ${planted.because}`);
  const error = Math.abs((finding.slope ?? Number.NaN) - planted.slope);
  assert.ok(error <= SLOPE_TOLERANCE, `slope ${finding.slope}, true ${planted.slope}: ${planted.because}`);
}

describe('each planted defect alone is found with its true slope, and nothing else', () => {
  for (const planted of PLANTED_DEFECTS) {
    const { name, kind, slope, dimension, unit } = planted;
    test(`${name}: ${kind}, ${slope} for each of the ${dimension} of ${unit}`, async (t) => {
      const findings = await findPlanted(planted);
      for (const found of findings) t.diagnostic(`${found.kind} in ${found.unit}: ${found.sentence}`);
      assertFound(findings, planted);
      const own = [planted, ...PLANTED_DEFECTS.filter((other) => planted.brings?.includes(other.name))];
      for (const found of findings) {
        const isOwn = own.some(({ statement }) => statement.test(found.statement ?? ''));
        assert.ok(isOwn, `only what was planted: ${found.sentence}`);
      }
    });
  }
});

test('all of them are found in baseline', async (t) => {
  const findings = await findIn('baseline');
  for (const { unit, kind, sentence } of findings) t.diagnostic(`${kind} in ${unit}: ${sentence}`);
  for (const planted of PLANTED_DEFECTS) assertFound(findings, planted);
});

test('nothing is found in optimised', async () => {
  const findings = await findIn('optimised');
  assert.deepEqual(
    findings.map(({ unit, kind, sentence }) => `${kind} in ${unit}: ${sentence}`),
    [],
  );
});

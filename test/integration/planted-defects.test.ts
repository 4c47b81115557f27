import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { loadStatementParser } from '../../harness/capture/statement-identity.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { sampleDispatchGrowth } from '../../harness/profiling/dispatch-growth.ts';
import { findingsOf } from '../../harness/profiling/find-findings.ts';
import type { Finding } from '../../harness/profiling/finding.ts';
import { growthSteps } from '../../harness/profiling/growth-plan.ts';
import type { Dimension, GrowthSample } from '../../harness/profiling/growth-sample.ts';
import { judgeGrowth } from '../../harness/profiling/judge-growth.ts';
import { samplePageGrowth } from '../../harness/profiling/page-growth.ts';
import { referenceTarget } from '../../harness/targets/reference-target.ts';
import { startTestServer } from '../support/database.ts';
import { PLANTED_DEFECTS, type PlantedDefect, plantedEntry } from '../support/planted-defects.ts';

const SLOPE_TOLERANCE = 0.05;

let server: PostgresServer;

before(async () => {
  await loadStatementParser();
  server = await startTestServer();
});

after(() => server?.release());

const RANDOM_SEED = 1;

/** Once each: these services are deterministic, and what differs between repeats is the matter of other tests. */
const REPEATS = 1;

const ALL_SWEEPS = ['bookings', 'drivers', 'companies', 'items'] as const;

type Sweep = (typeof ALL_SWEEPS)[number];

/** What is found of a service that is called `variant`, in these sweeps; `items` are the pages of lists. */
async function findIn(
  variant: string,
  entry: readonly string[] | null,
  sweeps: readonly Sweep[],
): Promise<Finding[]> {
  const target = referenceTarget(entry === null ? new Map() : new Map([[variant, entry]]));
  const options = { variant, target, server, signal: new AbortController().signal };
  const samples: GrowthSample[] = [];
  for (const step of growthSteps(RANDOM_SEED).filter(({ varied }) =>
    sweeps.some((sweep) => sweep === varied),
  ))
    samples.push(...(await sampleDispatchGrowth(options, step, REPEATS)));
  if (sweeps.includes('items')) samples.push(...(await samplePageGrowth(options, RANDOM_SEED, REPEATS)));
  return findingsOf(samples, judgeGrowth(samples), { sizes: {} });
}

/** Where a dimension grows: what is assigned, and so the trips of a second dispatch, with the bookings. */
function sweepOf(dimension: Dimension): Sweep {
  return ALL_SWEEPS.find((sweep) => sweep === dimension) ?? 'bookings';
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

describe('each planted defect alone is found with its true slope, and nothing else', {
  concurrency: 2,
}, () => {
  for (const planted of PLANTED_DEFECTS) {
    const { name, kind, slope, dimension, unit } = planted;
    test(`${name}: ${kind}, ${slope} for each of the ${dimension} of ${unit}`, async (t) => {
      const findings = await findIn('optimised', plantedEntry(name), [sweepOf(dimension)]);
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
  const findings = await findIn('baseline', null, ALL_SWEEPS);
  for (const { unit, kind, sentence } of findings) t.diagnostic(`${kind} in ${unit}: ${sentence}`);
  for (const planted of PLANTED_DEFECTS) assertFound(findings, planted);
});

test('nothing is found in optimised', async () => {
  const findings = await findIn('optimised', null, ALL_SWEEPS);
  assert.deepEqual(
    findings.map(({ unit, kind, sentence }) => `${kind} in ${unit}: ${sentence}`),
    [],
  );
});

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { RushhourConfig } from '../../harness/config/rushhour-config.ts';
import type { HarnessError } from '../../harness/errors.ts';
import { findPairFaults } from '../../harness/experiment/pair-faults.ts';
import { autocannonGenerator } from '../../harness/load-generators/autocannon.ts';
import { pairedAutocannonGenerator } from '../../harness/load-generators/autocannon-paired.ts';
import { k6Generator } from '../../harness/load-generators/k6.ts';
import { findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import { pairedK6Generator } from '../../harness/load-generators/k6-paired.ts';
import type { LoadGenerator, LoadOutcome } from '../../harness/load-generators/load-generator.ts';
import type {
  PairedLoadGenerator,
  PairedLoadOutcome,
} from '../../harness/load-generators/paired-load-generator.ts';
import { LoadReport, type MeasuredLoad } from '../../harness/result.ts';
import { configuredTraffic } from '../../harness/targets/configured-traffic.ts';
import type { ServicePlace } from '../../harness/targets/target.ts';
import { planAt, planAtEach, type Traffic } from '../../harness/targets/traffic.ts';
import { PROFILES } from '../../seed/profiles.ts';
import { SHOP_SECRET, type ShopFaults, type ShopService, startShop } from '../support/shop-service.ts';

const login = { request: { path: '/login', body: { name: '{name}', password: '{password}' } } };
const accounts = [1, 2].map((depot) => ({ depot, name: `planner${depot}`, password: SHOP_SECRET }));
const TOKEN: RushhourConfig['login'] = {
  ...{ kind: 'token', ...login, token: 'session.token', accounts, accountOf: 'depot' },
};
const COOKIE: RushhourConfig['login'] = { kind: 'cookie', ...login, accounts, accountOf: 'depot' };

const CONFIG: RushhourConfig = {
  name: 'shop',
  service: { health: '/health', requestTimeoutSeconds: 5 },
  login: TOKEN,
  dataset: { seed: [] },
  dispatch: {
    offers: [],
    request: { path: '/plans', body: { depot: '{depot}', day: '{day}' } },
    extract: { planId: 'plan.id' },
    complete: { by: 'poll', request: { path: '/plans/{planId}' }, state: 'plan.state', done: ['done'] },
    timeoutSeconds: 10,
    rows: 'SELECT 1',
  },
  outcome: { sql: 'SELECT 1' },
  endpoints: {
    orders: {
      path: '/orders?day={day}&limit={limit}',
      extract: { orderId: 'items.0.id' },
      page: { size: 'limit', items: 'items' },
    },
    order: { path: '/orders/{orderId}' },
    note: { method: 'PATCH', path: '/orders/{orderId}', body: { depot: '{depot}', note: 'seen {day}' } },
  },
  scenarios: {
    day: {
      mix: [
        { weight: 2, visit: ['orders', 'order'] },
        { weight: 1, visit: ['orders', 'note'] },
      ],
      steps: [{ ratePerSecond: 10, seconds: 2 }],
      warmUpSeconds: 1,
      dispatchEverySeconds: 1,
      thresholds: { p95Ms: { orders: 2_000 }, errorRatio: 0 },
    },
    own: { k6: 'test/fixtures/k6/own-shop.js', environment: { GREETING: 'hello' } },
    broken: { k6: 'test/fixtures/k6/own-broken.js' },
  },
  variants: { before: { url: 'http://127.0.0.1:1', database: 'rushhour_shop' } },
};

const OFFERS = [1, 2, 3, 4].map((day) => ({
  key: `${day % 2}/${day}`,
  values: { depot: (day % 2) + 1, day: `2026-03-0${day}`, internal: 'not asked for' },
}));
const ROOT = path.resolve(import.meta.dirname, '../..');

function trafficOf(scenario: string, change: Partial<RushhourConfig> = {}, offers = OFFERS): Traffic {
  const loaded = { file: path.join(ROOT, 'x.ts'), folder: ROOT, config: { ...CONFIG, ...change } };
  const traffic = configuredTraffic(loaded, {
    ...{ scenario, offers, durationFactor: 1, rateFactor: 1, randomSeed: 3 },
    shape: PROFILES.smoke,
  });
  assert.ok(traffic);
  return traffic;
}

interface Scene {
  readonly a: ShopService;
  readonly b: ShopService;
  readonly folder: string;
  run(generator: LoadGenerator, traffic: Traffic): Promise<LoadOutcome>;
  runPair(generator: PairedLoadGenerator, traffic: Traffic): Promise<PairedLoadOutcome>;
}

const { signal } = new AbortController();

async function withShops(
  faults: { a?: ShopFaults; b?: ShopFaults },
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const [a, b] = [await startShop(faults.a), await startShop(faults.b)];
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour config load '));
  const loginAt = (traffic: Traffic, { url }: ShopService) =>
    traffic.logIn({ service: { baseUrl: url } } as ServicePlace, signal);
  const order = { loginPassword: '', runFolder: folder, signal };
  try {
    await work({
      ...{ a, b, folder },
      run: async (generator, traffic) =>
        generator.run({
          ...order,
          plan: planAt(traffic, a.url),
          identities: [await loginAt(traffic, a)],
        }),
      runPair: async (generator, traffic) =>
        generator.run({
          ...order,
          plan: planAtEach(traffic, [
            { name: 'a', baseUrl: a.url },
            { name: 'b', baseUrl: b.url },
          ]),
          identities: [await loginAt(traffic, a), await loginAt(traffic, b)],
        }),
    });
  } finally {
    await Promise.all([a.close(), b.close()]);
    await rm(folder, { recursive: true });
  }
}

async function k6() {
  const found = await findK6();
  if (!found.found) throw missingK6Error(found);
  return found;
}

async function filesIn(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const texts = files.map(async (entry) => {
    const bytes = await readFile(path.join(entry.parentPath, entry.name));
    return (entry.name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  });
  return (await Promise.all(texts)).join('\n');
}

function reportIn({ reports }: PairedLoadOutcome, variant: string): LoadReport {
  const report = reports.get(variant);
  assert.ok(report);
  return report;
}

const counts = ({ endpoints }: LoadReport) =>
  Object.fromEntries(endpoints.map(({ endpoint, requests }) => [endpoint, requests]));

const loadsOf = ({ reports }: PairedLoadOutcome) =>
  new Map([...reports].map(([name, report]) => [name, [{ report } as MeasuredLoad]]));

describe('traffic of a service that is not ours', { concurrency: 2, timeout: 900_000 }, () => {
  for (const [kind, login] of [
    ['a token', TOKEN],
    ['a cookie', COOKIE],
  ] as const) {
    test(`k6 visits endpoints with what earlier answers held, logged in by ${kind}, and dispatches each offer once`, async () => {
      await withShops({ a: { planMs: 80 } }, async ({ a, folder, run }) => {
        const traffic = trafficOf('day', { login });
        const { report } = await run(k6Generator(await k6()), traffic);
        assert.deepEqual(LoadReport.parse(report), report);
        assert.deepEqual(
          [report.errors, report.mismatches, report.exceptions, report.droppedIterations, report.warnings],
          [0, 0, 0, 0, []],
        );
        // 20 visits in 2 s, of which every third leaves a note; a dispatch at 1 s and 2 s, after one in the warm-up
        assert.equal(counts(report)['GET /orders'], 20);
        assert.equal(
          (counts(report)['GET /orders/{orderId}'] ?? 0) + (counts(report)['PATCH /orders/{orderId}'] ?? 0),
          20,
        );
        assert.equal(counts(report)['POST /plans'], 2);
        assert.deepEqual([report.dispatches.started, report.dispatches.completed], [2, 2]);
        assert.ok((report.dispatches.timeToCompleteMs?.minMs ?? 0) >= 80);
        assert.deepEqual(a.planned, [2, 1, 2]);
        assert.equal(a.tokens.length, 2, 'one login for each depot');
        assert.ok(a.asked.some((line) => /^GET \/orders\?day=2026-03-0\d&limit=20 /.test(line)));
        assert.ok(
          a.asked.some((line) => /^PATCH \/orders\/41 {"depot":\d,"note":"seen 2026-03-0\d"}/.test(line)),
        );
        assert.ok(traffic.judge(report).every(({ passed }) => passed));
        const written = await filesIn(folder);
        for (const secret of [SHOP_SECRET, ...a.tokens]) assert.ok(!written.includes(secret));
        assert.ok(written.includes('2026-03-01') && !written.includes('not asked for'));
      });
    });
  }

  test('two variants are asked the same, to the letter', async () => {
    await withShops({ b: { planMs: 60 } }, async ({ a, b, runPair }) => {
      const outcome = await runPair(pairedK6Generator(await k6()), trafficOf('day'));
      assert.deepEqual(a.asked.toSorted(), b.asked.toSorted());
      assert.deepEqual(counts(reportIn(outcome, 'a')), counts(reportIn(outcome, 'b')));
      assert.deepEqual(findPairFaults(loadsOf(outcome)), []);
    });
  });

  test('answers 429 are no latencies and no errors; they are told, and many of them spoil a pair', async () => {
    await withShops({ b: { limitsEvery: 5 } }, async ({ runPair }) => {
      const outcome = await runPair(pairedK6Generator(await k6()), trafficOf('day'));
      const limited = reportIn(outcome, 'b');
      const refused = limited.endpoints.reduce((sum, { rateLimited = 0 }) => sum + rateLimited, 0);
      assert.ok(refused > 2);
      assert.equal(limited.errors, 0);
      assert.match(limited.warnings.join(), /answered 429 .* service\.requestsPerSecond/);
      assert.match(findPairFaults(loadsOf(outcome)).join(), /b under k6: \d+ of \d+ answers were 429/);
      assert.doesNotMatch(findPairFaults(loadsOf(outcome)).join(), /a under k6/);
      const failed = trafficOf('day')
        .judge(limited)
        .filter(({ passed }) => !passed);
      assert.ok(failed.some(({ name }) => name.includes('429')));
    });
  });

  test('an answer without what is extracted from it ends the visit and is a wrong answer', async () => {
    await withShops({ a: { forgetsIds: true } }, async ({ a, run }) => {
      const { report } = await run(k6Generator(await k6()), trafficOf('day'));
      assert.equal(report.mismatches, 20);
      assert.ok(!a.asked.some((line) => /\/orders\/\d/.test(line)));
    });
  });

  test('where only the database tells the end of a dispatch, dispatches are started, and that is told', async () => {
    const dispatch = { ...CONFIG.dispatch, complete: { by: 'rows' } as const };
    await withShops({}, async ({ run }) => {
      const { report } = await run(k6Generator(await k6()), trafficOf('day', { dispatch }));
      const { started, completed, unfinished, unfollowed } = report.dispatches;
      assert.deepEqual([started, completed, unfinished, unfollowed], [2, 0, 0, 2]);
      assert.match(report.warnings.join(), /2 dispatches started, not followed to the end/);
    });
  });

  test('autocannon saturates what can be asked without an earlier answer, alone and in slices', async () => {
    await withShops({}, async ({ a, folder, run, runPair }) => {
      const traffic = trafficOf('day');
      const short = { ...traffic, work: { ...traffic.work, durationFactor: 0.1 } } as Traffic;
      const { report } = await run(autocannonGenerator(), short);
      assert.deepEqual(
        report.phases.map(({ name }) => name),
        [1, 4, 16].map((count) => `GET /orders × ${count} connection${count === 1 ? '' : 's'}`),
      );
      assert.deepEqual([report.errors, report.warnings], [0, []]);
      const outcome = await runPair(pairedAutocannonGenerator(2), short);
      assert.ok((reportIn(outcome, 'b').phases[0]?.throughputPerSecond ?? 0) > 0);
      assert.ok(a.asked.every((line) => line.startsWith('GET /orders?')));
      const written = await filesIn(folder);
      for (const secret of [SHOP_SECRET, ...a.tokens]) assert.ok(!written.includes(secret));
    });
  });

  test("a script of one's own runs as it is: its options, its thresholds, its environment, logged in", async () => {
    process.env.K6_VUS = '50';
    try {
      await withShops({}, async ({ a, folder, run }) => {
        const { report, thresholds = [] } = await run(k6Generator(await k6()), trafficOf('own'));
        assert.deepEqual(LoadReport.parse(report), report);
        assert.deepEqual(counts(report), { 'GET /orders/{id}': 6, 'orders of a day': 6 });
        assert.equal(report.ownScript, 'own-shop.js');
        assert.deepEqual([report.errors, report.exceptions], [0, 0]);
        assert.equal(report.mismatches, 1, 'a check that failed');
        assert.deepEqual(thresholds.map(({ name, passed }) => [name, passed]).toSorted(), [
          ['checks: rate>0.99', false],
          ['http_req_duration: p(95)<60000', true],
        ]);
        assert.ok(
          a.asked.every((line) => !line.startsWith('GET /orders?') || line.includes('greeting=hello')),
        );
        const written = await filesIn(folder);
        for (const secret of [SHOP_SECRET, ...a.tokens])
          assert.ok(!written.includes(secret), 'a secret is written');
      });
    } finally {
      delete process.env.K6_VUS;
    }
  });

  test('at several variants a script runs one after another, and says so', async () => {
    await withShops({}, async ({ a, b, runPair }) => {
      const outcome = await runPair(pairedK6Generator(await k6()), trafficOf('own'));
      assert.deepEqual([a.asked.length, b.asked.length], [12, 12]);
      const { warnings, files } = reportIn(outcome, 'b');
      assert.match(warnings.join(), /one variant after another/);
      assert.ok(files.every((file) => file.startsWith('k6-script-2/')));
      assert.equal(outcome.thresholds?.get('a')?.length, 2);
    });
  });

  test('a script that is broken is an error with what k6 says of it', async () => {
    await withShops({}, async ({ run }) => {
      await assert.rejects(
        async () => run(k6Generator(await k6()), trafficOf('broken')),
        (error: HarnessError) => {
          assert.equal(error.code, 'LOAD_GENERATOR_FAILED');
          assert.match(error.message, /could not run the script .*there is no such shop/);
          return true;
        },
      );
    });
  });
});

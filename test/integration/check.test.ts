/** Configs of which one part is broken: that part is a problem with its remedy, and no other is. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { cacheFolder } from '../../harness/cache-folder.ts';
import { checkParts } from '../../harness/check/check-parts.ts';
import { type PartLine, Parts } from '../../harness/check/parts.ts';
import { checkConfig } from '../../harness/config/check-config.ts';
import type { RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { freePort } from '../../harness/machine/free-port.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { BROKEN_CONFIGS, type BrokenConfig } from '../support/broken-configs.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { SMALLEST } from '../support/smallest-shape.ts';
import { startedWith } from '../support/started-processes.ts';
import { loadedTrips, TRIP_CONFIG, TRIP_PROGRAM, tripVariant } from '../support/trip-config.ts';

let own: OwnServer;
before(async () => {
  own = await startOwnServer();
});
after(() => own?.remove());

/** Tries the parts of a config that is right by itself. Nothing may be left of it but templates. */
async function check(config: RushhourConfig, options: { readonly quick?: boolean } = {}): Promise<Parts> {
  const loaded = loadedTrips(config);
  await checkConfig(config, loaded);
  const { signal } = new AbortController();
  const parts = new Parts(signal, () => {});
  await checkParts(parts, {
    ...{ loaded, server: own.server, shape: SMALLEST, signal },
    ...{ variants: Object.keys(config.variants), quick: options.quick ?? false },
  });
  assert.deepEqual(await leftoverDatabases(own.server), []);
  assert.deepEqual(startedWith(cacheFolder(), process.pid), []);
  return parts;
}

const isProblem = ({ status }: PartLine) => status === 'problem';
const names = (lines: readonly PartLine[]) => lines.map(({ name }) => name);
const texts = (lines: readonly PartLine[]) =>
  lines.map(({ name, status, detail, notes }) => [status, name, detail, ...notes].join(' ')).join('\n');

describe('a config of which everything works', () => {
  test('has a line for each part and no problem, and its two variants do the same', async () => {
    const { lines, refusal } = await check(TRIP_CONFIG);
    const odd = lines.filter(({ status }) => status !== 'ok' && status !== 'warning');
    assert.deepEqual(odd, []);
    assert.equal(refusal, null);
    const ofVariant = (variant: string | null) =>
      names(lines.filter((line) => line.variant === variant && line.name !== 'beside')); // only of long dispatches
    assert.deepEqual(ofVariant(null), [
      ...['server', 'statements', 'database', 'schema', 'data', 'offers', 'sequences', 'accounts'],
      ...['placeholders', 'rows', 'equal-outcomes', 'equal-answers', 'k6', 'scenario load', 'week'],
      'two-at-once',
    ]);
    const each = [
      ...['clone', 'hooks', 'service', 'warm-up', 'login', 'dispatch', 'sessions', 'second-dispatch'],
      ...['login-reuse', 'outcome', 'answers', 'endpoint trips', 'endpoint trip', 'stop'],
    ];
    assert.deepEqual(
      ofVariant('before').filter((name) => name !== 'workers'),
      each,
    );
    assert.deepEqual(ofVariant('after'), ['migration-up', 'migration-down', ...each]);
    const detail = (name: string) => lines.find((line) => line.name === name)?.detail ?? '';
    assert.match(detail('rows'), /6 open for each of 8 offers/);
    assert.match(detail('dispatch'), /1\/2026-01-05: 6 offered, 4 assigned, 2 unassigned/);
    assert.match(
      detail('sessions'),
      /role rushhour_app, application_name trip-service; \d+ statements .* by the role/,
    );
    assert.match(detail('migration-up'), /\+ index trip_depot on trip \(depot_id\)/);
    assert.match(detail('endpoint trips'), /gives trip; 1 for 1, 2 for 2, 5 for 5/);
  });

  test('quick, it is brought up and logged in to, and nothing is dispatched', async () => {
    const { lines } = await check(onlyVariant(TRIP_CONFIG), { quick: true });
    assert.deepEqual(lines.filter(isProblem), []);
    assert.deepEqual(names(lines.filter(({ status }) => status === 'not-tried')), ['dispatch']);
    assert.ok(names(lines).includes('login'));
  });
});

describe('a service that runs already', () => {
  test('is tried where it runs, in the database it is connected to, and goes on afterwards', async (t) => {
    const [name, port] = ['rushhour_trips_running', await freePort()];
    const running = execa(process.execPath, [TRIP_PROGRAM], {
      env: { DATABASE_URL: own.server.serviceUrl(name), PORT: String(port) },
      reject: false,
    });
    t.after(async () => {
      running.kill();
      await running;
      await withAdmin(own.server, undefined, (client) =>
        client.query(`DROP DATABASE IF EXISTS ${name} (FORCE)`),
      );
    });
    const url = `http://127.0.0.1:${port}`;
    const { lines } = await check({
      ...onlyVariant(TRIP_CONFIG),
      variants: { running: { url, database: name } },
    });
    assert.deepEqual(lines.filter(isProblem), [], texts(lines));
    const detail = (part: string) => lines.find((line) => line.name === part)?.detail ?? '';
    assert.match(detail('clone'), /which stays: the service is connected to it/);
    assert.match(detail('second-dispatch'), /6 offered, 4 assigned/);
    assert.match(detail('stop'), /is still up, and stays/);
    assert.equal(detail('two-at-once'), 'not tried: running runs already, and only once');
    assert.equal((await fetch(`${url}/health`)).status, 200);
  });
});

test('a list of offers is the one that the config gives today, though its data was made for another', async () => {
  const offersOf = async (days: readonly string[]) => {
    const offers = days.map((day) => ({ depot_id: 1, day }));
    const dispatch = { ...TRIP_CONFIG.dispatch, offers };
    const { lines } = await check({ ...onlyVariant(TRIP_CONFIG), dispatch }, { quick: true });
    return lines.find(({ name }) => name === 'offers')?.detail ?? '';
  };
  assert.match(await offersOf(['2026-01-05', '2026-01-06', '2026-01-07']), /^3 offers.*2026-01-05$/);
  assert.match(await offersOf(['2026-01-08']), /^1 offer, .*2026-01-08$/);
});

describe('a config of which one part is broken', () => {
  for (const broken of BROKEN_CONFIGS)
    test(`${broken.title}: ${broken.part} is told, with the remedy`, async () => {
      const { lines } = await check(brokenConfig(broken), { quick: !broken.dispatches });
      const problems = lines.filter(isProblem);
      assert.equal(problems.length, 1, texts(lines));
      const [problem] = problems;
      assert.match(problem?.name ?? '', new RegExp(`^(${broken.part})$`));
      assert.match(problem?.detail ?? '', broken.told);
      assert.match(problem?.remedy ?? '', broken.remedy);
      assert.doesNotMatch(texts(lines), /planted-/);
    });

  test('two services that want the same port cannot be up at once', async () => {
    const port = await freePort();
    const alone = tripVariant('alone');
    const start = {
      command: alone.start?.command ?? [],
      environment: { ODD: 'alone', ALONE_AT: String(port) },
    };
    const { lines } = await check({ ...onlyVariant(TRIP_CONFIG), variants: { only: { ...alone, start } } });
    assert.deepEqual(names(lines.filter(isProblem)), ['two-at-once'], texts(lines));
    assert.match(lines.at(-1)?.detail ?? '', /address already in use/);
    assert.match(lines.at(-1)?.remedy ?? '', /listen at \{port\}/);
  });

  test('a script for k6 where there is none', async () => {
    const { K6_PATH } = process.env;
    process.env.K6_PATH = '/no/such/k6';
    try {
      const scenarios = { own: { k6: 'trip-service.mjs' } };
      const { lines } = await check({ ...onlyVariant(TRIP_CONFIG), scenarios }, { quick: true });
      assert.deepEqual(names(lines.filter(isProblem)), ['k6'], texts(lines));
      assert.match(lines.find(isProblem)?.remedy ?? '', /Correct K6_PATH/);
      assert.match(lines.at(-1)?.detail ?? '', /not tried: it needs "k6"/);
    } finally {
      if (K6_PATH === undefined) delete process.env.K6_PATH;
      else process.env.K6_PATH = K6_PATH;
    }
  });

  test('a database that is not ours is refused, and stays as it is', async () => {
    const name = 'rushhour_somebodys';
    const admin = (sql: string) => withAdmin(own.server, undefined, (client) => client.query(sql));
    await admin(`CREATE DATABASE ${name} TEMPLATE template0`);
    try {
      const parts = await check({
        ...onlyVariant(TRIP_CONFIG),
        variants: { running: { url: 'http://127.0.0.1:9', database: name } },
      });
      assert.deepEqual(names(parts.lines.filter(isProblem)), ['clone'], texts(parts.lines));
      assert.equal(parts.refusal?.code, 'REFUSED');
      const told = parts.lines.find(isProblem);
      assert.match(told?.detail ?? '', /Database "rushhour_somebodys" .* Expected a marker inside/);
      assert.match(told?.remedy ?? '', /Name a database in variants/);
      const { rows } = await admin(`SELECT FROM pg_database WHERE datname = '${name}'`);
      assert.equal(rows.length, 1);
    } finally {
      await admin(`DROP DATABASE ${name}`);
    }
  });
});

describe('what works and is odd', () => {
  const odd: readonly [title: string, oddity: string, part: string, told: RegExp][] = [
    [
      'an error answer after the work',
      'fails-after-commit',
      'dispatch',
      /did all of its work, .* answered 500/,
    ],
    [
      'a token for one request',
      'forgets-tokens',
      'login-reuse',
      /depot_id 1 gave was refused at a later request/,
    ],
    [
      'a list of any length',
      'no-limit',
      'endpoint trips',
      /Asked for 1 it gives 48: limit does not set the length/,
    ],
  ];
  for (const [title, oddity, part, told] of odd)
    test(`${title} is a warning and no problem`, async () => {
      const { lines } = await check({ ...onlyVariant(TRIP_CONFIG), variants: { only: tripVariant(oddity) } });
      assert.deepEqual(lines.filter(isProblem), [], texts(lines));
      const line = lines.find(({ name }) => name === part);
      assert.equal(line?.status, 'warning');
      assert.match([line?.detail, ...(line?.notes ?? [])].join('\n'), told);
    });

  test('a sequence that is behind its column is told before an insert of the service fails', async () => {
    const seed = ["INSERT INTO plan (id, depot_id, day, state) VALUES (7, 1, '2026-01-01', 'done')"];
    const { lines } = await check(
      { ...onlyVariant(TRIP_CONFIG), dataset: { schema: [{ file: 'schema.sql' }], seed } },
      { quick: true },
    );
    const line = lines.find(({ name }) => name === 'sequences');
    assert.equal(line?.status, 'warning');
    assert.match(line?.detail ?? '', /plan\.id would get 1 next, and has 7 already/);
    assert.match(line?.remedy ?? '', /setval/);
  });
});

function brokenConfig({ change }: BrokenConfig): RushhourConfig {
  return { ...onlyVariant(TRIP_CONFIG), ...change };
}

/** One variant brought up once is enough to see one part fail. */
function onlyVariant(config: RushhourConfig): RushhourConfig {
  const { week: _week, scenarios: _scenarios, hooks: _hooks, ...rest } = config;
  return { ...rest, variants: { only: tripVariant() } };
}

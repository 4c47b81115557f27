/** What a config has started is killed, hangs, or outlives its harness: nothing of it is left, and the result says what happened. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { CommandConfig, RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { EXIT } from '../../harness/errors.ts';
import { acquireEmbeddedServer } from '../../harness/postgres/embedded-server.ts';
import { dropOwnDatabase } from '../../harness/postgres/marker.ts';
import { isThere } from '../../harness/store/is-there.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { STOP_FILE } from '../../harness/store/stop-file.ts';
import { replaceNamedDatabase } from '../../harness/targets/named-database.ts';
import { eventually, rushhour as runTool, scratchFolder } from '../support/command.ts';
import { removeServerFiles } from '../support/database.ts';
import {
  assertNothingIsLeft,
  serverOf,
  startedWith,
  stillRunning,
  untilStarted,
} from '../support/started-processes.ts';
import { PLAIN, TRIPS, tripsConfig, tripsProgram, writeConfig } from '../support/trips.ts';

let cache: string;
let files = 0;
before(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'rushhour-killed-config-'));
});
after(async () => {
  await removeServerFiles(cache);
  await rm(cache, { recursive: true, force: true });
});

const rushhour = (...args: string[]) => runTool(args, { env: { RUSHHOUR_CACHE: cache } });
const COUNT = ['experiment', 'dispatch', '--mode', 'count', '--probes', '1', '--no-report', '--variants'];

/** Hangs for ever, and so does a child of it. */
const HANGING: CommandConfig = { command: ['/bin/sh', '-c', 'sleep 100000 & sleep 100000'] };

interface Place {
  readonly results: string;
  readonly config: string;
  /** Made by the service when it is first asked for a plan. */
  readonly asked: string;
}

/** A service with a worker that never gets to its job, so that a dispatch is under way until its time is over. */
async function placeOf(t: TestContext, parts: Partial<RushhourConfig> = {}): Promise<Place> {
  const folder = await scratchFolder(t);
  const asked = path.join(folder, 'asked');
  const queued = {
    start: tripsProgram('service', { environment: { QUEUE: 'on', ASKED: asked } }),
    workers: [tripsProgram('worker', { environment: { IDLE: 'on' } })],
  };
  const { dispatch } = tripsConfig();
  const config = tripsConfig({
    dispatch: { ...dispatch, complete: { by: 'rows' }, timeoutSeconds: 25 },
    variants: { queued },
    ...parts,
  });
  return {
    results: path.join(folder, 'results'),
    config: await writeConfig(cache, config, `${files++}.json`),
    asked,
  };
}

async function untilDispatched(run: ReturnType<typeof rushhour>, { asked }: Place): Promise<void> {
  assert.ok(await eventually(() => isThere(asked), run), 'no dispatch was asked for');
}

/** That the stored experiment is not complete, and tells this as the reason. */
async function assertIncomplete({ results }: Place, why: RegExp): Promise<void> {
  const stored = await readResult(results, 'last');
  assert.ok(stored.kind === 'experiment');
  assert.equal(stored.experiment.state, 'failed');
  assert.match(stored.experiment.failure ?? '', why);
}

describe('a service of a config', { timeout: 900_000 }, () => {
  test('with its worker and a hook outlives a harness that is killed, until the next start', async (t) => {
    const place = await placeOf(t, {});
    const run = rushhour(...COUNT, 'queued,queued', '--config', place.config, '--results', place.results);
    const started = await untilStarted(cache, run, [/^service queued$/, /^worker queued$/]);
    await untilDispatched(run, place);
    run.kill('SIGKILL');
    await run;
    assert.equal(stillRunning(started).length, started.length);
    const broken = await readResult(place.results, 'last').catch((error: Error) => error.message);
    if (typeof broken !== 'string')
      assert.ok(broken.kind === 'experiment' && broken.experiment.state !== 'complete');

    const hooked = await placeOf(t, { hooks: { afterReset: [HANGING] } });
    const next = rushhour(...COUNT, 'queued,queued', '--config', hooked.config, '--results', hooked.results);
    const hook = await untilStarted(cache, next, [/^sh/]);
    assert.deepEqual(stillRunning(started), [], 'the next start has left them');
    next.kill('SIGKILL');
    const { stderr } = await next;
    assert.match(
      `${stderr}`,
      /ended \d+ process(es)? left by a run that was killed: .*(service|worker) queued/,
    );
    assert.notDeepEqual(stillRunning(hook), []);

    const last = await rushhour('seed', '--config', place.config);
    assert.equal(last.exitCode, EXIT.fine, `${last.stderr}`);
    assert.match(`${last.stderr}`, /dropped \d+ database\(s\) left by a run that was killed/);
    await assertNothingIsLeft(cache, [...started, ...hook]);
  });

  for (const [what, kind] of [
    ['the service', /^service/],
    ['its worker', /^worker/],
  ] as const)
    test(`of which ${what} is killed during a dispatch is told as that, and its result is incomplete`, async (t) => {
      const place = await placeOf(t);
      const run = rushhour(...COUNT, 'queued,queued', '--config', place.config, '--results', place.results);
      await untilDispatched(run, place);
      const started = startedWith(cache, run.pid);
      const victim = started.find((note) => kind.test(note.what));
      process.kill(victim?.process.pid ?? Number.NaN, 'SIGKILL');
      const { exitCode, stderr } = await run;
      assert.equal(exitCode, EXIT.failure, `${stderr}`);
      const told =
        /variants\.queued\.(start|workers\[0\]) was ended by SIGKILL while variant "queued" was measured/;
      assert.match(`${stderr}`, told);
      await assertIncomplete(place, told);
      await assertNothingIsLeft(cache, started);
    });

  test('whose PostgreSQL is killed during a dispatch: that is told, not the dispatch that failed for it', async (t) => {
    const place = await placeOf(t);
    const run = rushhour(...COUNT, 'queued,queued', '--config', place.config, '--results', place.results);
    await untilDispatched(run, place);
    const started = startedWith(cache, run.pid);
    process.kill((await serverOf(cache)) ?? Number.NaN, 'SIGKILL');
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.failure, `${stderr}`);
    assert.match(`${stderr}`, /PostgreSQL at 127\.0\.0\.1:\d+ went away while it was measured/);
    const next = await rushhour('seed', '--config', place.config);
    assert.equal(next.exitCode, EXIT.fine, `${next.stderr}`);
    await assertNothingIsLeft(cache, started);
  });

  test('whose hook hangs is left at Ctrl-C, and the hook ends with all it has started', async (t) => {
    const place = await placeOf(t, { variants: { plain: PLAIN }, hooks: { beforeReset: [HANGING] } });
    const run = rushhour('serve', '--port', '0', '--config', place.config);
    const started = await untilStarted(cache, run, [/^sh/]);
    run.kill('SIGINT');
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.interrupted, `${stderr}`);
    await assertNothingIsLeft(cache, started);
  });
});

test('a file STOP in the folder of a result ends what is measured there in order, as Ctrl-C does', async (t) => {
  const place = await placeOf(t);
  const run = rushhour(...COUNT, 'queued,queued', '--config', place.config, '--results', place.results);
  await untilDispatched(run, place);
  const started = startedWith(cache, run.pid);
  const [folder = ''] = await readdir(place.results);
  await writeFile(path.join(place.results, folder, STOP_FILE), '');
  const { exitCode, stderr } = await run;
  assert.equal(exitCode, EXIT.interrupted, `${stderr}`);
  assert.match(`${stderr}`, /STOP is there: stopping what was started and keeping what was measured/);
  const stored = await readResult(place.results, 'last');
  assert.ok(stored.kind === 'experiment' && stored.experiment.state === 'interrupted');
  await assertNothingIsLeft(cache, started);
});

test('of two harnesses with one running service the second is told who has it, and the first goes on', async (t) => {
  const server = await acquireEmbeddedServer({ cacheFolder: cache });
  const name = 'rushhour_two_at_once';
  const stop: (() => unknown)[] = [];
  t.after(async () => {
    for (const one of stop) one();
    await dropOwnDatabase(server, name);
    await server.release();
  });
  const folder = await scratchFolder(t);
  const seeded = await rushhour('seed', '--json', '--config', await writeConfig(folder, tripsConfig()));
  const { template } = JSON.parse(`${seeded.stdout}`);
  await replaceNamedDatabase(server, template, name);
  const child = spawn(process.execPath, [path.join(TRIPS, 'trips-service.mjs')], {
    env: { ...process.env, DATABASE_URL: server.serviceUrl(name), PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stop.push(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  const url = `http://127.0.0.1:${/at (\d+)/.exec(String(line))?.[1]}`;
  const service = { health: '/health', warmUp: [{ path: '/trips?depot=1' }] };
  const file = await writeConfig(
    folder,
    tripsConfig({ service, variants: { now: { url, database: name } } }),
  );

  const first = rushhour('serve', '--port', '0', '--config', file);
  let said = '';
  first.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  assert.ok(await eventually(async () => /Ctrl-C stops it/.test(said), first), said);
  const second = await rushhour('serve', '--port', '0', '--config', file);
  assert.equal(second.exitCode, EXIT.refused, `${second.stderr}`);
  assert.match(
    `${second.stderr}`,
    new RegExp(
      `database "${name}" is being measured already: by rushhour pid ${first.pid} on \\S+, since [\\d:]{8} UTC\\.`,
    ),
  );
  first.kill('SIGINT');
  assert.equal((await first).exitCode, EXIT.fine);
  // A harness that is killed holds nothing any more.
  const third = rushhour('serve', '--port', '0', '--config', file);
  await once(third.stdout ?? child, 'data');
  third.kill('SIGKILL');
  await third;
  const fourth = rushhour('serve', '--port', '0', '--config', file);
  await once(fourth.stdout ?? child, 'data');
  fourth.kill('SIGINT');
  assert.equal((await fourth).exitCode, EXIT.fine);
});

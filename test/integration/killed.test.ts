import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, type HarnessError } from '../../harness/errors.ts';
import { findK6 } from '../../harness/load-generators/k6-binary.ts';
import type { ProcessNote } from '../../harness/machine/process-notes.ts';
import { findResultFolder, readResult } from '../../harness/store/read-results.ts';
import { EVENTS_FILE } from '../../harness/store/result-folder.ts';
import { eventually, rushhour as runTool, scratchFolder } from '../support/command.ts';
import { removeServerFiles } from '../support/database.ts';
import { finishedPairs } from '../support/experiment-events.ts';
import {
  assertNothingIsLeft,
  serverOf,
  stillRunning,
  untilClones,
  untilStarted,
} from '../support/started-processes.ts';

const k6 = await findK6();

/** Without a server that the test itself holds: the last command has to stop it. */
let cache: string;
before(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'rushhour-killed-'));
  const seeded = await rushhour('seed', '--profile', 'smoke');
  assert.equal(seeded.exitCode, EXIT.fine, `${seeded.stderr}`);
});
after(async () => {
  await removeServerFiles(cache);
  await rm(cache, { recursive: true, force: true });
});

const rushhour = (...args: string[]) => runTool(args, { env: { RUSHHOUR_CACHE: cache } });

type Running = ReturnType<typeof rushhour>;

/** Kills a command over what it has started, and finds that this was left running. */
async function killOver(run: Running, kinds: readonly RegExp[]): Promise<ProcessNote[]> {
  const started = await untilStarted(cache, run, kinds);
  run.kill('SIGKILL');
  assert.equal((await run).signal, 'SIGKILL');
  assert.notDeepEqual(stillRunning(started), []);
  assert.notEqual(await serverOf(cache), null);
  return started;
}

/** That the next start has ended the services of a killed command by their pids, has dropped its database, and has said so. */
function assertCleared(stderr: unknown, killed: readonly ProcessNote[]): void {
  const services = killed.filter(({ what }) => what.startsWith('service'));
  for (const { what, process: noted } of services)
    assert.match(
      `${stderr}`,
      new RegExp(`ended .* left by a run that was killed: .*${what} \\(pid ${noted.pid}\\)`),
    );
  assert.match(`${stderr}`, /dropped \d+ database\(s\) left by a run that was killed/);
  assert.deepEqual(stillRunning(killed), []);
}

describe('after SIGKILL', () => {
  test('of a run under load, the next start ends what was left, and what was measured says that it is not whole', async (t) => {
    const results = await scratchFolder(t);
    const killed: ProcessNote[] = [];
    const generators = ['autocannon', ...(k6.found ? ['k6'] : [])];
    for (const generator of generators) {
      const run = rushhour('run', 'smoke', '--generator', generator, '--results', results);
      const left = killed.splice(0);
      killed.push(...(await killOver(run, [/^service/, new RegExp(`^${generator}$`)])));
      if (left.length > 0) assertCleared((await run).stderr, left);
      await assert.rejects(readResult(results, 'last'), (error: HarnessError) => {
        assert.match(`${error.message}\n${error.hint}`, /that result is incomplete[\s\S]*events\.ndjson/);
        return error.code === 'RESULT_NOT_FOUND';
      });
      const events = await readFile(path.join(await findResultFolder(results, 'last'), EVENTS_FILE), 'utf8');
      assert.match(events, /"event":"probed"/);
    }
    const next = await rushhour('seed', '--profile', 'smoke');
    assert.equal(next.exitCode, EXIT.fine, `${next.stderr}`);
    assertCleared(next.stderr, killed);
    await assertNothingIsLeft(cache, killed);
  });

  test('of an experiment in the middle of a pair, --resume clears up and goes on', async (t) => {
    const results = await scratchFolder(t);
    const size = ['--mode', 'pair', '--pairs', '2', '--dispatches', '2', '--probes', '1'];
    const run = rushhour('experiment', 'smoke', ...size, '--no-report', '--results', results);
    assert.ok(await eventually(async () => (await finishedPairs(results, 'pair')).length > 0));
    await untilClones(cache, 2);
    const killed = await killOver(run, [/^service/]);
    const broken = await readResult(results, 'last');
    assert.ok(broken.kind === 'experiment' && broken.experiment.state === 'interrupted');
    const kept = broken.runs.length;
    assert.ok(kept >= 2 && broken.runs.every((slot) => slot.run.state === 'complete'));

    const resumed = await rushhour('experiment', '--resume', 'last', '--no-report', '--results', results);
    assert.equal(resumed.exitCode, EXIT.fine, `${resumed.stderr}`);
    assertCleared(resumed.stderr, killed);
    const whole = await readResult(results, 'last');
    assert.ok(whole.kind === 'experiment' && whole.id === broken.id);
    assert.deepEqual([whole.experiment.state, whole.experiment.sittings], ['complete', 2]);
    assert.deepEqual(whole.runs.slice(0, kept), broken.runs);
    await assertNothingIsLeft(cache, killed);
  });

  test('of a week, --resume clears up and goes on after the task that had ended', async (t) => {
    const results = await scratchFolder(t);
    const run = rushhour('week', '--quick', '--profile', 'smoke', '--only', 'day1', '--results', results);
    const hasBackup = async () => (await weekOf(results))?.facts.backup != null;
    assert.ok(await eventually(hasBackup), 'no task has ended');
    const killed = await killOver(run, [/^service/]);
    const broken = await weekOf(results);
    assert.ok(broken?.state === 'interrupted' && broken.facts.profile === null);

    const resumed = await rushhour('week', '--resume', 'last', '--results', results);
    assert.equal(resumed.exitCode, EXIT.fine, `${resumed.stderr}`);
    assertCleared(resumed.stderr, killed);
    const whole = await weekOf(results);
    assert.deepEqual([whole?.state, whole?.sittings], ['complete', 2]);
    assert.deepEqual(whole?.facts.backup, broken.facts.backup);
    await assertNothingIsLeft(cache, killed);
  });

  async function weekOf(results: string) {
    const result = await readResult(results, 'last').catch(() => null);
    return result?.kind === 'week' ? result.week : null;
  }
});

describe('a signal', () => {
  const load = ['run', 'smoke', '--generator', 'autocannon', '--results'];

  test('SIGTERM in the middle of the load, even sent twice as npm does, ends the run in order and keeps what was measured', async (t) => {
    const results = await scratchFolder(t);
    const run = rushhour(...load, results);
    const started = await untilStarted(cache, run, [/^service/, /^autocannon$/]);
    run.kill('SIGTERM');
    run.kill('SIGTERM');
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.interrupted, `${stderr}`);
    assert.match(`${stderr}`, /SIGTERM: stopping what was started/);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'run' && stored.run.state === 'interrupted');
    assert.notEqual(stored.run.probe, null);
    await assertNothingIsLeft(cache, started);
  });

  test('SIGHUP of a terminal that has gone ends an experiment in order too', async (t) => {
    const results = await scratchFolder(t);
    const run = rushhour('experiment', 'smoke', '--mode', 'pair', '--pairs', '3', '--results', results);
    const started = await untilStarted(cache, run, [/^service/]);
    run.stderr?.destroy(); // every further word of it fails
    run.stdout?.destroy();
    run.kill('SIGHUP');
    assert.equal((await run).exitCode, EXIT.interrupted);
    await assertNothingIsLeft(cache, started);
  });

  test('a second SIGTERM stops at once, and the next start clears up', async (t) => {
    const results = await scratchFolder(t);
    const run = rushhour(...load, results);
    const started = await untilStarted(cache, run, [/^service/, /^autocannon$/]);
    const service = started.find(({ what }) => what.startsWith('service'))?.process.pid ?? Number.NaN;
    process.kill(service, 'SIGSTOP'); // it does not hear that it is to end, and the run waits for it
    run.kill('SIGTERM');
    if (run.stderr) await once(run.stderr, 'data');
    await delay(700); // less is taken for the same request
    run.kill('SIGTERM');
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.interrupted, `${stderr}`);
    assert.match(`${stderr}`, /Stopped at once/);
    assert.ok(await eventually(async () => stillRunning(started).length === 0));
    const next = await rushhour('seed', '--profile', 'smoke');
    assert.match(`${next.stderr}`, /dropped 1 database\(s\)/);
    await assertNothingIsLeft(cache, started);
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { EXIT, HarnessError } from '../../harness/errors.ts';
import { findK6 } from '../../harness/load-generators/k6-binary.ts';
import type { ProcessNote } from '../../harness/machine/process-notes.ts';
import { dropAbandoned } from '../../harness/postgres/abandoned-databases.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { PLAN_FILE } from '../../harness/store/experiment-folder.ts';
import { readLedger } from '../../harness/store/ledger.ts';
import { findResultFolder, listResultIds, readResult } from '../../harness/store/read-results.ts';
import { eventually, rushhour as runTool, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { pairsOf, SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { startedWith, stillRunning } from '../support/started-processes.ts';

const PRELOAD = pathToFileURL(path.resolve(import.meta.dirname, '../fixtures/faults/kill-at-step.mjs')).href;
/** Far above what there are: a loop that does not come to its end fails. */
const MOST_STEPS = 40;

const k6 = await findK6();

let own: OwnServer;
before(async () => {
  own = await startOwnServer();
});
after(() => own.remove());

interface Attempt {
  /** `null` when it went to its end, before the step came. */
  readonly killedAt: string | null;
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly started: readonly ProcessNote[];
}

/** Starts the tool, which kills itself at the first of the steps that count and are not in the log. */
async function killedAt(log: string, steps: RegExp, args: readonly string[]): Promise<Attempt> {
  const env = {
    RUSHHOUR_CACHE: own.cache,
    NODE_OPTIONS: `--import ${PRELOAD}`,
    KILLED_AT: log,
    KILL_STEPS: steps.source,
  };
  const command = runTool(args, { env });
  const { signal, exitCode, stderr } = await command;
  const started = startedWith(own.cache, command.pid);
  const last = (await readFile(log, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  return { killedAt: signal === 'SIGKILL' ? last : null, exitCode, stderr: `${stderr}`, started };
}

/** Kills at each step in turn until the command goes to its end. Each start is the next one after a kill, whose leftovers add steps. */
async function killUntilItPasses(
  steps: RegExp,
  folder: string,
  argsOf: (attempt: number) => Promise<readonly string[]>,
  afterKill: (step: string) => Promise<void>,
  assertPassed = (attempt: Attempt) => assert.equal(attempt.exitCode, EXIT.fine, attempt.stderr),
): Promise<string[]> {
  const killed: string[] = [];
  const log = path.join(folder, 'killed-at');
  await writeFile(log, '');
  let left: readonly ProcessNote[] = [];
  for (let n = 1; n <= MOST_STEPS; n++) {
    const attempt = await killedAt(log, steps, await argsOf(n));
    assert.deepEqual(stillRunning(left), [], `of a run killed at ${killed.at(-1)}`);
    left = attempt.started;
    if (attempt.killedAt === null) {
      assertPassed(attempt);
      return killed;
    }
    killed.push(attempt.killedAt);
    await afterKill(attempt.killedAt);
  }
  assert.fail(`it was still not at its end after ${MOST_STEPS} steps`);
}

/** Where the server was still at work for the one that was killed, its database goes with the start after the next. */
async function assertNothingIsLeft(): Promise<void> {
  assert.deepEqual(startedWith(own.cache), []);
  assert.ok(await eventually(isAtRest));
  await dropAbandoned(own.server);
  assert.deepEqual(await leftoverDatabases(own.server), []);
}

/** Whether the server creates or drops no database, and no session is in one of a run or build. */
async function isAtRest(): Promise<boolean> {
  const { rows } = await withAdmin(own.server, undefined, (admin) =>
    admin.query(
      `SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid()
       AND (datname ~ '^rushhour_(run|build)_' OR state = 'active' AND query ~ '^(CREATE|ALTER|DROP) DATABASE')`,
    ),
  );
  return rows.length === 0;
}

/** Every file of a result, by its bytes. */
async function bytesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const hashes = new Map<string, string>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    hashes.set(
      file,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
  }
  return hashes;
}

/** What a result says after its process was killed: that it is not whole, or it is. Anything else fails. */
async function assertReadable(results: string, id: string): Promise<void> {
  const error = await readResult(results, id).then(
    () => null,
    (error: unknown) => error,
  );
  if (error === null) return;
  assert.ok(error instanceof HarnessError, String(error));
  assert.match(error.message, /holds no end record: that result is incomplete\./);
}

/**
 * Watches the results of attempts: each says what it is, and none changes any more once the start after its own was there. Until then a
 * k6 that has outlived its harness writes on in it: that start ends it.
 */
function resultsWatch(results: string) {
  const seen = new Set<string>();
  const known = new Map<string, Map<string, string>>();
  return async () => {
    for (const id of await listResultIds(results)) {
      await assertReadable(results, id);
      if (seen.has(id)) {
        const bytes = await bytesOf(path.join(results, id));
        assert.deepEqual(bytes, known.get(id) ?? bytes, `${id} was changed by a later run`);
        known.set(id, bytes);
      }
      seen.add(id);
    }
  };
}

describe('killed at each of its steps', { timeout: 1_800_000 }, () => {
  test('a seed leaves a template whole or none, and the next start drops what it was at', async (t) => {
    const folder = await scratchFolder(t);
    // A template that is locked is whole, as one that nobody was killed over.
    const steps =
      /^(CREATE|DROP) DATABASE|^ALTER DATABASE .*(RENAME|IS_TEMPLATE false|ALLOW_CONNECTIONS true sent$)|^INSERT INTO rushhour_meta|^COPY booking|^VACUUM/;
    // A dataset of its own each time: one that is there would not be made.
    const seed = (n: number) => ['seed', ...SMALLEST_OPTIONS, '--random-seed', String(1_000 + n)];
    let n = 0;
    const killed = await killUntilItPasses(
      steps,
      folder,
      async (attempt) => {
        n = attempt;
        return seed(n);
      },
      async (step) => {
        if (!step.includes('RENAME')) return;
        // Between the name of a template and its lock: what is there has to be used as it is.
        const again = await runTool(seed(n), { env: { RUSHHOUR_CACHE: own.cache } });
        assert.equal(again.exitCode, EXIT.fine, `${again.stderr}`);
      },
    );
    assertSteps(t, killed, [
      'CREATE DATABASE',
      'INSERT INTO rushhour_meta',
      'COPY booking',
      'VACUUM',
      'ALTER DATABASE',
    ]);
    await assertNothingIsLeft();
  });

  test('a run says that it is incomplete, harms no earlier one, and the next start leaves nothing of it', async (t) => {
    const results = await scratchFolder(t);
    const generator = k6.found ? 'k6' : 'autocannon';
    const args = ['run', 'smoke', '--generator', generator, '--probes', '1', '--duration-factor', '0.01'];
    const watch = resultsWatch(results);
    // Of steps that come again, the first: of dispatches, and of files of a report.
    const steps =
      /^(CREATE|DROP) DATABASE rushhour_run.* sent$|^INSERT INTO rushhour_meta.* sent$|^record added to events.ndjson$|^(run.json|report) written$|(main.ts|k6 smoke.ts|autocannon.*) started$/;
    const killed = await killUntilItPasses(
      steps,
      results,
      async () => [...args, ...SMALLEST_OPTIONS, '--results', results],
      watch,
      // A machine that is busy may miss a threshold: that is an end all the same.
      ({ exitCode, stderr }) => assert.match(`${exitCode}`, /^(0|99)$/, stderr),
    );
    assertSteps(t, killed, [
      'CREATE DATABASE',
      'DROP DATABASE',
      'record added',
      'node main.ts started',
      generator === 'k6' ? 'k6 smoke.ts started' : 'autocannon-child.ts started',
      'run.json written',
      'report written',
    ]);
    await watch();
    await assertNothingIsLeft();
  });

  test('an experiment is resumed each time with the pairs that were whole, until it is', async (t) => {
    const results = await scratchFolder(t);
    const size = [...pairsOf(2), ...SMALLEST_OPTIONS];
    const begin = ['experiment', 'smoke', '--variants', 'optimised,optimised', ...size];
    let kept: readonly string[] = [];
    const whole = async () => {
      const folder = await findResultFolder(results, 'last').catch(() => '');
      const names: string[] = folder === '' ? [] : await readdir(path.join(folder, 'runs')).catch(() => []);
      return names.filter((name) => !name.endsWith('.unfinished'));
    };
    const hasPlan = async () => {
      const folder = await findResultFolder(results, 'last').catch(() => '');
      return folder !== '' && (await readdir(folder)).includes(PLAN_FILE);
    };
    const killed = await killUntilItPasses(
      // Before the plan all begins anew, so of what is counted the first. Two files that are put in their place at once are one step.
      /^record added to (events|aa).ndjson$|^experiment-so-far.json written$|^plan.json in its place$|^pair (written|in its place)$|^experiment.json/,
      results,
      async () => {
        kept = [];
        const resumes = await hasPlan();
        if (resumes) kept = await whole();
        const args = resumes ? ['experiment', '--resume', 'last'] : begin;
        return [...args, '--no-report', '--results', results];
      },
      async () => {
        for (const id of await listResultIds(results)) await assertReadable(results, id);
        const now = await whole();
        assert.deepEqual(
          kept.filter((name) => !now.includes(name)),
          [],
        );
      },
      // The last kill comes after the end record: nothing is left to be resumed.
      ({ exitCode, stderr }) => {
        assert.equal(exitCode, EXIT.usage, stderr);
        assert.match(stderr, /--resume: \S+ is complete\./);
      },
    );
    assertSteps(t, killed, [
      'record added to events.ndjson',
      'experiment-so-far.json written',
      'plan.json in its place',
      'pair written',
      'pair in its place',
      'record added to aa.ndjson',
      'experiment.json written',
      'experiment.json in its place',
    ]);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment' && stored.experiment.state === 'complete');
    assert.equal((await readLedger(results)).length, 1); // although it was killed between its line there and its end record
    await assertNothingIsLeft();
  });
});

/** That the loop has really been at the places it is about. */
function assertSteps(t: TestContext, killed: readonly string[], expected: readonly string[]): void {
  t.diagnostic(`killed at: ${killed.join('; ')}`);
  for (const name of expected)
    assert.ok(
      killed.some((step) => step.startsWith(name)),
      `never killed at: ${name}`,
    );
}

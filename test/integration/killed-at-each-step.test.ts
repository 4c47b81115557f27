import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { EXIT, HarnessError } from '../../harness/errors.ts';
import { findK6 } from '../../harness/load-generators/k6-binary.ts';
import type { ProcessNote } from '../../harness/machine/process-notes.ts';
import { PLAN_FILE } from '../../harness/store/experiment-folder.ts';
import { findResultFolder, listResultIds, readResult } from '../../harness/store/read-results.ts';
import { rushhour as runTool, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { startedWith, stillRunning } from '../support/started-processes.ts';

const PRELOAD = pathToFileURL(path.resolve(import.meta.dirname, '../fixtures/faults/kill-at-step.mjs')).href;
/** Far above what there are: a loop that does not come to its end fails. */
const MOST_STEPS = 80;

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
      assert.equal(attempt.exitCode, EXIT.fine, attempt.stderr);
      return killed;
    }
    killed.push(attempt.killedAt);
    await afterKill(attempt.killedAt);
  }
  assert.fail(`it was still not at its end after ${MOST_STEPS} steps`);
}

async function assertNothingIsLeft(): Promise<void> {
  assert.deepEqual(startedWith(own.cache), []);
  assert.deepEqual(await leftoverDatabases(own.server), []);
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

/** Watches the results of attempts: none that was there may change, and each says what it is. */
function resultsWatch(results: string) {
  const known = new Map<string, Map<string, string>>();
  return async () => {
    for (const id of await listResultIds(results)) {
      await assertReadable(results, id);
      const bytes = await bytesOf(path.join(results, id));
      const before = known.get(id);
      if (before) assert.deepEqual(bytes, before, `${id} was changed by a later run`);
      known.set(id, bytes);
    }
  };
}

describe('killed at each of its steps', { timeout: 1_800_000 }, () => {
  test('a seed leaves a template whole or none, and the next start drops what it was at', async (t) => {
    const folder = await scratchFolder(t);
    const steps = /^(CREATE|ALTER|DROP) DATABASE|^INSERT INTO rushhour_meta|^COPY booking|^VACUUM/;
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
        if (!/RENAME|IS_TEMPLATE true/.test(step)) return;
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
    // The door of a template is opened and closed for a look inside; the seed above is killed over that.
    const steps =
      /^(CREATE|DROP) DATABASE|^INSERT INTO rushhour_meta|^record added|^run\.json|^report written|^(node|k6|.*\.ts) started/;
    const killed = await killUntilItPasses(
      steps,
      results,
      async () => [...args, ...SMALLEST_OPTIONS, '--results', results],
      watch,
    );
    assertSteps(t, killed, [
      'CREATE DATABASE',
      'DROP DATABASE',
      'record added',
      'node started',
      'run.json in its place',
    ]);
    await watch();
    await assertNothingIsLeft();
  });

  test('an experiment is resumed each time with the pairs that were whole, until it is', async (t) => {
    const results = await scratchFolder(t);
    const size = [
      '--mode',
      'pair',
      '--pairs',
      '2',
      '--dispatches',
      '1',
      '--probes',
      '1',
      ...SMALLEST_OPTIONS,
    ];
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
      /record added|written$|in its place/,
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
    );
    assertSteps(t, killed, ['record added to events.ndjson', 'plan.json in its place', 'pair written']);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment' && stored.experiment.state === 'complete');
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

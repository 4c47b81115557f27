import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CommandConfig } from '../../harness/config/rushhour-config.ts';
import { HarnessError } from '../../harness/errors.ts';
import { readProcess } from '../../harness/machine/process-identity.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { runHooks } from '../../harness/targets/hooks.ts';
import type { ResetContext } from '../../harness/targets/target.ts';
import { eventually, scratchFolder } from '../support/command.ts';
import { configOf, PASSWORD } from '../support/odd-services.ts';
import { startedWith } from '../support/started-processes.ts';

/** Hooks only need the address. */
const server = {
  serviceUrl: (database: string) => `postgres://app:${PASSWORD}@127.0.0.1:5999/${database}`,
} as PostgresServer;

function reset(signal = new AbortController().signal): ResetContext {
  return { variant: 'odd', server, databaseName: 'rushhour_run_odd', signal };
}

/** Writes a word and what it was told into a file. */
function says(file: string, word: string): CommandConfig {
  const script = `require('fs').appendFileSync(process.argv[1], [process.argv[2], process.env.PHASE, process.env.DATABASE_URL].join(' ') + '\\n')`;
  return { command: [process.execPath, '-e', script, file, word], environment: { PHASE: '{phase}' } };
}

const script = (text: string): CommandConfig => ({ command: [process.execPath, '-e', text] });

function loadedWith(t: TestContext, hooks: NonNullable<Parameters<typeof configOf>[0]['hooks']>) {
  t.after(() => assert.deepEqual(startedWith(process.env.RUSHHOUR_CACHE ?? '', process.pid), []));
  return configOf({ variants: { odd: { url: 'http://127.0.0.1:9' } }, hooks });
}

async function failure(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => assert.fail('it went well'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof HarnessError, String(error));
  return error;
}

test('hooks run in their order, each phase its own, and know phase and database', async (t) => {
  const file = path.join(await scratchFolder(t), 'said');
  const loaded = loadedWith(t, {
    beforeReset: [says(file, 'stop'), says(file, 'flush')],
    afterReset: [says(file, 'go')],
  });
  await runHooks(loaded, 'before', reset());
  await runHooks(loaded, 'after', reset());
  const url = server.serviceUrl('rushhour_run_odd');
  assert.equal(await readFile(file, 'utf8'), `stop before ${url}\nflush before ${url}\ngo after ${url}\n`);
});

test('a config without hooks does nothing', async (t) => {
  await runHooks(loadedWith(t, {}), 'before', reset());
});

test('a hook that fails is told with its last words, without the password, and those after it are not run', async (t) => {
  const file = path.join(await scratchFolder(t), 'said');
  const fails = script(`console.error('no redis for ' + process.env.DATABASE_URL); process.exit(2)`);
  const loaded = loadedWith(t, { afterReset: [fails, says(file, 'go')] });
  const error = await failure(runHooks(loaded, 'after', reset()));
  assert.equal(error.code, 'COMMAND_FAILED');
  assert.match(
    error.message,
    /^hooks\.afterReset\[0\]: .* failed: exit code 2, in .*\. Its last lines:\nno redis for \*\*\*$/s,
  );
  await assert.rejects(readFile(file), { code: 'ENOENT' });
});

test('a hook that hangs is killed with its children, and told', async (t) => {
  const hangs = script(
    `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' })`,
  );
  const loaded = loadedWith(t, { beforeReset: [hangs] });
  const error = await failure(runHooks(loaded, 'before', reset(), { timeoutMs: 300 }));
  assert.match(error.message, /^hooks\.beforeReset\[0\]: .* was killed: no end within 0\.3 s/);
});

test('an interruption ends a hook', async (t) => {
  const file = path.join(await scratchFolder(t), 'said');
  const stop = new AbortController();
  const reason = new HarnessError('INTERRUPTED', 'Interrupted.');
  const stays = `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1e6)`;
  const loaded = loadedWith(t, { beforeReset: [script(stays)] });
  const running = failure(runHooks(loaded, 'before', reset(stop.signal)));
  const pid = async () => Number(await readFile(file, 'utf8').catch(() => ''));
  assert.ok(await eventually(async () => (await pid()) > 0));
  stop.abort(reason);
  assert.equal(await running, reason);
  assert.equal(readProcess(await pid()), null);
});

test('a hook that does not exist is told by its name', async (t) => {
  const loaded = loadedWith(t, { beforeReset: [{ command: ['no-such-hook'] }] });
  assert.match(
    (await failure(runHooks(loaded, 'before', reset()))).message,
    /^hooks\.beforeReset\[0\]: expected a program "no-such-hook" on PATH/,
  );
});

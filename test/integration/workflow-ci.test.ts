import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { scratchFolder } from '../support/command.ts';
import { runnerEnvironment, runSteps } from '../support/workflow-steps.ts';

test('the steps of ci.yml succeed in a clean clone with an empty HOME; in the place of all tests, which this is one of, stand those of one module', async (t) => {
  const scratch = await scratchFolder(t);
  const [clone, home] = [path.join(scratch, 'clone'), path.join(scratch, 'home')];
  await mkdir(home);
  await execa('git', ['clone', '--quiet', '--no-hardlinks', PROJECT_ROOT, clone]);
  const steps = await runSteps({
    file: path.join(PROJECT_ROOT, '.github/workflows/ci.yml'),
    job: 'test',
    cwd: clone,
    environment: await runnerEnvironment(home),
    instead: { Test: 'node --import tsx test/run-tests.ts unit harness/change.test.ts' },
  });
  assert.deepEqual(
    steps.map(({ name, exitCode }) => `${name} ${exitCode}`),
    ['Install 0', 'k6 0', 'Test 0'],
    steps.at(-1)?.output,
  );
});

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { findOnPath } from '../../harness/machine/executable-path.ts';
import { scratchFolder } from '../support/command.ts';
import { pythonPackages } from '../support/python-packages.ts';

const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';
const WORKFLOWS = path.join(PROJECT_ROOT, '.github', 'workflows');
const files = (await readdir(WORKFLOWS)).filter((name) => name.endsWith('.yml')).sort();

/** The reason to skip with; under CI a missing tool is an error, so that no build is green by testing nothing. */
function missing(what: string): string {
  if (process.env.CI) throw new Error(what);
  return what;
}

describe('the workflow files', async () => {
  const requirements = path.join(PROJECT_ROOT, 'test/fixtures/workflows/requirements.txt');
  const python = await pythonPackages(requirements);
  const hasGo = (await findOnPath('go', process.env)).length > 0;
  const skip =
    'skip' in python ? python.skip : hasGo ? false : missing('actionlint needs Go, which is not on PATH');
  const shellcheck = 'folder' in python ? path.join(python.folder, 'bin', 'shellcheck') : '';

  test('actionlint finds nothing in them, with shellcheck in every run step, and does find what is broken', {
    skip,
  }, async (t) => {
    const bin = await scratchFolder(t);
    await execa('go', ['install', ACTIONLINT], { env: { GOBIN: bin } });
    const lint = (input: string) =>
      execa(path.join(bin, 'actionlint'), ['-shellcheck', shellcheck, '-'], { input, reject: false });
    for (const name of files) {
      const text = await readFile(path.join(WORKFLOWS, name), 'utf8');
      const { stdout, stderr, exitCode } = await lint(text);
      assert.equal(exitCode, 0, `${name}\n${stdout}\n${stderr}`);
    }
    const broken = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo $x\n';
    const { stdout } = await lint(broken);
    assert.match(stdout, /SC2086/); // double quote to prevent globbing
  });

  test('shellcheck finds nothing in the shell job', { skip }, async () => {
    const { stdout, exitCode } = await execa(shellcheck, ['examples/nightly/nightly.sh'], {
      cwd: PROJECT_ROOT,
      reject: false,
    });
    assert.equal(exitCode, 0, stdout);
  });

  test('every action is pinned by its commit, with the version beside it, every job may do little and ends', async () => {
    assert.deepEqual(files, ['ci.yml', 'nightly-load.yml']);
    for (const name of files) {
      const text = await readFile(path.join(WORKFLOWS, name), 'utf8');
      const uses = text.match(/uses: .*/g) ?? [];
      assert.ok(uses.length >= 4);
      for (const one of uses) assert.match(one, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      const { permissions, concurrency, jobs } = parse(text);
      assert.deepEqual(permissions, { contents: 'read' });
      assert.ok(concurrency.group);
      for (const job of Object.values<Record<string, unknown>>(jobs))
        assert.ok(Number(job['timeout-minutes']) > 0);
    }
  });

  test('by its schedule the nightly workflow runs where it was copied to, and in no fork; asked to, it runs everywhere', async () => {
    const { jobs } = parse(await readFile(path.join(WORKFLOWS, 'nightly-load.yml'), 'utf8'));
    // What the condition is made of means in JavaScript what it means to GitHub.
    const condition = new Function('github', 'endsWith', `return ${jobs.measure.if}`);
    const runs = (event_name: string, repository: string, fork: boolean) =>
      condition({ event_name, repository, event: { repository: { fork } } }, (text: string, end: string) =>
        text.endsWith(end),
      );
    assert.equal(runs('schedule', 'ann/planner', false), true);
    assert.equal(runs('schedule', 'ben/planner', true), false);
    assert.equal(runs('schedule', 'ann/rushhour', false), false);
    assert.equal(runs('workflow_dispatch', 'ben/rushhour', true), true);
  });
});

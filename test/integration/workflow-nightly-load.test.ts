import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { scratchFolder } from '../support/command.ts';
import { TRIPS, tripsConfig, writeConfig } from '../support/trips.ts';
import { runnerEnvironment, runSteps } from '../support/workflow-steps.ts';

const skip = existsSync(path.join(PROJECT_ROOT, 'harness/commands/nightly.ts'))
  ? false
  : 'there is no `rushhour nightly` yet';

test("the steps of nightly-load.yml measure a stranger's repository, and the history of two nights is on a branch of it", {
  skip,
}, async (t) => {
  const scratch = await scratchFolder(t);
  const [home, origin, checkout] = ['home', 'origin.git', 'checkout'].map((name) =>
    path.join(scratch, name),
  ) as [string, string, string];
  await mkdir(home);
  const environment = await runnerEnvironment(home);
  await strangersRepository(scratch, origin);
  for (const night of [1, 2]) {
    await execa('git', ['clone', '--quiet', origin, checkout]);
    const steps = await runSteps({
      file: path.join(PROJECT_ROOT, '.github/workflows/nightly-load.yml'),
      job: 'measure',
      cwd: checkout,
      environment: { ...environment, GITHUB_ACTIONS: 'true' },
    });
    assert.deepEqual(
      steps.map(({ name, exitCode }) => `${name} ${exitCode}`),
      ['Install 0', 'k6 0', 'History 0', 'Measure 0', 'Keep the history 0', 'Verdict 0'],
      steps.map(({ output }) => output).join('\n'),
    );
    assert.match(await readFile(`${checkout}.summary`, 'utf8'), /^\*\*= FINE\*\* /);
    const history = await execa('git', ['-C', origin, 'show', 'rushhour-history:history.ndjson']);
    assert.equal(history.stdout.split('\n').length, night);
    await execa('rm', ['-rf', checkout]);
  }
});

/** The trips service with rushhour as npm packs it, its config measuring one commit against itself by counts. */
async function strangersRepository(scratch: string, origin: string): Promise<void> {
  const work = path.join(scratch, 'work');
  await cp(TRIPS, work, { recursive: true });
  const packed = await execa('npm', ['pack', '--silent', '--pack-destination', work], { cwd: PROJECT_ROOT });
  const dependencies = { rushhour: `file:${packed.stdout.trim().split('\n').at(-1)}`, pg: '^8.0.0' };
  await writeFile(
    path.join(work, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type: 'module', devDependencies: dependencies }),
  );
  await writeFile(path.join(work, '.gitignore'), 'node_modules/\n.cache/\nresults/\n');
  await writeConfig(work, {
    ...tripsConfig(),
    variants: {
      service: {
        start: {
          command: [process.execPath, 'trips-service.mjs'],
          environment: { DATABASE_URL: '{databaseUrl}', PORT: '{port}' },
        },
        source: { repository: '.', ref: 'HEAD', build: [{ command: ['npm', 'ci'] }] },
      },
    },
    nightly: { reference: 'v1', scenarios: { dispatch: { mode: 'count' } } },
  });
  await execa('npm', ['install', '--package-lock-only'], { cwd: work });
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { cwd: work });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '-A');
  await git('commit', '--quiet', '-m', 'The service as it is');
  await git('tag', 'v1');
  await git('clone', '--quiet', '--bare', work, origin);
}

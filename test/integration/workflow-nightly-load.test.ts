import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { scratchFolder } from '../support/command.ts';
import { TRIPS, tripsConfig, writeConfig } from '../support/trips.ts';
import { runnerEnvironment, runSteps } from '../support/workflow-steps.ts';

test("the steps of nightly-load.yml measure a stranger's repository, and the history of two nights is on a branch of it", async (t) => {
  const scratch = await scratchFolder(t);
  const [home, origin, checkout, kept] = ['home', 'origin.git', 'checkout', 'kept'].map((name) =>
    path.join(scratch, name),
  ) as [string, string, string, string];
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
      // What the first night has installed serves the second one: it has the same lockfile.
      instead: night === 1 ? {} : { Install: `mv '${kept}' node_modules` },
    });
    assert.deepEqual(
      steps.map(({ name, exitCode }) => `${name} ${exitCode}`),
      ['Install 0', 'k6 0', 'History 0', 'Measure 0', 'Keep the history 0', 'Verdict 0'],
      steps.map(({ output }) => output).join('\n'),
    );
    assert.match(await readFile(`${checkout}.summary`, 'utf8'), /^\*\*= FINE\*\* /);
    const history = await execa('git', ['-C', origin, 'show', 'rushhour-history:history.ndjson']);
    assert.equal(history.stdout.split('\n').length, night);
    await rename(path.join(checkout, 'node_modules'), kept);
    await rm(checkout, { recursive: true });
  }
});

/** The trips service with rushhour as npm packs it, its config measuring one commit against itself by counts. */
async function strangersRepository(scratch: string, origin: string): Promise<void> {
  const work = path.join(scratch, 'work');
  await cp(TRIPS, work, { recursive: true });
  const packed = await execa('npm', ['pack', '--silent', '--pack-destination', work], { cwd: PROJECT_ROOT });
  const tool = `file:${packed.stdout.trim().split('\n').at(-1)}`;
  const { dependencies } = JSON.parse(await readFile(path.join(PROJECT_ROOT, 'package.json'), 'utf8'));
  await writeFile(
    path.join(work, 'package.json'),
    JSON.stringify({
      ...{ name: 'stranger', private: true, type: 'module' },
      ...{ dependencies: { pg: dependencies.pg }, devDependencies: { rushhour: tool } },
    }),
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
        source: { repository: '.', ref: 'HEAD', build: [{ command: ['npm', 'ci', '--omit=dev'] }] },
      },
    },
    nightly: { reference: 'v1', scenarios: { dispatch: { mode: 'count' } } },
  });
  await execa('npm', ['install', '--package-lock-only', '--prefer-offline'], { cwd: work });
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { cwd: work });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '-A');
  await git('commit', '--quiet', '-m', 'The service as it is');
  await git('tag', 'v1');
  await git('clone', '--quiet', '--bare', work, origin);
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { execa } from 'execa';
import type { LoadedConfig } from '../../harness/config/loaded-config.ts';
import type { VariantConfig } from '../../harness/config/rushhour-config.ts';
import { HarnessError } from '../../harness/errors.ts';
import { endOrphans } from '../../harness/machine/end-orphans.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { notesFolder } from '../../harness/machine/process-notes.ts';
import { startConfiguredService } from '../../harness/targets/configured-service.ts';
import { configuredTarget } from '../../harness/targets/configured-target.ts';
import { checkoutsFolder, sourceCommitOf, variantFolder } from '../../harness/targets/source-checkout.ts';
import { eventually, scratchFolder } from '../support/command.ts';
import { configOf, ODD_SERVICES, startRequest } from '../support/odd-services.ts';

const signal = new AbortController().signal;

interface Repository {
  readonly folder: string;
  git(...args: readonly string[]): Promise<string>;
  /** Everything but the objects: branches, locks, work trees, settings. */
  state(): Promise<string>;
}

/** A repository with the config in `apps/dispatch`, one commit tagged `before` and one on `main` after it. */
async function repository(t: TestContext): Promise<Repository> {
  const folder = await scratchFolder(t);
  const git = async (...args: readonly string[]) => {
    const author = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'commit.gpgsign=false'];
    return (await execa('git', [...author, ...args], { cwd: folder })).stdout;
  };
  await git('init', '--quiet', '--initial-branch=main');
  await mkdir(path.join(folder, 'apps', 'dispatch'), { recursive: true });
  const service = await readFile(path.join(ODD_SERVICES, 'odd-service.mjs'), 'utf8');
  await writeFile(path.join(folder, 'apps', 'dispatch', 'service.mjs'), service);
  for (const version of ['before', 'after']) {
    await writeFile(path.join(folder, 'apps', 'dispatch', 'version'), version);
    await git('add', '-A');
    await git('commit', '--quiet', '-m', version);
    await git('tag', version);
  }
  const state = async () => {
    const names = await readdir(path.join(folder, '.git'), { recursive: true });
    return [
      ...names.filter((name) => !name.startsWith('objects')).sort(),
      await git('status', '--porcelain'),
    ].join('\n');
  };
  return { folder, git, state };
}

function loadedIn({ folder }: Repository, variant: VariantConfig): LoadedConfig {
  return configOf({ variants: { odd: variant }, folder: path.join(folder, 'apps', 'dispatch') });
}

/** A build step that counts how often it was run in a file outside of the checkout. */
function counting(file: string, more = '') {
  const script = `require('fs').appendFileSync(${JSON.stringify(file)}, 'x'); require('fs').writeFileSync('built', process.cwd()); ${more}`;
  return { command: [process.execPath, '-e', script] };
}

async function failure(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => assert.fail('it went well'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof HarnessError, String(error));
  return error;
}

test('a variant of an earlier commit runs in a checkout of it, at the place of the config, built once', async (t) => {
  const repo = await repository(t);
  const count = path.join(repo.folder, '..', `${path.basename(repo.folder)} count`);
  t.after(() => rm(count, { force: true }));
  const untouched = await repo.state();
  const variant = {
    start: { command: [process.execPath, 'service.mjs', 'plain'] },
    source: { ref: 'before', build: [counting(count)] },
  };
  const commit = await repo.git('rev-parse', 'before');
  for (let start = 0; start < 2; start++) {
    const loaded = loadedIn(repo, variant); // as another start of the tool would load it
    const service = await startConfiguredService(loaded, startRequest());
    t.after(() => service.stop());
    const { folder } = (await (await fetch(`${service.baseUrl}/self`)).json()) as { folder: string };
    await service.stop();
    assert.equal(folder, await variantFolder(loaded, 'odd', { signal }));
    assert.ok(
      folder.startsWith(checkoutsFolder()) && folder.endsWith(path.join('checkout', 'apps', 'dispatch')),
    );
    assert.equal(await readFile(path.join(folder, 'version'), 'utf8'), 'before');
    assert.equal(await readFile(path.join(folder, 'built'), 'utf8'), folder);
    assert.equal(await sourceCommitOf(loaded, 'odd', signal), commit);
  }
  assert.equal(await readFile(count, 'utf8'), 'x');
  assert.equal(await repo.state(), untouched);
});

test('two that want the same commit at once build it once, and another build is another checkout', async (t) => {
  const repo = await repository(t);
  const count = path.join(repo.folder, 'count');
  const variant = (more: string) => ({ source: { ref: 'after', build: [counting(count, more)] } });
  const places = await Promise.all(
    ['', ''].map((more) => variantFolder(loadedIn(repo, variant(more)), 'odd', { signal })),
  );
  assert.equal(places[0], places[1]);
  assert.equal(await readFile(count, 'utf8'), 'x');
  assert.notEqual(await variantFolder(loadedIn(repo, variant('/* other */')), 'odd', { signal }), places[0]);
  assert.equal(await readFile(count, 'utf8'), 'xx');
});

test('a branch that moves on while the tool runs stays at the commit that it began with', async (t) => {
  const repo = await repository(t);
  const loaded = loadedIn(repo, { source: { ref: 'main' } });
  const first = await sourceCommitOf(loaded, 'odd', signal);
  await repo.git('commit', '--quiet', '--allow-empty', '-m', 'later');
  assert.equal(await sourceCommitOf(loaded, 'odd', signal), first);
  assert.notEqual(await sourceCommitOf(loadedIn(repo, { source: { ref: 'main' } }), 'odd', signal), first);
});

test('a variant without source runs where its config is, and has no commit', async (t) => {
  const repo = await repository(t);
  const loaded = loadedIn(repo, {});
  assert.equal(await variantFolder(loaded, 'odd', { signal }), loaded.folder);
  assert.equal(await sourceCommitOf(loaded, 'odd', signal), null);
});

test('the branch of a variant is the one checked out where its config or its source lies; a lone commit has none', async (t) => {
  const repo = await repository(t);
  const branch = async (variant: object) =>
    (await configuredTarget(loadedIn(repo, variant)).identityOf('odd', signal)).branch;
  assert.equal(await branch({}), 'main');
  await repo.git('checkout', '--quiet', '-b', 'faster/dispatch');
  assert.equal(await branch({ source: { ref: 'main' } }), 'faster/dispatch');
  await repo.git('checkout', '--quiet', '--detach');
  assert.equal(await branch({}), null);
});

test('a ref that is not there is told with the names like it, a folder without a repository as what it is', async (t) => {
  const repo = await repository(t);
  await repo.git('branch', 'release-2.4');
  const unknown = await failure(
    sourceCommitOf(loadedIn(repo, { source: { ref: 'relaese-2.4' } }), 'odd', signal),
  );
  assert.equal(unknown.code, 'BAD_CONFIG');
  assert.match(
    unknown.message,
    /^variants\.odd\.source\.ref: expected a commit, tag or branch of .*, got "relaese-2\.4"\. Names like it: release-2\.4, /,
  );
  const option = await failure(sourceCommitOf(loadedIn(repo, { source: { ref: '--all' } }), 'odd', signal));
  assert.equal(option.code, 'BAD_CONFIG');
  for (const folder of [tmpdir(), path.join(tmpdir(), 'no such folder')]) {
    const none = await failure(
      sourceCommitOf(loadedIn(repo, { source: { ref: 'main', repository: folder } }), 'odd', signal),
    );
    assert.match(none.message, /^variants\.odd\.source: expected a git repository at .*, got: /);
  }
});

test('a build that fails is told by its command and its last words, and is done anew the next time', async (t) => {
  const repo = await repository(t);
  const count = path.join(repo.folder, 'count');
  const build = [
    counting(
      count,
      "if (require('fs').readFileSync(process.argv[1], 'utf8') === 'x') { console.error('no compiler'); process.exit(4) }",
    ),
  ].map(({ command }) => ({ command: [...command, count] }));
  const variant = { source: { ref: 'before', build } };
  const error = await failure(variantFolder(loadedIn(repo, variant), 'odd', { signal }));
  assert.equal(error.code, 'COMMAND_FAILED');
  assert.match(
    error.message,
    /^variants\.odd\.source\.build\[0\]: .* failed: exit code 4, in .*\. Its last lines:\nno compiler$/s,
  );
  await variantFolder(loadedIn(repo, variant), 'odd', { signal });
  assert.equal(await readFile(count, 'utf8'), 'xx');
});

test('a checkout whose maker was killed over the build is not used, and nothing is left in the repository', async (t) => {
  const repo = await repository(t);
  const cache = await mkdtemp(path.join(tmpdir(), 'rushhour-sources-'));
  t.after(() => rm(cache, { recursive: true, force: true }));
  const stuck = path.join(repo.folder, 'stuck');
  await writeFile(stuck, '');
  const build = [
    {
      command: [
        process.execPath,
        '-e',
        `const fs = require('fs'); fs.writeFileSync('half', ''); if (fs.existsSync(${JSON.stringify(stuck)})) { console.log('half built'); setInterval(() => {}, 1e6) } else fs.writeFileSync('whole', '')`,
      ],
    },
  ];
  const loaded = loadedIn(repo, { source: { ref: 'before', build } });
  const untouched = await repo.state();
  const script = `
    const { variantFolder } = await import('./harness/targets/source-checkout.ts');
    const folder = await variantFolder(${JSON.stringify(loaded)}, 'odd',
      { signal: new AbortController().signal, onProgress: (detail) => console.log(detail) });
    console.log('at ' + folder);`;
  const make = () =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, RUSHHOUR_CACHE: cache },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const killed = make();
  let said = '';
  killed.stdout.on('data', (text: Buffer) => {
    said += text;
  });
  assert.ok(await eventually(async () => said.includes('building odd: half built')));
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  assert.equal(await repo.state(), untouched);

  await rm(stuck);
  assert.equal((await endOrphans({ folder: notesFolder(cache) })).ended.length, 1); // the build that it was at
  const second = make();
  said = '';
  second.stdout.on('data', (text: Buffer) => {
    said += text;
  });
  await once(second, 'close');
  const place = /^at (.*)$/m.exec(said)?.[1] ?? '';
  assert.deepEqual((await readdir(place)).sort(), ['half', 'service.mjs', 'version', 'whole']);
});

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { cachedK6Path } from '../../harness/load-generators/k6-binary.ts';
import { installK6 } from '../../harness/load-generators/k6-install.ts';
import {
  namesIn,
  packRelease,
  pathWith,
  type ReleaseFiles,
  scratchFolder,
  serveRelease,
  UNPACKERS,
} from './k6-install-stand-ins.ts';

const PROJECT_ROOT = path.resolve(import.meta.dirname, '..', '..');
const INSTALLER = pathToFileURL(path.join(PROJECT_ROOT, 'harness', 'load-generators', 'k6-install.ts')).href;

/** A server that keeps the archive back until it is told to hand it out. */
async function holdingServer(t: TestContext, release: ReleaseFiles) {
  let handOut = () => {};
  const mayAnswer = new Promise<void>((resolve) => {
    handOut = resolve;
  });
  let wasAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    wasAsked = resolve;
  });
  const archive = async (_request: unknown, response: ServerResponse) => {
    wasAsked();
    await mayAnswer;
    response.end(release.archive);
  };
  const server = await serveRelease(t, release, {
    archive: (request, response) => void archive(request, response),
  });
  return { ...server, asked, files: server.asked, handOut };
}

/** A process of its own that installs, and prints each step. */
function installer(t: TestContext, env: NodeJS.ProcessEnv, cacheDir: string) {
  const script = `
    import { installK6 } from ${JSON.stringify(INSTALLER)};
    const k6 = await installK6({
      cacheDir: ${JSON.stringify(cacheDir)},
      onProgress: ({ step }) => console.log(step),
    });
    console.log(k6.path);`;
  const subprocess = execa(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    cwd: PROJECT_ROOT,
    env,
    extendEnv: false,
    stdin: 'ignore',
  });
  t.after(() => subprocess.kill('SIGKILL'));
  return subprocess;
}

async function setUp(t: TestContext) {
  const folder = await scratchFolder(t);
  const release = await packRelease(folder);
  const server = await holdingServer(t, release);
  const env = { PATH: await pathWith(folder, UNPACKERS), RUSHHOUR_K6_DOWNLOAD_URL: server.url };
  return { server, env, cacheDir: path.join(folder, 'cache') };
}

test('of two processes that install at once, one downloads and the other waits for it', async (t) => {
  const { server, env, cacheDir } = await setUp(t);
  const first = installer(t, env, cacheDir);
  await server.asked;
  const second = installer(t, env, cacheDir);
  const waits = new Promise<void>((resolve) => {
    second.stdout.on('data', (chunk) => String(chunk).includes('wait') && resolve());
  });
  await Promise.race([waits, second.then(() => assert.fail('it did not wait'))]);
  server.handOut();
  const [one, other] = await Promise.all([first, second]);
  assert.ok(one.stdout.endsWith(cachedK6Path(cacheDir)));
  assert.ok(other.stdout.endsWith(cachedK6Path(cacheDir)));
  assert.ok(!other.stdout.includes('download'), other.stdout);
  assert.equal(server.files.length, 2); // checksums and archive, once
  assert.deepEqual(await namesIn(path.join(cacheDir, 'k6')), ['1.8.1']);
});

test('an abort ends the wait for another installation, which goes on', async (t) => {
  const { server, env, cacheDir } = await setUp(t);
  const first = installK6({ env, cacheDir });
  await server.asked;
  const stop = new AbortController();
  await assert.rejects(installK6({ env, cacheDir, signal: stop.signal, onProgress: () => stop.abort() }), {
    code: 'INTERRUPTED',
  });
  server.handOut();
  assert.equal((await first).version, '1.8.1');
});

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { cachedK6Path } from '../../harness/load-generators/k6-binary.ts';
import { installK6 } from '../../harness/load-generators/k6-install.ts';
import type { InstallProgress } from '../../harness/load-generators/k6-install-progress.ts';
import { filesIn, k6Script, namesIn, pathWith, scratchFolder, writeScript } from './k6-install-stand-ins.ts';

interface Place {
  readonly folder: string;
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the stand-in was called with: its arguments, then its environment. */
  readonly record: string;
  readonly moduleCache: string;
}

const PUTS_K6_IN_PLACE = ['mkdir -p "$GOBIN"', 'cp "$STAND_IN_K6" "$GOBIN/k6"'];

/** A machine without downloads, with a `go` that answers `go env` and does `lines` for `go install`. */
async function place(t: TestContext, lines: readonly string[]): Promise<Place> {
  const folder = await scratchFolder(t);
  const bin = await pathWith(folder, ['mkdir', 'cp', 'tar', 'sleep']);
  const record = path.join(folder, 'record');
  const moduleCache = path.join(folder, 'home', 'go', 'pkg', 'mod');
  const settings = {
    GOVERSION: 'go1.26.8',
    GOPATH: path.join(folder, 'home', 'go'),
    GOMODCACHE: moduleCache,
    GOCACHE: path.join(folder, 'home', 'go-build'),
    GOPROXY: 'https://proxy.corp.test',
    GOSUMDB: 'off',
    GOTOOLCHAIN: 'local',
  };
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings));
  await writeScript(
    path.join(bin, 'go'),
    `if [ "$1" = env ]; then while read -r line || [ -n "$line" ]; do echo "$line"; done < "${folder}/settings.json"; exit; fi`,
    `{ echo "$@"; export -p; } > "${record}"`,
    'echo "go: downloading go.k6.io/k6 v1.8.1" >&2',
    'echo "go.k6.io/k6/js" >&2',
    ...lines,
  );
  const env = {
    PATH: bin,
    RUSHHOUR_K6_DOWNLOAD_URL: 'http://127.0.0.1:1/', // refused
    STAND_IN_K6: await k6Script(path.join(folder, 'ready-k6')),
    GOFLAGS: '-mod=vendor',
  };
  return { folder, cacheDir: path.join(folder, 'cache'), env, record, moduleCache };
}

/** A variable of the environment that the stand-in has recorded with `export -p`. */
async function recorded(at: Place, name: string): Promise<string | undefined> {
  const text = await readFile(at.record, 'utf8');
  return new RegExp(`^(?:export|declare -x) ${name}=["']?(.*?)["']?$`, 'm').exec(text)?.[1];
}

async function recordedArguments(at: Place): Promise<string> {
  return (await readFile(at.record, 'utf8')).split('\n', 1)[0] ?? '';
}

test('where the download is closed, go installs the pinned version and the progress tells its modules', async (t) => {
  const at = await place(t, PUTS_K6_IN_PLACE);
  const steps: InstallProgress[] = [];
  const k6 = await installK6({ env: at.env, cacheDir: at.cacheDir, onProgress: (step) => steps.push(step) });
  assert.deepEqual([k6.path, k6.version], [cachedK6Path(at.cacheDir), '1.8.1']);
  assert.match(await recordedArguments(at), /^install -v .*go\.k6\.io\/k6@v1\.8\.1$/);
  const details = steps.filter(({ step }) => step === 'build').map(({ detail }) => detail);
  assert.ok(details.includes('downloading go.k6.io/k6 v1.8.1'), details.join());
  assert.ok(details.includes('compiling go.k6.io/k6/js'), details.join());
  assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), ['1.8.1']);
});

test("go works inside the cache, with the user's proxy, toolchain and build cache, and its checks on", async (t) => {
  const at = await place(t, PUTS_K6_IN_PLACE);
  await installK6({ env: at.env, cacheDir: at.cacheDir });
  const working = new RegExp(`^${path.join(at.cacheDir, 'k6', '.installing-')}`);
  for (const name of ['GOBIN', 'GOPATH', 'GOMODCACHE', 'GOTMPDIR']) {
    assert.match((await recorded(at, name)) ?? '', working, name);
  }
  assert.equal(await recorded(at, 'GOCACHE'), path.join(at.folder, 'home', 'go-build'));
  assert.equal(await recorded(at, 'GOPROXY'), 'https://proxy.corp.test');
  assert.equal(await recorded(at, 'GOTOOLCHAIN'), 'local');
  assert.equal(await recorded(at, 'GOSUMDB'), 'sum.golang.org'); // `go env` said off
  assert.equal(await recorded(at, 'GOENV'), 'off');
  assert.equal(await recorded(at, 'GOFLAGS'), undefined);
  assert.match(await recordedArguments(at), /-modcacherw/);
});

test('a module cache of the user that holds k6 already is used, with what was compiled from it', async (t) => {
  const at = await place(t, PUTS_K6_IN_PLACE);
  const versions = path.join(at.moduleCache, 'cache', 'download', 'go.k6.io', 'k6', '@v');
  await mkdir(versions, { recursive: true });
  await writeFile(path.join(versions, 'v1.8.1.zip'), '');
  await installK6({ env: at.env, cacheDir: at.cacheDir });
  assert.equal(await recorded(at, 'GOMODCACHE'), at.moduleCache);
  assert.equal(await recordedArguments(at), 'install -v go.k6.io/k6@v1.8.1');
});

test('a failing go is told with its complaint and the reason why there was no download', async (t) => {
  const at = await place(t, ['echo "go: go.k6.io/k6@v1.8.1: dial tcp: no such host" >&2', 'exit 1']);
  await assert.rejects(installK6({ env: at.env, cacheDir: at.cacheDir }), {
    code: 'K6_UNAVAILABLE',
    message:
      /could not be installed: http:\/\/127\.0\.0\.1:1\/.* cannot be had .*; and `go install go\.k6\.io\/k6@v1\.8\.1` failed \(go: go\.k6\.io\/k6@v1\.8\.1: dial tcp: no such host\)/,
  });
  assert.deepEqual(await filesIn(path.join(at.cacheDir, 'k6')), []);
});

test('a module that does not match the checksum database is an error of its own', async (t) => {
  const at = await place(t, ['echo "verifying go.k6.io/k6@v1.8.1: checksum mismatch" >&2', 'exit 1']);
  await assert.rejects(installK6({ env: at.env, cacheDir: at.cacheDir }), {
    code: 'K6_DOWNLOAD_FAILED',
    message: /checksum mismatch/,
  });
});

test('an abort ends go with everything it started, and leaves nothing', async (t) => {
  // `sleep` is not exec'd: it holds the output of the script open for as long as it lives.
  const at = await place(t, [...PUTS_K6_IN_PLACE, 'sleep 600', 'true']);
  const stop = new AbortController();
  const installing = installK6({
    env: at.env,
    cacheDir: at.cacheDir,
    signal: stop.signal,
    onProgress: ({ detail }) => {
      if (detail === 'compiling go.k6.io/k6/js') stop.abort();
    },
  });
  await assert.rejects(installing, { code: 'INTERRUPTED' });
  assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), []);
});

test('a go that does not end is given up after the time limit', async (t) => {
  const at = await place(t, ['sleep 600', 'true']);
  await assert.rejects(installK6({ env: at.env, cacheDir: at.cacheDir, goTimeLimitMs: 500 }), {
    code: 'K6_UNAVAILABLE',
    message: /no end within 0\.5 s/,
  });
  assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), []);
});

test('a go that does not even answer `go env` is told', async (t) => {
  const at = await place(t, []);
  await writeScript(path.join(String(at.env.PATH), 'go'), 'echo "go: cannot find GOROOT" >&2', 'exit 2');
  await assert.rejects(installK6({ env: at.env, cacheDir: at.cacheDir }), {
    code: 'K6_UNAVAILABLE',
    message: /`.*go env` does not work \(go: cannot find GOROOT\)/,
  });
});

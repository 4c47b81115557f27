import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { HarnessError } from '../../harness/errors.ts';
import { cachedK6Path, findK6 } from '../../harness/load-generators/k6-binary.ts';
import { ensureK6, installK6 } from '../../harness/load-generators/k6-install.ts';
import type { InstallProgress } from '../../harness/load-generators/k6-install-progress.ts';
import { CHECKSUMS_FILE } from '../../harness/load-generators/k6-release.ts';
import {
  type Answer,
  checksumsOf,
  filesIn,
  k6Script,
  namesIn,
  packRelease,
  pathWith,
  type ReleaseFiles,
  scratchFolder,
  serve,
  serveRelease,
  UNPACKERS,
  whole,
  writeScript,
} from './k6-install-stand-ins.ts';

interface Place {
  readonly release: ReleaseFiles;
  readonly cacheDir: string;
  readonly bin: string;
  env(url: string): NodeJS.ProcessEnv;
}

/** A release, an empty cache, and a PATH that can unpack and has no Go. */
async function place(t: TestContext, version?: string): Promise<Place> {
  const folder = await scratchFolder(t);
  const bin = await pathWith(folder, UNPACKERS);
  return {
    release: await packRelease(folder, version),
    cacheDir: path.join(folder, 'the cache'),
    bin,
    env: (url) => ({ PATH: bin, RUSHHOUR_K6_DOWNLOAD_URL: url }),
  };
}

/** A `go` that must not be asked: it leaves a file when it is. */
async function forbiddenGo(at: Place): Promise<string> {
  const trace = path.join(at.bin, 'go-was-run');
  await writeScript(path.join(at.bin, 'go'), `echo run > "${trace}"`, 'exit 1');
  return trace;
}

async function failureOf(promise: Promise<unknown>): Promise<HarnessError> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HarnessError, String(error));
  return error;
}

const silent: Answer = () => {};

/** Half of the content, then nothing more. */
function half(content: Buffer): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, content.length / 2));
  };
}

test('the release is downloaded, checked, unpacked and found again; nothing else stays in the cache', async (t) => {
  const at = await place(t);
  const server = await serveRelease(t, at.release);
  const steps: InstallProgress[] = [];
  const options = { env: at.env(server.url), cacheDir: at.cacheDir };
  const k6 = await installK6({ ...options, onProgress: (step) => steps.push(step) });
  assert.deepEqual(k6, {
    found: true,
    path: cachedK6Path(at.cacheDir),
    version: '1.8.1',
    source: 'cache',
    rejected: [],
  });
  assert.deepEqual(await filesIn(at.cacheDir), [path.join('k6', '1.8.1', 'k6')]);
  assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), ['1.8.1']);
  assert.deepEqual(await findK6(options), k6);
  assert.deepEqual(server.asked, [CHECKSUMS_FILE, at.release.archiveName]);
  assert.deepEqual([...new Set(steps.map(({ step }) => step))], ['download', 'verify', 'unpack', 'place']);
  const fractions = steps.flatMap(({ fraction }) => (fraction === null ? [] : [fraction]));
  assert.equal(fractions.at(-1), 1);
  for (const series of [fractions, steps.map(({ elapsedMs }) => elapsedMs)]) {
    assert.deepEqual(
      series,
      series.toSorted((a, b) => a - b),
    );
  }
});

test('an installed k6 is returned without asking the server again', async (t) => {
  const at = await place(t);
  const server = await serveRelease(t, at.release);
  const options = { env: at.env(server.url), cacheDir: at.cacheDir };
  await installK6(options);
  await installK6(options);
  await ensureK6(options);
  assert.equal(server.asked.length, 2); // checksums and archive, once
});

test('ensureK6 uses a k6 on PATH and downloads nothing', async (t) => {
  const at = await place(t);
  const server = await serveRelease(t, at.release);
  await k6Script(path.join(at.bin, 'k6'), '1.0.0');
  const k6 = await ensureK6({ env: at.env(server.url), cacheDir: at.cacheDir });
  assert.equal(k6.source, 'PATH');
  assert.deepEqual(server.asked, []);
});

test('a damaged k6 in the cache is replaced', async (t) => {
  const at = await place(t);
  const server = await serveRelease(t, at.release);
  await writeScript(cachedK6Path(at.cacheDir), 'exit 1');
  const k6 = await installK6({ env: at.env(server.url), cacheDir: at.cacheDir });
  assert.equal(k6.version, '1.8.1');
});

test('an archive that does not match its checksum is deleted, told with both sums, and Go is not tried', async (t) => {
  const at = await place(t);
  const goTrace = await forbiddenGo(at);
  const tampered = Buffer.concat([at.release.archive, Buffer.from('x')]);
  const server = await serveRelease(t, at.release, { archive: whole(tampered) });
  const error = await failureOf(installK6({ env: at.env(server.url), cacheDir: at.cacheDir }));
  assert.equal(error.code, 'K6_DOWNLOAD_FAILED');
  const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
  assert.ok(error.message.includes(`expected ${sha256(at.release.archive)}`), error.message);
  assert.ok(error.message.includes(`got ${sha256(tampered)}`), error.message);
  assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), []);
  assert.ok(!(await namesIn(at.bin)).includes(path.basename(goTrace)));
});

test('an archive that a mirror has cut short does not match its checksum', async (t) => {
  const at = await place(t);
  const cut = at.release.archive.subarray(0, at.release.archive.length - 10);
  const server = await serveRelease(t, at.release, { archive: whole(cut) });
  const error = await failureOf(installK6({ env: at.env(server.url), cacheDir: at.cacheDir }));
  assert.equal(error.code, 'K6_DOWNLOAD_FAILED');
});

/** What stops a download without anything being wrong with the release, and the words that must tell it. */
const CLOSED: Record<string, { answers(release: ReleaseFiles): Record<string, Answer>; told: RegExp }> = {
  'no checksums file': {
    answers: (release) => ({ [release.archiveName]: whole(release.archive) }),
    told: /k6-v1\.8\.1-checksums\.txt answered 404 Not Found/,
  },
  'checksums of other files only': {
    answers: () => ({ [CHECKSUMS_FILE]: whole(`${'0'.repeat(64)}  other.deb\n`) }),
    told: /lists no checksum of k6-v1\.8\.1-/,
  },
  'no archive': {
    answers: (release) => ({ [CHECKSUMS_FILE]: whole(release.checksums) }),
    told: /\.(tar\.gz|zip) answered 404 Not Found/,
  },
  'a proxy that refuses': {
    answers: () => ({ [CHECKSUMS_FILE]: (_request, response) => response.writeHead(403).end('no') }),
    told: /answered 403 Forbidden/,
  },
  'a connection that breaks in the archive': {
    answers: (release) => ({
      [CHECKSUMS_FILE]: whole(release.checksums),
      [release.archiveName]: (_request, response) => {
        response.writeHead(200, { 'content-length': release.archive.length });
        response.write(release.archive.subarray(0, 100), () => response.destroy());
      },
    }),
    told: /cannot be had \(/,
  },
  'a server that never answers': {
    answers: () => ({ [CHECKSUMS_FILE]: silent }),
    told: /was silent for 0\.4 s/,
  },
  'a server that falls silent in the archive': {
    answers: (release) => ({
      [CHECKSUMS_FILE]: whole(release.checksums),
      [release.archiveName]: half(release.archive),
    }),
    told: /was silent for 0\.4 s/,
  },
};

for (const [name, { answers, told }] of Object.entries(CLOSED)) {
  test(`${name}, and no Go: one line says what is missing, nothing stays in the cache`, async (t) => {
    const at = await place(t);
    const server = await serve(t, answers(at.release));
    const error = await failureOf(
      installK6({ env: at.env(server.url), cacheDir: at.cacheDir, idleTimeLimitMs: 400 }),
    );
    assert.equal(error.code, 'K6_UNAVAILABLE');
    assert.match(error.message, /^k6 1\.8\.1 could not be installed: /);
    assert.match(error.message, told);
    assert.match(error.message, /Go is not on PATH/);
    assert.ok(!error.message.includes('\n'), error.message);
    assert.match(error.hint ?? '', /K6_PATH/);
    assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), []);
  });
}

test("a server that cannot be reached is told with the system's reason", async (t) => {
  const at = await place(t);
  // Port 1 (tcpmux) is in no ordinary use: the connection is refused at once.
  const error = await failureOf(installK6({ env: at.env('http://127.0.0.1:1/'), cacheDir: at.cacheDir }));
  assert.equal(error.code, 'K6_UNAVAILABLE');
  assert.match(error.message, /cannot be had \(/);
});

test('a password in the URL of a mirror is not printed', async (t) => {
  const at = await place(t);
  const url = 'http://ann:secret@127.0.0.1:1/k6';
  const error = await failureOf(installK6({ env: at.env(url), cacheDir: at.cacheDir }));
  assert.ok(!`${error.message} ${error.hint}`.includes('secret'), error.message);
});

test('without tar the message says so', async (t) => {
  const at = await place(t);
  const server = await serveRelease(t, at.release);
  const env = { ...at.env(server.url), PATH: path.join(at.cacheDir, 'no-programs') };
  const error = await failureOf(installK6({ env, cacheDir: at.cacheDir }));
  assert.match(error.message, /`tar` is not on PATH/);
  assert.deepEqual(server.asked, []);
});

test('a release that holds another version is refused', async (t) => {
  const at = await place(t, '1.7.1');
  const server = await serveRelease(t, at.release);
  const error = await failureOf(installK6({ env: at.env(server.url), cacheDir: at.cacheDir }));
  assert.equal(error.code, 'K6_DOWNLOAD_FAILED');
  assert.match(error.message, /expected k6 1\.8\.1, but k6 is k6 1\.7\.1/);
  assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), []);
});

test('a file with the right checksum that is no archive is refused with the words of tar', async (t) => {
  const at = await place(t);
  const archive = Buffer.from('not an archive');
  const checksums = checksumsOf(at.release.archiveName, archive);
  const server = await serveRelease(t, { ...at.release, archive, checksums });
  const error = await failureOf(installK6({ env: at.env(server.url), cacheDir: at.cacheDir }));
  assert.equal(error.code, 'K6_DOWNLOAD_FAILED');
  assert.match(error.message, /could not unpack/);
  assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), []);
});

test('an abort in the middle of the archive leaves nothing', async (t) => {
  const at = await place(t);
  const server = await serveRelease(t, at.release, { archive: half(at.release.archive) });
  const stop = new AbortController();
  const error = await failureOf(
    installK6({
      env: at.env(server.url),
      cacheDir: at.cacheDir,
      signal: stop.signal,
      onProgress: ({ fraction }) => {
        if (fraction !== null && fraction > 0) stop.abort();
      },
    }),
  );
  assert.equal(error.code, 'INTERRUPTED');
  assert.deepEqual(await namesIn(path.join(at.cacheDir, 'k6')), []);
});

test('what a killed installation left, its lock included, does not stand in the way and is removed', async (t) => {
  const at = await place(t);
  const server = await serveRelease(t, at.release);
  const k6Folder = path.join(at.cacheDir, 'k6');
  await mkdir(path.join(k6Folder, '.installing-abc'), { recursive: true });
  await writeFile(path.join(k6Folder, '.installing-abc', at.release.archiveName), 'half');
  const lock = path.join(k6Folder, 'install.lock');
  await mkdir(lock);
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(lock, longAgo, longAgo);
  await installK6({ env: at.env(server.url), cacheDir: at.cacheDir });
  assert.deepEqual(await namesIn(k6Folder), ['1.8.1']);
});

test('a cache that cannot be written to is told with the way out', async (t) => {
  const at = await place(t);
  const server = await serveRelease(t, at.release);
  await writeFile(at.cacheDir, 'a file where a folder is expected');
  const error = await failureOf(installK6({ env: at.env(server.url), cacheDir: at.cacheDir }));
  assert.equal(error.code, 'K6_UNAVAILABLE');
  assert.match(error.hint ?? '', /RUSHHOUR_CACHE/);
});

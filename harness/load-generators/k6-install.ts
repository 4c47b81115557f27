import { chmod, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { cacheFolder, k6CacheFolder } from '../cache-folder.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { cachedK6Path, type FindOptions, type FoundK6, findK6 } from './k6-binary.ts';
import { downloadK6 } from './k6-download.ts';
import { goInstallK6 } from './k6-go-install.ts';
import { type InstallProgress, progressReporter, type ReportStep } from './k6-install-progress.ts';
import { K6_VERSION, probeK6 } from './k6-version.ts';

export interface InstallOptions extends FindOptions {
  onProgress?(progress: InstallProgress): void;
  /** Silence of the download server after which it is given up, default 30 s. */
  readonly idleTimeLimitMs?: number;
  /** Bound on `go install`, default 30 min. */
  readonly goTimeLimitMs?: number;
}

/** An installation works in a folder of this name; one that is found under the lock was left by a killed process. */
const UNFINISHED = '.installing-';
/** The holder of the lock renews it every few seconds, so an older one belongs to a process that was killed. */
const STALE_LOCK_MS = 30_000;
const LOCK_POLL_MS = 250;

/**
 * Puts k6 into the tool's cache: the official release, checked against its published checksums; where it cannot be
 * had, `go install`. Appears there complete or not at all; two processes may install at once. Returns the cached one
 * when it is there already.
 * @throws HarnessError K6_UNAVAILABLE when neither way is open, K6_DOWNLOAD_FAILED when what came cannot be trusted
 *   or does not run, INTERRUPTED on abort.
 */
export async function installK6(options: InstallOptions): Promise<FoundK6> {
  const report = progressReporter(options.onProgress);
  try {
    return await withInstallLock(options, report, async (k6Folder) => {
      const present = await cachedK6(options);
      if (present) return present;
      await removeUnfinished(k6Folder);
      return await installInto(k6Folder, options, report);
    });
  } catch (error) {
    if (options.signal?.aborted) {
      throw new HarnessError('INTERRUPTED', 'The installation of k6 was stopped; nothing of it was kept.');
    }
    if (error instanceof HarnessError) throw error;
    throw new HarnessError('K6_UNAVAILABLE', `k6 cannot be put into the cache: ${messageOf(error)}.`, {
      hint: 'Set RUSHHOUR_CACHE to a folder that you may write to, with 300 MB to spare.',
      cause: error,
    });
  }
}

/** Finds k6, or installs it when there is none. Throws as `findK6` and {@link installK6} do. */
export async function ensureK6(options: InstallOptions = {}): Promise<FoundK6> {
  const k6 = await findK6(options);
  return k6.found ? k6 : installK6(options);
}

/** The cached k6 and no other: an installation was asked for. */
async function cachedK6(options: InstallOptions): Promise<FoundK6 | null> {
  const file = cachedK6Path(options.cacheDir ?? cacheFolder(options.env));
  const probe = await probeK6(file, { signal: options.signal });
  options.signal?.throwIfAborted();
  return 'version' in probe
    ? { found: true, path: file, version: probe.version, source: 'cache', rejected: [] }
    : null;
}

async function installInto(k6Folder: string, options: InstallOptions, report: ReportStep): Promise<FoundK6> {
  const folder = await mkdtemp(path.join(k6Folder, UNFINISHED));
  try {
    const program = await acquire(folder, options, report);
    await checkProgram(program, options);
    report('place', k6Folder);
    const file = cachedK6Path(path.dirname(k6Folder));
    await place(program, file);
    return { found: true, path: file, version: K6_VERSION, source: 'cache', rejected: [] };
  } finally {
    await removeFolder(folder);
  }
}

async function acquire(folder: string, options: InstallOptions, report: ReportStep): Promise<string> {
  const env = options.env ?? process.env;
  const request = { folder, env, report, signal: options.signal };
  const download = await downloadK6({ ...request, idleTimeLimitMs: options.idleTimeLimitMs });
  if ('program' in download) return download.program;
  report('download', download.unavailable);
  const build = await goInstallK6({ ...request, timeLimitMs: options.goTimeLimitMs });
  if ('program' in build) return build.program;
  throw new HarnessError(
    'K6_UNAVAILABLE',
    `k6 ${K6_VERSION} could not be installed: ${download.unavailable}; and ${build.unavailable}.`,
    { hint: unavailableHint(env) },
  );
}

function unavailableHint(env: NodeJS.ProcessEnv): string {
  const ways =
    'Install k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/) or Go 1.25 or newer, or name a k6 with K6_PATH, ' +
    'or a mirror of its release with RUSHHOUR_K6_DOWNLOAD_URL. autocannon scenarios run without k6.';
  const proxied = env.HTTPS_PROXY || env.https_proxy;
  return proxied ? `${ways} The download does not go through HTTPS_PROXY; \`go install\` does.` : ways;
}

async function checkProgram(program: string, options: InstallOptions): Promise<void> {
  await chmod(program, 0o755).catch(() => undefined); // a missing program is reported by the probe
  const probe = await probeK6(program, { signal: options.signal });
  options.signal?.throwIfAborted();
  if ('version' in probe && probe.version === K6_VERSION) return;
  const found = 'version' in probe ? `is k6 ${probe.version}` : probe.reason;
  throw new HarnessError(
    'K6_DOWNLOAD_FAILED',
    `What was installed cannot be used: expected k6 ${K6_VERSION}, but ${path.basename(program)} ${found}.`,
    {
      hint: 'If the cache lies on a volume that may not run programs, set RUSHHOUR_CACHE to another folder.',
    },
  );
}

/** Into its place in one step, and on the disk before it can be seen there. */
async function place(program: string, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(program, 'r+');
  await handle.sync().finally(() => handle.close());
  await rename(program, file);
}

async function withInstallLock<Result>(
  options: InstallOptions,
  report: ReportStep,
  work: (k6Folder: string) => Promise<Result>,
): Promise<Result> {
  const k6Folder = k6CacheFolder(options.cacheDir ?? cacheFolder(options.env));
  const release = await acquireLock(k6Folder, options.signal, report);
  try {
    return await work(k6Folder);
  } finally {
    await release().catch(() => undefined); // already taken over as stale: nothing is left to release
  }
}

async function acquireLock(
  k6Folder: string,
  signal: AbortSignal | undefined,
  report: ReportStep,
): Promise<() => Promise<void>> {
  await mkdir(k6Folder, { recursive: true });
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await lock(k6Folder, {
        lockfilePath: path.join(k6Folder, 'install.lock'),
        stale: STALE_LOCK_MS,
        // The default throws from a timer. The lock only saves double work: what is placed is placed by one rename.
        onCompromised: () => undefined,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      report('wait', 'another installation of k6 is under way');
      await delay(LOCK_POLL_MS, undefined, signal ? { signal } : {});
    }
  }
}

async function removeUnfinished(k6Folder: string): Promise<void> {
  for (const name of await readdir(k6Folder)) {
    if (name.startsWith(UNFINISHED)) await removeFolder(path.join(k6Folder, name));
  }
}

async function removeFolder(folder: string): Promise<void> {
  // Retries: a compiler that was just killed may still be seen creating a file.
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

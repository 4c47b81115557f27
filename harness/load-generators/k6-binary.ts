import path from 'node:path';
import { cacheFolder, k6CacheFolder } from '../cache-folder.ts';
import { HarnessError } from '../errors.ts';
import { findOnPath, programFile } from '../machine/executable-path.ts';
import { K6_VERSION, type K6Probe, probeK6 } from './k6-version.ts';

export type K6Source = 'K6_PATH' | 'PATH' | 'cache';

/** A k6 that was found but cannot be used. */
export interface RejectedK6 {
  readonly path: string;
  readonly source: K6Source;
  /** Continues a sentence that starts with the path: `is k6 0.49.0, older than 1.0.0`. */
  readonly reason: string;
}

export interface FoundK6 {
  readonly found: true;
  /** Absolute path of the program. */
  readonly path: string;
  /** As k6 prints it, without the v: `1.8.1`. */
  readonly version: string;
  readonly source: K6Source;
  /** Those that came first but cannot be used. */
  readonly rejected: readonly RejectedK6[];
}

export interface MissingK6 {
  readonly found: false;
  readonly rejected: readonly RejectedK6[];
}

export interface FindOptions {
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** The tool's cache folder; default {@link cacheFolder}. */
  readonly cacheDir?: string;
  /** Bound on each `k6 version`, default 15 s. */
  readonly probeTimeLimitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Where an installation puts k6. */
export function cachedK6Path(cacheDir: string = cacheFolder()): string {
  return path.join(k6CacheFolder(cacheDir), K6_VERSION, programFile('k6'));
}

/**
 * Looks for a k6 that works: K6_PATH, then every `k6` on PATH, then the tool's cache. Each is run to ask its version;
 * 1.x from 1.0.0 on and 2.x will do.
 * @throws HarnessError K6_UNAVAILABLE when K6_PATH names one that does not work: it was asked for by name, so another
 *   one is not used in its place. INTERRUPTED on abort.
 */
export async function findK6(options: FindOptions = {}): Promise<FoundK6 | MissingK6> {
  const env = options.env ?? process.env;
  if (env.K6_PATH) return namedK6(path.resolve(env.K6_PATH), options);
  const rejected: RejectedK6[] = [];
  const candidates: { path: string; source: K6Source }[] = [
    ...(await findOnPath('k6', env)).map((file) => ({ path: file, source: 'PATH' as const })),
    { path: cachedK6Path(options.cacheDir ?? cacheFolder(env)), source: 'cache' },
  ];
  for (const candidate of candidates) {
    const probe = await probeUnlessStopped(candidate.path, options);
    if ('version' in probe) return { found: true, ...candidate, version: probe.version, rejected };
    const neverInstalled = candidate.source === 'cache' && probe.reason === 'does not exist';
    if (!neverInstalled) rejected.push({ ...candidate, reason: probe.reason });
  }
  return { found: false, rejected };
}

async function namedK6(file: string, options: FindOptions): Promise<FoundK6> {
  const probe = await probeUnlessStopped(file, options);
  if ('version' in probe) {
    return { found: true, path: file, version: probe.version, source: 'K6_PATH', rejected: [] };
  }
  throw new HarnessError(
    'K6_UNAVAILABLE',
    `K6_PATH names a k6 that cannot be used: ${file} ${probe.reason}.`,
    {
      hint: 'Correct K6_PATH, or unset it to use the k6 on PATH or the one `rushhour doctor --fix` installs.',
    },
  );
}

async function probeUnlessStopped(file: string, options: FindOptions): Promise<K6Probe> {
  const probe = await probeK6(file, {
    ...(options.env ? { env: options.env } : {}),
    ...(options.probeTimeLimitMs === undefined ? {} : { timeLimitMs: options.probeTimeLimitMs }),
    signal: options.signal,
  });
  if (options.signal?.aborted) throw new HarnessError('INTERRUPTED', 'The search for k6 was stopped.');
  return probe;
}

/** The error for work that needs k6 when there is none, with what was found instead. */
export function missingK6Error(missing: MissingK6): HarnessError {
  const instead = missing.rejected.map((k6) => `${k6.path} ${k6.reason}`).join('; ');
  return new HarnessError('K6_UNAVAILABLE', `No usable k6 was found${instead ? `: ${instead}` : ''}.`, {
    hint: 'Run `rushhour doctor --fix` to install it, or name one with K6_PATH. autocannon scenarios run without it.',
  });
}

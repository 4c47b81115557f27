/** The code of a variant that is another commit: checked out aside and built once, the user's repository only read. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { cacheFolder } from '../cache-folder.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { CommandConfig, VariantConfig } from '../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { writeDurably } from '../store/durable-file.ts';
import { childEnvironment } from './child-environment.ts';
import { findRepository, git, resolveCommit } from './git-repository.ts';
import { fillText } from './placeholders.ts';
import { runCommand } from './run-command.ts';

export interface PrepareOptions {
  readonly signal: AbortSignal;
  /** A line for people about what is done, while it takes long. */
  readonly onProgress?: (detail: string) => void;
}

interface Checkout {
  /** Where the commands of the variant run: the place of the config's folder in the checkout. */
  readonly folder: string;
  readonly commit: string;
}

const Complete = z.object({ commit: z.string(), repository: z.string() });

const BUILD_LIMIT_MS = 15 * 60_000;
/** The holder of the lock renews it every few seconds, so an older one belongs to a process that was killed. */
export const STALE_LOCK_MS = 15_000;
const LOCK_POLL_MS = 250;

/** Where checkouts are, each in a folder named by its key. */
export function checkoutsFolder(cache: string = cacheFolder()): string {
  return path.join(cache, 'sources');
}

/** Name of the folder of a checkout: what `clean` may remove. */
export const CHECKOUT_NAME = /^[0-9a-f]{12}-[0-9a-f]{16}$/;

/** One commit for a whole process: a branch that moves on meanwhile must not change what is measured. */
const pinned = new WeakMap<LoadedConfig, Map<string, Promise<unknown>>>();

function pin<T>(loaded: LoadedConfig, key: string, find: () => Promise<T>): Promise<T> {
  const known = pinned.get(loaded) ?? new Map<string, Promise<unknown>>();
  pinned.set(loaded, known);
  const found = known.get(key) as Promise<T> | undefined;
  if (found) return found;
  const finding = find();
  known.set(key, finding);
  finding.catch(() => known.delete(key)); // another attempt may go well
  return finding;
}

/**
 * The folder that commands of a variant are seen from: of the config, or with `source` its place in the checkout, which is made and
 * built if it is not there yet.
 *
 * @throws HarnessError BAD_CONFIG when there is no such repository or commit, COMMAND_FAILED when the build fails
 */
export async function variantFolder(
  loaded: LoadedConfig,
  variant: string,
  options: PrepareOptions,
): Promise<string> {
  const source = loaded.config.variants[variant]?.source;
  if (!source) return loaded.folder;
  return (await pin(loaded, `checkout ${variant}`, () => ensureCheckout(loaded, variant, source, options)))
    .folder;
}

/** The commit that a variant's code is of, for the record; `null` when it is not taken from git. @throws HarnessError BAD_CONFIG */
export async function sourceCommitOf(
  loaded: LoadedConfig,
  variant: string,
  signal: AbortSignal,
): Promise<string | null> {
  const source = loaded.config.variants[variant]?.source;
  return source ? (await locate(loaded, variant, source, signal)).commit : null;
}

/** Folder of the repository that a variant's code is taken from; without `source` that of the config. */
export function sourceRepository(loaded: LoadedConfig, variant: string): string {
  return path.resolve(loaded.folder, loaded.config.variants[variant]?.source?.repository ?? '.');
}

type Source = NonNullable<VariantConfig['source']>;

interface Located {
  /** Of the repository. */
  readonly repository: string;
  readonly commit: string;
  /** From the root of the repository to the place of the config's folder. */
  readonly within: string;
}

function locate(
  loaded: LoadedConfig,
  variant: string,
  source: Source,
  signal: AbortSignal,
): Promise<Located> {
  return pin(loaded, `commit ${variant}`, async () => {
    const where = `variants.${variant}.source`;
    const repository = await findRepository(sourceRepository(loaded, variant), where, signal);
    const commit = await resolveCommit(repository, source.ref, `${where}.ref`, signal);
    const root = await realpath(repository.folder);
    return { repository: root, commit, within: await placeWithin(root, loaded) };
  });
}

/** From the root of a repository to the place of the config's folder; empty for a config that lies outside. */
export async function placeWithin(root: string, { folder }: LoadedConfig): Promise<string> {
  const within = path.relative(await realpath(root), await realpath(folder));
  return within.startsWith('..') || path.isAbsolute(within) ? '' : within;
}

async function ensureCheckout(
  loaded: LoadedConfig,
  variant: string,
  source: Source,
  options: PrepareOptions,
): Promise<Checkout> {
  const located = await locate(loaded, variant, source, options.signal);
  const { repository, commit, within } = located;
  const build = (source.build ?? []).map((one) => filled(one, variant));
  const key = createHash('sha256')
    .update(JSON.stringify([repository, within, build]))
    .digest('hex')
    .slice(0, 16);
  const place = path.join(checkoutsFolder(), `${commit.slice(0, 12)}-${key}`);
  const checkout = { folder: path.join(place, 'checkout', within), commit };
  await mkdir(checkoutsFolder(), { recursive: true });
  if (await isComplete(place, commit)) return checkout;
  await underLock(place, options, async (held) => {
    if (await isComplete(place, commit)) return; // another process has made it meanwhile
    const signal = AbortSignal.any([options.signal, held]);
    await rm(place, { recursive: true, force: true }); // half built, by a process that was killed
    await mkdir(place);
    await checkOut(located, path.join(place, 'checkout'), variant, { ...options, signal });
    await runBuild(build, { variant, folder: checkout.folder, place, options: { ...options, signal } });
    // Last: without it the folder is a half-built one. It cannot be renamed instead, since builds write down their own path.
    await writeDurably(path.join(place, 'complete.json'), JSON.stringify({ commit, repository }));
  });
  return checkout;
}

async function isComplete(place: string, commit: string): Promise<boolean> {
  return (await readComplete(place))?.commit === commit;
}

/** What a checkout says of itself; `null` when it is not whole. */
export async function readComplete(place: string): Promise<z.infer<typeof Complete> | null> {
  try {
    return Complete.parse(JSON.parse(await readFile(path.join(place, 'complete.json'), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * A clone that borrows the objects of the original: nothing is written there, no branch, no lock, no entry of a work tree. Hooks and
 * templates of the user are not for it.
 */
async function checkOut(
  { repository, commit }: Located,
  folder: string,
  variant: string,
  { signal, onProgress }: PrepareOptions,
): Promise<void> {
  onProgress?.(`checking out ${commit.slice(0, 12)} for ${variant}`);
  const parent = path.dirname(folder);
  const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'advice.detachedHead=false'];
  const cloned = await git(
    parent,
    [...quiet, 'clone', '--quiet', '--no-checkout', '--shared', '--template=', '--', repository, folder],
    signal,
  );
  const checkedOut = cloned.ok
    ? await git(folder, [...quiet, 'checkout', '--quiet', '--detach', commit, '--'], signal)
    : cloned;
  if (checkedOut.ok) return;
  throw new HarnessError(
    'COMMAND_FAILED',
    `variants.${variant}.source: ${commit} of ${repository} could not be checked out: ${checkedOut.output}`,
    { hint: 'Try `git clone --shared` of that repository by hand.' },
  );
}

/** A build knows nothing of databases and ports: the same checkout serves all measurements. */
function filled(config: CommandConfig, variant: string): CommandConfig {
  const fill = (text: string) => fillText(text, { variant });
  const environment = Object.entries(config.environment ?? {}).map(([name, text]) => [name, fill(text)]);
  return { ...config, command: config.command.map(fill), environment: Object.fromEntries(environment) };
}

interface Build {
  readonly variant: string;
  readonly folder: string;
  readonly place: string;
  readonly options: PrepareOptions;
}

async function runBuild(
  build: readonly CommandConfig[],
  { variant, folder, place, options }: Build,
): Promise<void> {
  const { signal, onProgress } = options;
  const log = path.join(place, 'build.log');
  const deadline = performance.now() + BUILD_LIMIT_MS;
  for (const [index, { command, environment, folder: within = '.' }] of build.entries()) {
    onProgress?.(`building ${variant}: ${command.join(' ')}`);
    await writeFile(log, `$ ${command.join(' ')}\n`, { flag: 'a' });
    const lines: string[] = [];
    try {
      await runCommand({
        command,
        folder: path.resolve(folder, within),
        environment: { ...childEnvironment(), ...environment },
        signal,
        timeoutMs: Math.max(1, deadline - performance.now()),
        what: `variants.${variant}.source.build[${index}]`,
        onLine: (line) => {
          lines.push(line);
          onProgress?.(`building ${variant}: ${line}`);
        },
      });
    } finally {
      await writeFile(log, lines.map((line) => `${line}\n`).join(''), { flag: 'a' });
    }
  }
}

/** @param work gets a signal that fires when the lock was lost, as when the machine slept */
async function underLock(
  place: string,
  { signal, onProgress }: PrepareOptions,
  work: (held: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const release = await takeLock(place, { signal, ...(onProgress ? { onProgress } : {}) }, (error) =>
    lost.abort(error),
  );
  try {
    await work(lost.signal);
  } finally {
    await release().catch(() => {});
  }
}

async function takeLock(
  place: string,
  { signal, onProgress }: PrepareOptions,
  onCompromised: (error: Error) => void,
): Promise<() => Promise<void>> {
  for (let waited = false; ; ) {
    signal.throwIfAborted();
    try {
      return await lock(place, { realpath: false, stale: STALE_LOCK_MS, update: 3_000, onCompromised });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') {
        throw new HarnessError(
          'COMMAND_FAILED',
          `A checkout cannot be made in ${path.dirname(place)}: ${messageOf(error)}.`,
          {
            hint: 'Set RUSHHOUR_CACHE to a folder that you may write to.',
            cause: error,
          },
        );
      }
      if (!waited) onProgress?.('waiting for another process that builds the same commit');
      waited = true;
      await delay(LOCK_POLL_MS);
    }
  }
}

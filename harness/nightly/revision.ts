/** What is measured on one side of a night: a commit of the variant's repository, with its lockfile. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { Revision } from '../night-record.ts';
import {
  findRepository,
  type GitRepository,
  readCommitted,
  resolveCommit,
} from '../targets/git-repository.ts';
import { placeWithin, sourceRepository } from '../targets/source-checkout.ts';

/** The repository that a variant is taken from. */
export interface MeasuredRepository extends GitRepository {
  /** From its root to the place of the config's folder. */
  readonly within: string;
}

/** Of one folder the first that is there. */
const LOCKFILES = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
  'pdm.lock',
  'requirements.txt',
  'Gemfile.lock',
  'go.sum',
  'Cargo.lock',
  'composer.lock',
  'mix.lock',
  'packages.lock.json',
  'gradle.lockfile',
] as const;

/** @throws HarnessError BAD_CONFIG when there is none */
export async function measuredRepository(
  loaded: LoadedConfig,
  variant: string,
  signal: AbortSignal,
): Promise<MeasuredRepository> {
  const repository = await findRepository(
    sourceRepository(loaded, variant),
    `variants.${variant}.source`,
    signal,
  );
  return { ...repository, within: await placeWithin(repository.folder, loaded) };
}

/**
 * The commit that a ref leads to now, and the lockfile it holds: of the config's folder, else of the nearest one above it.
 * @param where of the ref, for the message @throws HarnessError BAD_CONFIG listing refs like it
 */
export async function resolveRevision(
  repository: MeasuredRepository,
  ref: string,
  where: string,
  signal: AbortSignal,
): Promise<Revision> {
  const commit = await resolveCommit(repository, ref, where, signal);
  return { ref, commit, lockfile: await lockfileAt(repository, commit, signal) };
}

async function lockfileAt(
  repository: MeasuredRepository,
  commit: string,
  signal: AbortSignal,
): Promise<Revision['lockfile']> {
  for (const file of lockfilePlaces(repository.within)) {
    const content = await readCommitted(repository, commit, file, signal);
    if (content !== null) return { path: file, hash: createHash('sha256').update(content).digest('hex') };
  }
  return null;
}

/** Where a lockfile may be, nearest first: `apps/dispatch/go.sum` before `go.sum`. */
function lockfilePlaces(within: string): string[] {
  const folders = [''];
  for (const part of within.split(path.sep).filter(Boolean))
    folders.unshift(path.posix.join(folders[0] ?? '', part));
  return folders.flatMap((folder) => LOCKFILES.map((name) => path.posix.join(folder, name)));
}

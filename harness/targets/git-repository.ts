import path from 'node:path';
import { execa } from 'execa';
import { editsBetween } from '../config/similar-name.ts';
import { HarnessError } from '../errors.ts';
import { runProcess } from '../machine/process-group.ts';
import { childEnvironment } from './child-environment.ts';

const GIT_LIMIT_MS = 300_000;

/** A repository of the user, which is only read. */
export interface GitRepository {
  /** Absolute: of its work tree, of a bare one of itself. */
  readonly folder: string;
}

/** Git as a program that asks nobody, speaks English, and takes no lock that it does not need. */
export async function git(
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly ok: boolean; readonly stdout: string; readonly output: string }> {
  const outcome = await runProcess({
    file: 'git',
    args,
    cwd: folder,
    env: gitEnvironment(),
    timeLimitMs: GIT_LIMIT_MS,
    signal,
  });
  signal.throwIfAborted();
  if (outcome.end === 'not-started') {
    throw new HarnessError(
      'BAD_CONFIG',
      `A variant with \`source\` needs git: expected it on PATH, got ${outcome.reason}.`,
      {
        hint: 'Install git, or bring the variant up from a folder that holds its code already.',
      },
    );
  }
  return { ok: outcome.exitCode === 0, stdout: outcome.stdout.trim(), output: outcome.output.trim() };
}

const LARGEST_FILE_BYTES = 200_000_000;

/** A file as it is in a commit, to the byte; `null` when it is not there. @param file seen from the root of the repository */
export async function readCommitted(
  { folder }: GitRepository,
  commit: string,
  file: string,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const shown = await execa('git', ['cat-file', 'blob', `${commit}:${file}`], {
    cwd: folder,
    env: gitEnvironment(),
    extendEnv: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: LARGEST_FILE_BYTES,
    cancelSignal: signal,
    reject: false,
  });
  signal.throwIfAborted();
  return shown.exitCode === 0 ? shown.stdout : null;
}

/** A hook of git, or a shell that works in one, sets GIT_DIR and its like: they would name another repository. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(childEnvironment()).filter(
    ([name]) =>
      !/^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|COMMON_DIR|NAMESPACE|PREFIX|ALTERNATE_OBJECT_DIRECTORIES)$/.test(
        name,
      ),
  );
  return {
    ...Object.fromEntries(inherited),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
}

/** @throws HarnessError BAD_CONFIG when there is none */
export async function findRepository(
  folder: string,
  where: string,
  signal: AbortSignal,
): Promise<GitRepository> {
  const found = await git(folder, ['rev-parse', '--show-toplevel'], signal).catch((error: unknown) => {
    signal.throwIfAborted();
    // The folder itself is missing: git could not even be started in it.
    if (error instanceof HarnessError && !error.message.includes('ENOENT')) throw error;
    return { ok: false, stdout: '', output: 'no such folder' };
  });
  if (found.ok) return { folder: found.stdout };
  const bare =
    found.output === 'no such folder'
      ? found
      : await git(folder, ['rev-parse', '--absolute-git-dir'], signal);
  if (bare.ok) return { folder: bare.stdout };
  throw new HarnessError(
    'BAD_CONFIG',
    `${where}: expected a git repository at ${folder}, got: ${lastLine(found.output)}.`,
    {
      hint: '`source.repository` is a folder on this machine, seen from the config file; clone one from elsewhere first.',
    },
  );
}

/** The branch that is checked out where a folder lies; `null` without git, without a repository, and at a commit that is none's. */
export async function branchAt(folder: string, signal: AbortSignal): Promise<string | null> {
  const head = await git(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD'], signal).catch(() => null);
  signal.throwIfAborted();
  return head?.ok && head.stdout !== '' ? head.stdout : null;
}

/** The commit that a name stands for now. @throws HarnessError BAD_CONFIG listing names like it */
export async function resolveCommit(
  { folder }: GitRepository,
  ref: string,
  where: string,
  signal: AbortSignal,
): Promise<string> {
  // --end-of-options: a ref must not be taken for an option.
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const found = await git(folder, args, signal);
  if (found.ok && /^[0-9a-f]{40,64}$/.test(found.stdout)) return found.stdout;
  const listed = await git(
    folder,
    ['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags', 'refs/remotes'],
    signal,
  );
  const near = nearNames(ref, listed.stdout.split('\n').filter(Boolean));
  throw new HarnessError(
    'BAD_CONFIG',
    `${where}: expected a commit, tag or branch of ${folder}, got "${ref}".${near.length > 0 ? ` Names like it: ${near.join(', ')}.` : ' It has no branches or tags.'}`,
    { hint: 'A branch that is only on a remote is called origin/NAME; `git fetch` brings new ones.' },
  );
}

const TOLD_NAMES = 5;

/** The names nearest to one that is not there, nearest first. */
export function nearNames(wanted: string, names: readonly string[]): string[] {
  const distance = (name: string) => {
    const short = path.posix.basename(name);
    const within = name.includes(wanted) || wanted.includes(short) ? 0.5 : Number.POSITIVE_INFINITY;
    return Math.min(editsBetween(wanted, name), editsBetween(wanted, short), within);
  };
  return names
    .map((name) => ({ name, distance: distance(name) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, TOLD_NAMES)
    .map(({ name }) => name);
}

function lastLine(output: string): string {
  return output.split('\n').at(-1) ?? '';
}

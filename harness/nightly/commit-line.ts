import { HarnessError } from '../errors.ts';
import { type GitRepository, git } from '../targets/git-repository.ts';

/** A commit as people know it. */
export interface CommitDescription {
  readonly commit: string;
  readonly subject: string;
  readonly author: string;
  /** ISO 8601, as its author's clock and zone had it. */
  readonly date: string;
}

/**
 * The commits after `good` up to `bad`, oldest first, along the first parents: a merge is one step, whatever it brought.
 * @throws HarnessError BAD_OPTION when one does not lead to the other
 */
export async function commitLine(
  { folder }: GitRepository,
  { good, bad }: { readonly good: string; readonly bad: string },
  signal: AbortSignal,
): Promise<string[]> {
  const isBefore = await git(folder, ['merge-base', '--is-ancestor', good, bad], signal);
  if (!isBefore.ok || good === bad)
    throw new HarnessError(
      'BAD_OPTION',
      `--good, --bad: expected a commit and one that follows it, got ${good.slice(0, 10)} and ${bad.slice(0, 10)}${good === bad ? ', which are the same' : ', which does not'}.`,
      { hint: `\`git merge-base ${good.slice(0, 10)} ${bad.slice(0, 10)}\` names one that both follow.` },
    );
  const listed = await git(
    folder,
    ['rev-list', '--first-parent', '--reverse', '--end-of-options', bad, `^${good}`],
    signal,
  );
  return listed.stdout.split('\n').filter(Boolean);
}

export async function describeCommit(
  { folder }: GitRepository,
  commit: string,
  signal: AbortSignal,
): Promise<CommitDescription> {
  const { stdout } = await git(folder, ['show', '--no-patch', '--format=%s%n%an%n%aI', commit], signal);
  const [subject = '', author = '', date = ''] = stdout.split('\n');
  return { commit, subject, author, date };
}

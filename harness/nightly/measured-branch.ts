import { branchAt } from '../targets/git-repository.ts';

/** A runner has checked out a commit that is no branch's, so what CI says comes first. */
const CI_VARIABLES = ['GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME'] as const;

/** The branch that a night is of; `null` where nobody can tell. @param folder of the repository */
export async function measuredBranch(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<string | null> {
  for (const name of CI_VARIABLES) {
    const named = environment[name]?.trim();
    if (named) return named;
  }
  return branchAt(folder, signal);
}

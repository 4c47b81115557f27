import { branchAt } from '../targets/git-repository.ts';

/**
 * A runner has checked out a commit that is no branch's, so what CI says comes first. Of a pull request GITHUB_REF_NAME is `7/merge`, and
 * its branch stands in the first; elsewhere that one is empty.
 */
const CI_VARIABLES = ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME'] as const;

/** The branch that a night is of; `null` where nobody can tell. @param folder of the repository */
export async function measuredBranch(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<string | null> {
  return branchOfCi(environment) ?? branchAt(folder, signal);
}

/** The branch that the variables of CI name; `null` outside of CI. Pure. */
export function branchOfCi(environment: Readonly<Record<string, string | undefined>>): string | null {
  for (const name of CI_VARIABLES) {
    const named = environment[name]?.trim();
    if (named) return named;
  }
  return null;
}

/** Finding the first commit of a line that has changed something. Pure: what is measured is given, what to measure next is told. */

/** What was found of a commit beside the good one. */
export type Finding = 'unchanged' | 'changed' | 'skipped' | 'undecided';

export interface Bisection {
  /** From the one after the good commit to the bad one, oldest first: one of them did it. */
  readonly commits: readonly string[];
  readonly findings: ReadonlyMap<string, Finding>;
}

export type NextStep =
  | { readonly step: 'measure'; readonly commit: string }
  /** Nothing before it could have: it did it. */
  | { readonly step: 'found'; readonly commit: string }
  /** One of these did it, oldest first; the others could not be told from it. */
  | { readonly step: 'range'; readonly commits: readonly string[] };

/** @param commits the bad one last: it is known to be changed */
export function beginBisection(commits: readonly string[]): Bisection {
  const bad = commits.at(-1);
  return { commits, findings: new Map(bad === undefined ? [] : [[bad, 'changed']]) };
}

export function withFinding({ commits, findings }: Bisection, commit: string, finding: Finding): Bisection {
  return { commits, findings: new Map([...findings, [commit, finding]]) };
}

/** The commit nearest to the middle of what remains; skipped and undecided ones are gone round, as `git bisect skip` does. */
export function nextStep(bisection: Bisection): NextStep {
  const { findings } = bisection;
  const suspects = suspectsOf(bisection);
  const open = suspects.slice(0, -1).flatMap((commit, at) => (findings.has(commit) ? [] : [{ commit, at }]));
  const middle = (suspects.length - 2) / 2;
  const nearest = open.sort((a, b) => Math.abs(a.at - middle) - Math.abs(b.at - middle) || a.at - b.at)[0];
  if (nearest) return { step: 'measure', commit: nearest.commit };
  const [only] = suspects;
  return only !== undefined && suspects.length === 1
    ? { step: 'found', commit: only }
    : { step: 'range', commits: suspects };
}

/** From the one after the last that is unchanged to the first that is changed, oldest first. */
export function suspectsOf({ commits, findings }: Bisection): readonly string[] {
  const after = commits.findLastIndex((commit) => findings.get(commit) === 'unchanged') + 1;
  const changed = commits.findIndex((commit, at) => at >= after && findings.get(commit) === 'changed');
  return commits.slice(after, changed + 1);
}

/** Measurements that it takes at most, when none is skipped or undecided. */
export function mostSteps(commits: number): number {
  return Math.ceil(Math.log2(Math.max(1, commits)));
}

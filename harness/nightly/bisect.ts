import { type ErrorCode, HarnessError } from '../errors.ts';
import { groundRefusals } from '../experiment/comparability.ts';
import type { Comparison } from '../experiment-record.ts';
import { countOf } from '../quantity.ts';
import {
  type Bisection,
  beginBisection,
  type Finding,
  mostSteps,
  nextStep,
  suspectsOf,
  withFinding,
} from './bisection.ts';
import {
  changeOfCounts,
  changeOfTimes,
  findingOf,
  isShownEqual,
  measuredWords,
  type Search,
  type SoughtChange,
} from './commit-finding.ts';
import { type CommitContext, type ComparedCommits, compareCommits } from './compare-commits.ts';
import type { ScenarioPlan } from './plan-scenario.ts';

/** One commit beside the good one. */
export interface BisectStep {
  readonly commit: string;
  readonly finding: Finding;
  /** What was measured, or why nothing was. */
  readonly words: string;
  /** Of its experiments, in `results/`. */
  readonly results: readonly string[];
}

export type BisectEnd =
  | { readonly end: 'found'; readonly commit: string }
  /** One of these did it, oldest first. */
  | { readonly end: 'range'; readonly commits: readonly string[] }
  /** Good and bad were shown to be equal. */
  | { readonly end: 'no-change' }
  /** Neither a change nor that there is none could be shown, or the two may not be compared. */
  | { readonly end: 'undecided'; readonly reason: string }
  /** What all stand on changed meanwhile, which is no commit's fault; one of these did it, oldest first. */
  | { readonly end: 'stopped'; readonly reason: string; readonly commits: readonly string[] };

export interface BisectOutcome {
  readonly change: SoughtChange | null;
  readonly ended: BisectEnd;
  readonly steps: readonly BisectStep[];
}

/** One experiment between two commits, as {@link compareCommits} does it. */
export type CompareTwo = (
  context: CommitContext,
  commits: { readonly reference: string; readonly candidate: string },
  plan: ScenarioPlan,
  words: readonly string[],
) => Promise<
  Pick<ComparedCommits, 'failure'> & {
    readonly experiment: Pick<ComparedCommits['experiment'], 'id' | 'comparisons'>;
  }
>;

export interface BisectRequest {
  readonly good: string;
  /** After the good one, oldest first; the bad one is the last. */
  readonly commits: readonly string[];
  readonly plan: ScenarioPlan;
  readonly search: Search;
  /** Default: {@link compareCommits}. */
  readonly compareTwo?: CompareTwo;
}

/** More than an experiment's last look: once what that leaves open is asked again. */
const MORE_PAIRS = 40;

/** What is wrong with a commit itself. Everything else ends the bisection. */
const OF_THE_COMMIT: readonly ErrorCode[] = [
  'COMMAND_FAILED',
  'SERVICE_START_FAILED',
  'SERVICE_ENDED',
  'MIGRATION_FAILED',
  'DISPATCH_FAILED',
  'BAD_CONFIG',
];

/**
 * Names the first commit that changed what the bad one has against the good one: first what that is, then halving, each commit beside
 * the good one. Counts decide where they differ; else pairs do.
 *
 * @throws HarnessError INTERRUPTED, and what no commit is to blame for
 */
export async function bisect(context: CommitContext, request: BisectRequest): Promise<BisectOutcome> {
  const { commits } = request;
  const bad = commits.at(-1) ?? request.good;
  const steps: BisectStep[] = [];
  const { change, step, ended } = await findChange(context, request, bad);
  steps.push(step);
  if (change === null) return { change, steps, ended };
  context.progress.note(
    `  ${countOf(commits.length, 'commit')}, ${countOf(mostSteps(commits.length), 'step')} at most: ${step.words}`,
  );
  for (let bisection: Bisection = beginBisection(commits); ; ) {
    const next = nextStep(bisection);
    if (next.step === 'found') return { change, steps, ended: { end: 'found', commit: next.commit } };
    if (next.step === 'range') return { change, steps, ended: { end: 'range', commits: next.commits } };
    const { stopped, ...found } = await measureCommit(context, request, change, next.commit);
    context.progress.note(`  ${next.commit.slice(0, 10)} ${found.finding}: ${found.words}`);
    steps.push(found);
    if (stopped) {
      const ended = { end: 'stopped', reason: found.words, commits: suspectsOf(bisection) } as const;
      return { change, steps, ended };
    }
    bisection = withFinding(bisection, next.commit, found.finding);
  }
}

/** What the bad commit has against the good one: by counts, and by times only where all counts are equal or a time is asked for. */
async function findChange(
  context: CommitContext,
  request: BisectRequest,
  bad: string,
): Promise<{ change: SoughtChange | null; step: BisectStep; ended: BisectEnd }> {
  const { plan, search } = request;
  const results: string[] = [];
  const ask = async (asked: ScenarioPlan) => {
    const { comparison, id } = await compare(context, request, bad, asked);
    results.push(id);
    return comparison;
  };
  const step = (finding: Finding, words: string): BisectStep => ({ commit: bad, finding, words, results });
  const told = (change: SoughtChange, comparison: Comparison) => ({
    change,
    step: step('changed', measuredWords(comparison, change)),
    ended: { end: 'no-change' } as const,
  });
  const counted = await ask(countingOnly(plan));
  if (counted.refusals.length > 0) {
    const reason = counted.refusals.join('; ');
    return { change: null, step: step('undecided', reason), ended: { end: 'undecided', reason } };
  }
  const byCounts = changeOfCounts(counted, search);
  if (byCounts) return told(byCounts, counted);
  if (plan.mode === 'count' || counted.exact.some(({ metric }) => metric === search.metric)) {
    return { change: null, step: step('unchanged', 'no exact count differs'), ended: { end: 'no-change' } };
  }
  let timed = counted;
  for (const asked of [timingOf(plan, search), withMorePairs(plan, search)]) {
    timed = await ask(asked);
    const byTimes = changeOfTimes(timed, search);
    if (byTimes) return told(byTimes, timed);
    if (isShownEqual(timed, search)) {
      return {
        change: null,
        step: step('unchanged', timed.headline),
        ended: { end: 'no-change' },
      };
    }
  }
  return {
    change: null,
    step: step('undecided', timed.headline),
    ended: { end: 'undecided', reason: timed.headline },
  };
}

/** `stopped`: it is told of no commit, and the next would be told no better. */
async function measureCommit(
  context: CommitContext,
  request: BisectRequest,
  change: SoughtChange,
  commit: string,
): Promise<BisectStep & { readonly stopped?: true }> {
  const { plan } = request;
  const results: string[] = [];
  const search = { metric: change.metric, direction: change.direction };
  const asked =
    change.by === 'exact' ? [countingOnly(plan)] : [timingOf(plan, search), withMorePairs(plan, search)];
  let last: Pick<BisectStep, 'finding' | 'words'> = { finding: 'undecided', words: '' };
  for (const one of asked) {
    try {
      const { comparison, id } = await compare(context, request, commit, one);
      results.push(id);
      const ofNobody = groundRefusals(comparison.refusals);
      if (ofNobody.length > 0)
        return { commit, results, finding: 'undecided', words: ofNobody.join('; '), stopped: true };
      if (comparison.refusals.length > 0)
        return { commit, results, finding: 'skipped', words: comparison.refusals.join('; ') };
      last = { finding: findingOf(comparison, change), words: measuredWords(comparison, change) };
    } catch (error) {
      if (!(error instanceof HarnessError) || !OF_THE_COMMIT.includes(error.code)) throw error;
      return { commit, results, finding: 'skipped', words: error.message.split('\n')[0] ?? '' };
    }
    if (last.finding !== 'undecided') break;
  }
  return { commit, results, ...last };
}

async function compare(
  context: CommitContext,
  { good, compareTwo = compareCommits }: BisectRequest,
  commit: string,
  plan: ScenarioPlan,
): Promise<{ comparison: Comparison; id: string }> {
  const commits = { reference: good, candidate: commit };
  const compared = await compareTwo(context, commits, plan, ['bisect', commit.slice(0, 10)]);
  const [comparison] = compared.experiment.comparisons;
  if (compared.failure && (comparison?.refusals.length ?? 0) === 0) throw compared.failure;
  if (!comparison) throw new HarnessError('INTERNAL', 'an experiment of two arms has compared nothing');
  return { comparison, id: compared.experiment.id };
}

function countingOnly(plan: ScenarioPlan): ScenarioPlan {
  return { ...plan, mode: 'count', request: { ...plan.request, parts: [] } };
}

/** Only one metric decides where it is known: it need not share the chance of a false alarm. A second experiment is the next step's. */
function timingOf(plan: ScenarioPlan, { metric }: Search): ScenarioPlan {
  const gate = metric === null ? plan.request.gate : [metric];
  return { ...plan, request: { ...plan.request, gate, confirm: false } };
}

function withMorePairs(plan: ScenarioPlan, search: Search): ScenarioPlan {
  const timed = timingOf(plan, search);
  const pairs = Math.max(MORE_PAIRS, 2 * (plan.request.pairs ?? 0));
  return { ...timed, request: { ...timed.request, pairs } };
}

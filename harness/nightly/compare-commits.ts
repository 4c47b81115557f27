import type { LoadedConfig } from '../config/loaded-config.ts';
import type { ErrorCode } from '../errors.ts';
import type { ExperimentContext, ExperimentOutcome } from '../experiment/experiment-context.ts';
import type { ExperimentRequest } from '../experiment/plan.ts';
import type { RoundRequest } from '../experiment/round-size.ts';
import { runExperiment } from '../experiment/run-experiment.ts';
import { experimentSubject, withLiveFeed } from '../live/live-feed.ts';
import type { Progress } from '../progress.ts';
import { createResultFolder } from '../store/result-folder.ts';
import { untilStopFile } from '../store/stop-file.ts';
import { configuredTarget } from '../targets/configured-target.ts';
import { atTwoCommits, type CommitPair } from './two-commits.ts';

/** With what one variant is compared at two commits. */
export interface CommitContext extends Omit<ExperimentContext, 'target'> {
  readonly loaded: LoadedConfig;
  readonly variant: string;
  /** The database that may be copied, as named on the command line. */
  readonly consentToCopy: string | undefined;
}

export interface ComparedCommits extends ExperimentOutcome {
  readonly folder: string;
}

/** Draws the report of an experiment. */
export type PublishCompared = (compared: ComparedCommits, progress: Progress) => Promise<void>;

/** Of these no commit is the reason: they end a night and a bisection as they are. */
export const ENDING: readonly ErrorCode[] = ['INTERRUPTED', 'REFUSED', 'BAD_OPTION', 'INTERNAL'];

/**
 * One experiment between two commits, in a result folder of its own. It may have failed; then `failure` says so.
 *
 * @param words of the folder's name
 * @param publish draws its report, before it is told that it has ended
 * @throws HarnessError COMMAND_FAILED and its kin when a commit does not build; INTERRUPTED, REFUSED
 */
export async function compareCommits(
  context: CommitContext,
  commits: CommitPair,
  { request, round }: { readonly request: ExperimentRequest; readonly round: RoundRequest },
  words: readonly string[],
  publish: PublishCompared = async () => {},
): Promise<ComparedCommits> {
  const { loaded, variant, consentToCopy, ...rest } = context;
  const { signal } = rest;
  const derived = await context.progress.step('Commits', (onProgress) =>
    atTwoCommits(loaded, variant, commits, { signal, onProgress }),
  );
  const experiment = { ...rest, target: configuredTarget(derived, { consentToCopy }) };
  const place = await createResultFolder(context.resultsRoot, words);
  return withLiveFeed(place, experimentSubject(request), experiment.progress, async (progress) => {
    const outcome = await untilStopFile(place.folder, experiment, (stopped) =>
      runExperiment({ ...experiment, signal: stopped, progress }, request, round, place),
    );
    if (outcome.failure && ENDING.includes(outcome.failure.code)) throw outcome.failure;
    const compared = { ...outcome, folder: place.folder };
    await publish(compared, progress);
    return compared;
  });
}

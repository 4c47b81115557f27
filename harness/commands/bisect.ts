import type { Argv, CommandModule } from 'yargs';
import { namesToChoose } from '../config/similar-name.ts';
import { EXIT, type ExitCode, HarnessError } from '../errors.ts';
import { EXACT_METRICS, ROUND_METRICS } from '../experiment/metrics.ts';
import { readHistory } from '../history/history-file.ts';
import { historyFileOf } from '../history/history-place.ts';
import { type BisectEnd, type BisectOutcome, bisect } from '../nightly/bisect.ts';
import { bisectLines } from '../nightly/bisect-lines.ts';
import { mostSteps } from '../nightly/bisection.ts';
import type { Search } from '../nightly/commit-finding.ts';
import { commitLine, describeCommit } from '../nightly/commit-line.ts';
import { type MeasuredRepository, measuredRepository } from '../nightly/revision.ts';
import { countOf } from '../quantity.ts';
import { resolveCommit } from '../targets/git-repository.ts';
import { type CommandContext, printJson } from './command-context.ts';
import {
  COMMIT_OPTIONS,
  type CommitArguments,
  type CommitSubject,
  chosenScenarios,
  commitSubject,
  planCommitsFirst,
  planWork,
  withCommits,
} from './commit-comparison.ts';

interface BisectArguments extends CommitArguments {
  readonly good?: string;
  readonly bad?: string;
  readonly nights?: string;
  readonly history?: string;
  readonly scenario?: string;
  readonly metric?: string;
  readonly improvement: boolean;
}

/** `rushhour bisect`: which commit did it? */
export function bisectCommand(context: CommandContext): CommandModule<object, BisectArguments> {
  return {
    command: 'bisect',
    describe: 'Name the commit that made it slower, or faster: halving, each commit beside the good one',
    builder: (line: Argv) =>
      line
        .options(bisectOptions())
        .example('$0 bisect --good v2.4.0 --bad HEAD', 'what differs is found out first, then who did it')
        .example('$0 bisect --nights 20261124..20261125', 'between the commits of two stored nights')
        .example(
          '$0 bisect --good v2.4.0 --bad HEAD --metric "dispatch time" --improvement',
          'the commit that made a dispatch quicker',
        ) as unknown as Argv<BisectArguments>,
    handler: async (args) => {
      const search = searchOf(args);
      const subject = await commitSubject(context, args);
      const repository = await measuredRepository(subject.loaded, subject.variant, context.signal);
      const ends = await endsOf(context, args, subject, repository);
      const commits = await commitLine(repository, ends, context.signal);
      const [scenario] = chosenScenarios(subject.loaded, args.scenario ? [args.scenario] : undefined);
      const { plans, shape } = await planWork(args, subject, scenario ? [scenario] : []);
      const [plan] = plans;
      if (!plan) throw new HarnessError('INTERNAL', 'a config always has a scenario');
      const asked = {
        verb: 'bisect',
        commits: { reference: ends.good, candidate: ends.bad },
        shape,
        asks: `dispatches of the good commit beside others of ${countOf(commits.length, 'commit')}, ${countOf(mostSteps(commits.length), 'step')} at most`,
      };
      if (!(await planCommitsFirst(context, args, subject, asked))) return;
      const outcome = await withCommits(context, args, subject, plans, (measuring) =>
        bisect(measuring, { good: ends.good, commits, plan, search }),
      );
      await tellOutcome(context, args, repository, outcome);
      context.exitCode = exitOf(outcome.ended);
    },
  };
}

async function tellOutcome(
  context: CommandContext,
  { json }: BisectArguments,
  repository: MeasuredRepository,
  outcome: BisectOutcome,
): Promise<void> {
  const described = await Promise.all(
    suspectsOf(outcome.ended).map((commit) => describeCommit(repository, commit, context.signal)),
  );
  if (json) printJson(context, { ...outcome, commits: described });
  else for (const line of bisectLines(outcome, described)) context.print(line);
}

function suspectsOf(ended: BisectEnd): readonly string[] {
  if (ended.end === 'found') return [ended.commit];
  return ended.end === 'range' || ended.end === 'stopped' ? ended.commits : [];
}

/** A range is an answer, though not the one that was asked for. */
function exitOf({ end }: BisectEnd): ExitCode {
  return end === 'found' || end === 'no-change' ? EXIT.fine : EXIT.notComparable;
}

async function endsOf(
  { signal }: CommandContext,
  args: BisectArguments,
  subject: CommitSubject,
  repository: MeasuredRepository,
): Promise<{ good: string; bad: string }> {
  if (args.nights !== undefined) return commitsOfNights(args, subject, args.nights);
  if (args.good === undefined || args.bad === undefined)
    throw new HarnessError(
      'BAD_OPTION',
      `--good, --bad: expected both, or --nights A..B, got ${args.good === undefined && args.bad === undefined ? 'neither' : 'one of them'}.`,
      { hint: 'For example --good v2.4.0 --bad HEAD.' },
    );
  return {
    good: await resolveCommit(repository, args.good, '--good', signal),
    bad: await resolveCommit(repository, args.bad, '--bad', signal),
  };
}

async function commitsOfNights(
  args: BisectArguments,
  { loaded }: CommitSubject,
  text: string,
): Promise<{ good: string; bad: string }> {
  const file = historyFileOf(loaded, args.history);
  const { nights } = await readHistory(file);
  const [from, to, ...more] = text.split('..');
  const commitOf = (begin: string | undefined) => {
    const found = begin ? nights.filter(({ id }) => id.startsWith(begin)) : [];
    if (found.length === 1 && more.length === 0) return found[0]?.candidate.commit ?? '';
    const newest = nights.slice(-5).map(({ id }) => id);
    throw new HarnessError(
      'BAD_OPTION',
      `--nights: expected A..B, the beginnings of the ids of two nights of ${file}, got "${text}"; "${begin ?? ''}" begins ${found.length === 0 ? 'none' : `${found.length} of them`}.`,
      { hint: newest.length === 0 ? 'It holds no night yet.' : `The newest are ${newest.join(', ')}.` },
    );
  };
  return { good: commitOf(from), bad: commitOf(to) };
}

/** @throws HarnessError BAD_OPTION for a metric that there is not */
function searchOf({ metric, improvement }: BisectArguments): Search {
  const known = [...EXACT_METRICS, ...ROUND_METRICS].map((one) => one.metric);
  if (metric !== undefined && !known.includes(metric))
    throw new HarnessError(
      'BAD_OPTION',
      `--metric: expected the name of a metric, got '${metric}'${namesToChoose(metric, known)}`,
    );
  return { metric: metric ?? null, direction: improvement ? 'better' : null };
}

function bisectOptions() {
  return {
    good: {
      type: 'string',
      requiresArg: true,
      describe: 'Commit, tag or branch before the change: every other one is measured beside it',
    },
    bad: { type: 'string', requiresArg: true, describe: 'Commit, tag or branch after the change' },
    nights: {
      type: 'string',
      requiresArg: true,
      conflicts: ['good', 'bad'],
      describe: 'A..B instead: the candidates of two stored nights, by the beginnings of their ids',
    },
    history: {
      type: 'string',
      requiresArg: true,
      describe: 'File of the nights. Default: as `nightly` keeps it',
    },
    scenario: {
      type: 'string',
      requiresArg: true,
      describe: 'Scenario that shows the change. Default: the first of `nightly.scenarios`',
    },
    metric: {
      type: 'string',
      requiresArg: true,
      describe:
        'Metric that shows it. Default: the first exact count that differs, else the metrics that decide',
    },
    improvement: {
      type: 'boolean',
      default: false,
      describe: 'Looks for what made it better. Default: whichever way good and bad differ',
    },
    ...COMMIT_OPTIONS,
  } as const;
}

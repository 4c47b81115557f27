import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { writeAnnouncements } from '../announce/write-announcements.ts';
import { resultsFolder } from '../config/options.ts';
import { HarnessError } from '../errors.ts';
import { changePoints } from '../history/change-points.ts';
import { appendNight, readHistory } from '../history/history-file.ts';
import { DEFAULT_HISTORY, historyFileOf } from '../history/history-place.ts';
import { changePointLines } from '../history/history-text.ts';
import { nightSeries } from '../history/night-series.ts';
import { thinNights } from '../history/thin-nights.ts';
import type { NightRecord } from '../night-record.ts';
import { measuredBranch } from '../nightly/measured-branch.ts';
import { nightExit, nightLines } from '../nightly/night-lines.ts';
import { pinFile, readPin, repinnedSince, requirePinned, writePin } from '../nightly/pin.ts';
import { type MeasuredRepository, measuredRepository, resolveRevision } from '../nightly/revision.ts';
import { commitWords, datasetDigestOf, runNight } from '../nightly/run-night.ts';
import { countOf, formatBytes } from '../quantity.ts';
import { type CommandContext, printJson } from './command-context.ts';
import {
  COMMIT_OPTIONS,
  type CommitArguments,
  type CommitSubject,
  chosenScenarios,
  commitSubject,
  planCommitsFirst,
  planWork,
  publishCompared,
  withCommits,
} from './commit-comparison.ts';

interface NightlyArguments extends CommitArguments {
  readonly reference?: string;
  readonly candidate?: string;
  readonly scenario?: string[];
  readonly pin?: string;
  readonly branch?: string;
  readonly history?: string;
  readonly output?: string;
  readonly requireVerdict: boolean;
  readonly report: boolean;
}

/** `rushhour nightly`: is last night's code slower than the pinned reference? */
export function nightlyCommand(context: CommandContext): CommandModule<object, NightlyArguments> {
  return {
    command: 'nightly',
    describe: 'Compare a commit with a pinned one: verdict, history, announcements',
    builder: (line: Argv) =>
      line
        .options(nightlyOptions())
        .example('$0 nightly', 'what `nightly` of the config says: the reference beside HEAD')
        .example('$0 nightly --pin v2.4.0', 'pins the reference; commit the file it writes')
        .example(
          '$0 nightly --candidate my-branch --require-verdict',
          'exit 99 too when it is not decided',
        ) as unknown as Argv<NightlyArguments>,
    handler: async (args) => {
      const subject = await commitSubject(context, args);
      if (args.pin === undefined) await measureNight(context, args, subject);
      else await pinReference(context, args, subject, args.pin);
    },
  };
}

async function measureNight(
  context: CommandContext,
  args: NightlyArguments,
  subject: CommitSubject,
): Promise<void> {
  const { loaded } = subject;
  const repository = await measuredRepository(loaded, subject.variant, context.signal);
  const [reference, candidate] = await revisionsOf(context, args, subject, repository);
  const branch = args.branch ?? (await measuredBranch(repository.folder, process.env, context.signal));
  const { plans, shape } = await planWork(args, subject, chosenScenarios(loaded, args.scenario));
  const historyFile = historyFileOf(loaded, args.history);
  const history = await readHistory(historyFile);
  for (const { text } of history.problems) context.progress.note(`  ${historyFile}: ${text}`);
  const pin = await readPin(pinFile(loaded));
  // Of another commit it says so before anything starts.
  if (pin) requirePinned(pinFile(loaded), pin, { reference, datasetDigest: pin.datasetDigest });
  const commits = { reference: reference.commit, candidate: candidate.commit };
  const asks = `${plans.map(({ scenario }) => scenario).join(', ')}: dispatches of both commits alone and in pairs; the same once more where a regression has to be confirmed, or last night's commit asked`;
  if (!(await planCommitsFirst(context, args, subject, { verb: 'nightly', commits, shape, asks }))) return;
  const night = await withCommits(context, args, subject, plans, async (commits) => {
    if (pin) {
      const datasetDigest = await datasetDigestOf(commits, reference.commit, shape);
      requirePinned(pinFile(loaded), pin, { reference, datasetDigest });
    }
    return runNight(commits, {
      ...{ reference, candidate, branch, plans, earlier: history.nights },
      publish: async (compared, progress) => {
        if (args.report) await publishCompared({ ...context, progress }, compared);
      },
    });
  });
  await appendNight(historyFile, night);
  const nights = [...history.nights, night];
  const folder = outputOf(args, night);
  const { annotations } = await writeAnnouncements(night, folder, {
    environment: process.env,
    historyProblems: history.problems.map(({ text }) => text),
    changePoints: newestChanges(nights, branch),
  });
  await thin(context, resultsFolder(args.results), nights, loaded);
  const repinned = pin ? null : repinnedSince(history.nights, night);
  if (args.json) printJson(context, night);
  else for (const line of nightLines(night, repinned)) context.print(line);
  // Read by a CI wherever they are; under --json stdout holds one document.
  for (const line of annotations) (args.json ? context.progress.note : context.print)(line);
  context.progress.note(`  Kept in ${historyFile}; announced in ${folder}`);
  context.exitCode = nightExit(night.verdict, args.requireVerdict);
}

/** Change points of the gates of this branch, a line each: advice beside the verdict. */
function newestChanges(nights: readonly NightRecord[], branch: string | null): string[] {
  return nightSeries(nights)
    .filter((series) => series.branch === branch && series.role === 'gate')
    .flatMap((series) => changePoints(series).slice(-1))
    .map((point) => changePointLines(point).join(' '));
}

const KEPT_RAW_NIGHTS = 14;

async function thin(
  { progress }: CommandContext,
  resultsRoot: string,
  nights: readonly NightRecord[],
  { config }: CommitSubject['loaded'],
): Promise<void> {
  const keep = config.nightly?.keepRawNights ?? KEPT_RAW_NIGHTS;
  const { thinned, freedBytes } = await thinNights(resultsRoot, nights, keep);
  if (thinned.length > 0)
    progress.note(
      `  Raw samples of ${countOf(thinned.length, 'result')} older than the newest ${countOf(keep, 'night')} removed: ${formatBytes(freedBytes)}`,
    );
}

async function pinReference(
  context: CommandContext,
  args: NightlyArguments,
  subject: CommitSubject,
  ref: string,
): Promise<void> {
  const repository = await measuredRepository(subject.loaded, subject.variant, context.signal);
  const reference = await resolveRevision(repository, ref, '--pin', context.signal);
  const { plans, shape } = await planWork(args, subject, chosenScenarios(subject.loaded, args.scenario));
  const commits = { reference: reference.commit, candidate: reference.commit };
  const asks = 'nothing: the dataset is made and its digest taken';
  if (!(await planCommitsFirst(context, args, subject, { verb: 'nightly', commits, shape, asks }))) return;
  const datasetDigest = await withCommits(context, args, subject, plans, (commits) =>
    datasetDigestOf(commits, reference.commit, shape),
  );
  const pin = { schema: 'rushhour.pin/1', reference, datasetDigest } as const;
  const file = pinFile(subject.loaded);
  await writePin(file, pin);
  if (args.json) printJson(context, pin);
  else context.print(`Pinned ${commitWords(reference)} in ${file}: commit it with the config.`);
}

async function revisionsOf(
  context: CommandContext,
  args: NightlyArguments,
  { loaded }: CommitSubject,
  repository: MeasuredRepository,
) {
  const { nightly } = loaded.config;
  const reference = args.reference ?? nightly?.reference;
  if (reference === undefined)
    throw new HarnessError(
      'BAD_CONFIG',
      `${loaded.file}: expected \`nightly.reference\`, what each night is compared with, got no \`nightly\`.`,
      { hint: 'Add `nightly: { reference: TAG }`, or name one with --reference.' },
    );
  const where = (flag: string | undefined, name: string) =>
    flag === undefined ? `nightly.${name}` : `--${name}`;
  const resolve = (ref: string, place: string) => resolveRevision(repository, ref, place, context.signal);
  return [
    await resolve(reference, where(args.reference, 'reference')),
    await resolve(args.candidate ?? nightly?.candidate ?? 'HEAD', where(args.candidate, 'candidate')),
  ] as const;
}

function outputOf({ output, results }: NightlyArguments, { id }: NightRecord): string {
  return output === undefined ? path.join(resultsFolder(results), 'nights', id) : path.resolve(output);
}

function nightlyOptions() {
  return {
    reference: {
      type: 'string',
      requiresArg: true,
      describe: 'Commit, tag or branch to compare with. Default: `nightly.reference` of the config',
    },
    candidate: {
      type: 'string',
      requiresArg: true,
      describe: 'Commit, tag or branch that is judged. Default: of the config, else HEAD of the repository',
    },
    scenario: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Measures this scenario alone; may be given again. Default: those of `nightly.scenarios`',
    },
    pin: {
      type: 'string',
      requiresArg: true,
      describe:
        'Measures nothing: writes rushhour.pin.json beside the config, by which nights are refused whose reference is another',
    },
    branch: {
      type: 'string',
      requiresArg: true,
      describe: 'Whose nights it is one of. Default: as the CI names it, else the branch checked out',
    },
    history: {
      type: 'string',
      requiresArg: true,
      describe: `File of the nights. Default: \`nightly.history\` of the config, ${DEFAULT_HISTORY} beside it`,
    },
    output: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for what is announced. Default: nights/ID in the results',
    },
    'require-verdict': {
      type: 'boolean',
      default: false,
      describe: 'Exit with 99 when it is inconclusive or too noisy',
    },
    report: { type: 'boolean', default: true, describe: 'Draw the report of each experiment' },
    ...COMMIT_OPTIONS,
  } as const;
}

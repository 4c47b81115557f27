import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { resultsFolder } from '../config/options.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { ExperimentContext, ExperimentOutcome } from '../experiment/experiment-context.ts';
import { resumeExperiment, runExperiment } from '../experiment/run-experiment.ts';
import type { ExperimentPlan, ExperimentRecord, Part } from '../experiment-record.ts';
import { experimentSubject, withLiveFeed } from '../live/live-feed.ts';
import { machineFingerprint } from '../machine/environment.ts';
import { loadWords } from '../preview/load-words.ts';
import type { PreviewRequest } from '../preview/preview.ts';
import { countOf } from '../quantity.ts';
import { headlineLines, type ReportInput } from '../report/write-report.ts';
import { readCalibration } from '../store/calibrations.ts';
import { readPlan, readSitting } from '../store/experiment-folder.ts';
import { findResultFolder, readResult } from '../store/read-results.ts';
import { createResultFolder } from '../store/result-folder.ts';
import { untilStopFile } from '../store/stop-file.ts';
import type { Target } from '../targets/target.ts';
import { chooseTarget, requireSameTarget, scenarioNamed } from './choose-target.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { type ExperimentArguments, experimentOptions, readExperiment } from './experiment-options.ts';
import { chooseGenerators, type GeneratorName, PAIRED } from './generators.ts';
import { planFirst } from './plan-first.ts';
import { publishReport } from './publish-report.ts';

/** `rushhour experiment`, the main job: variants side by side, a verdict, a report. */
export function experimentCommand(context: CommandContext): CommandModule<object, ExperimentArguments> {
  return {
    command: 'experiment [scenario]',
    describe: 'Compare variants: alternated on fresh clones, with a verdict and a report',
    builder: (line: Argv) =>
      line
        .positional('scenario', {
          type: 'string',
          describe:
            'Dataset and traffic to compare them under. Default: load; with a config, its first scenario',
        })
        .options(experimentOptions())
        .example('$0 experiment', 'baseline against optimised in alternating slices, about three minutes')
        .example('$0 experiment --mode count --variants indexes,optimised', 'only what is exact')
        .example('$0 experiment --variants optimised,optimised', 'A/A: what this machine alone does')
        .example(
          '$0 experiment --resume last',
          'goes on with one that broke off',
        ) as unknown as Argv<ExperimentArguments>,
    handler: async (args) => {
      if (args.resume === undefined) await startExperiment(context, args);
      else await continueExperiment(context, args, args.resume);
    },
  };
}

async function startExperiment(context: CommandContext, args: ExperimentArguments): Promise<void> {
  const target = await chooseTarget(context, args);
  const scenario = scenarioNamed(target, args.scenario).name;
  const calibration = await readCalibration(resultsFolder(args.results), {
    machine: machineFingerprint(),
    target: target.name,
    scenario,
  });
  const { request, round, generators } = readExperiment(args, target, calibration?.sliceSize ?? null);
  if (!(await planFirst(context, args, () => experimentPreview(target, request)))) return;
  await withExperiment(context, args, { target, generators }, async (experiment) => {
    const place = await createResultFolder(experiment.resultsRoot, ['experiment', scenario]);
    const measure = (own: ExperimentContext) => runExperiment(own, request, round, place);
    return { place, scenario, arms: request.arms, measure };
  });
}

async function continueExperiment(
  context: CommandContext,
  args: ExperimentArguments,
  reference: string,
): Promise<void> {
  const folder = await findResultFolder(resultsFolder(args.results), reference);
  const plan = await readPlan(folder);
  const earlier = await readSitting(folder);
  if (!earlier || earlier.soFar?.state === 'complete') {
    throw new HarnessError('BAD_OPTION', `--resume: ${path.basename(folder)} is complete.`, {
      hint: `\`rushhour report ${path.basename(folder)}\` shows it.`,
    });
  }
  const target = await chooseTarget(context, args);
  requireSameTarget(target, plan.target ?? 'reference');
  if (!(await planFirst(context, args, () => experimentPreview(target, plan)))) return;
  const generators = plan.load.generators as GeneratorName[];
  await withExperiment(context, args, { target, generators }, async () => {
    const place = { id: path.basename(folder), folder };
    const measure = (own: ExperimentContext) => resumeExperiment(own, earlier, place);
    return { place, scenario: plan.scenario, arms: plan.arms, measure };
  });
}

/** Of one that is resumed it is what the whole of it does at the most. */
function experimentPreview(
  target: Target,
  request: Pick<ExperimentPlan, 'arms' | 'shape' | 'load' | 'scenario' | 'randomSeed' | 'confirm'> & {
    readonly parts: readonly Part[];
  },
): PreviewRequest {
  const { arms, shape, parts, load, scenario, randomSeed } = request;
  const traffic = parts.includes('load')
    ? target.trafficOf({ ...load, scenario, shape, randomSeed, offers: [] })
    : null;
  const variants = arms.map(({ variant, changes }) => ({ variant, ...changes }));
  return {
    verb: 'experiment',
    datasets: { target, shape, variants },
    clones: `clones of each variant for its counts and for each pair, dropped after it${request.confirm ? '; the same once more where a regression has to be confirmed' : ''}`,
    asks: [
      'dispatches alone, two repeats of each variant',
      ...(parts.includes('pair')
        ? ['dispatches in pairs, looked at after 10, 16 and 24 unless --pairs says otherwise']
        : []),
      ...load.generators.map(
        (name) =>
          `in each of ${countOf(load.pairs, 'pair')} under load, ${loadWords(name as GeneratorName, traffic)}`,
      ),
    ],
  };
}

/** Where an experiment is kept, and what is measured of it. */
interface BegunExperiment {
  readonly place: { readonly id: string; readonly folder: string };
  readonly scenario: string;
  readonly arms: readonly { readonly name: string }[];
  measure(experiment: ExperimentContext): Promise<ExperimentOutcome>;
}

/** What starting and resuming share: a server, the generators, and what is told when it has ended. */
async function withExperiment(
  context: CommandContext,
  args: ExperimentArguments,
  { target, generators: names }: { target: Target; generators: readonly GeneratorName[] },
  begin: (experiment: ExperimentContext) => Promise<BegunExperiment>,
): Promise<void> {
  const chosen = await chooseGenerators(context, names, PAIRED);
  await withServer(context, args, async (server) => {
    const experiment = {
      server,
      target,
      signal: context.signal,
      progress: context.progress,
      resultsRoot: resultsFolder(args.results),
      generators: chosen.generators,
      skippedLoads: chosen.skipped,
    };
    const { place, measure, ...request } = await begin(experiment);
    const subject = experimentSubject(request);
    const { outcome, lines } = await withLiveFeed(place, subject, context.progress, async (progress) => {
      const outcome = await untilStopFile(place.folder, context, (signal) =>
        measure({ ...experiment, signal, progress }),
      );
      const input: ReportInput = { kind: 'experiment', ...outcome, runs: [...outcome.runs] };
      if (!args.report) return { outcome, lines: headlineLines(input) };
      const publishing = { ...context, progress };
      const { lines } = await publishReport(publishing, input, place.folder);
      await publishConfirmations(publishing, place.folder, outcome.experiment);
      return { outcome, lines };
    });
    if (args.json) printJson(context, outcome.experiment);
    else for (const line of lines) context.print(line);
    if (outcome.failure) throw outcome.failure;
    context.exitCode = exitCodeOf(outcome.experiment, args.requireVerdict);
  });
}

/** The second experiments have reports of their own, which the first one links. */
async function publishConfirmations(
  context: CommandContext,
  folder: string,
  { comparisons }: ExperimentRecord,
): Promise<void> {
  for (const { confirmation } of comparisons) {
    if (!confirmation) continue;
    const second = path.join(folder, confirmation.folder);
    const result = await readResult(folder, second);
    if (result.kind === 'experiment')
      await publishReport(context, { ...result, runs: [...result.runs] }, second);
  }
}

/** Only a regression that a second experiment confirmed, or one in exact counts, fails the gate. */
function exitCodeOf({ comparisons }: ExperimentRecord, requireVerdict: boolean): number {
  const verdicts = comparisons.map((comparison) => comparison.verdict);
  if (verdicts.includes('not-comparable')) return EXIT.notComparable;
  if (verdicts.includes('regressed')) return EXIT.thresholdsFailed;
  return requireVerdict && verdicts.includes('inconclusive') ? EXIT.thresholdsFailed : EXIT.fine;
}

import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  resultsFolder,
  TARGET_OPTIONS,
  WRITING_OPTIONS,
} from '../config/options.ts';
import { EXIT, HarnessError } from '../errors.ts';
import { chooseSeed } from '../experiment/experiment-context.ts';
import { withLiveFeed } from '../live/live-feed.ts';
import type { PreviewRequest } from '../preview/preview.ts';
import { formatCount } from '../quantity.ts';
import { findResultFolder } from '../store/read-results.ts';
import { createResultFolder, type ResultFolder } from '../store/result-folder.ts';
import { untilStopFile } from '../store/stop-file.ts';
import { type EarlierWeek, readEarlierWeek, withWeekLock } from '../store/week-folder.ts';
import { doWeek, type WeekOutcome } from '../week/do-week.ts';
import { ALL_DAYS, planWeek } from '../week/plan-week.ts';
import { tasksOf } from '../week/tasks/week-tasks.ts';
import { leftWords } from '../week/time-left.ts';
import type { WeekDay, WeekPlan, WeekRecord } from '../week-record.ts';
import type { TargetArguments } from './choose-target.ts';
import { type ChosenWeek, chooseWeek } from './choose-week.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { chooseGenerators, GENERATOR_NAMES, type GeneratorName, SINGLE } from './generators.ts';
import { planFirst } from './plan-first.ts';
import { publishWeek } from './publish-report.ts';

interface WeekArguments extends DatasetArguments, TargetArguments {
  readonly quick: boolean;
  readonly only?: string[];
  readonly resume?: string;
  readonly generator: GeneratorName | 'both';
  readonly orderSeed?: number;
  readonly results: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly json: boolean;
}

/** `rushhour week`, the main job: a week of database work on a dispatch service, every box ticked by a measurement. */
export function weekCommand(context: CommandContext): CommandModule<object, WeekArguments> {
  return {
    command: 'week',
    describe:
      'The optimisation week: profile, index, write in bulk, remove N+1, validate; every claim measured',
    builder: (line: Argv) =>
      line
        .options({
          quick: {
            type: 'boolean',
            default: false,
            describe: 'The same rows from fewer pairs, sizes and repeats: minutes instead of half an hour',
          },
          only: {
            type: 'string',
            array: true,
            requiresArg: true,
            describe: 'Only these days: day1 to day5; the final metrics are those of day5',
          },
          resume: {
            type: 'string',
            requiresArg: true,
            describe: 'Goes on with a week that broke off or failed: id, beginning of one, or `last`',
          },
          generator: {
            choices: [...GENERATOR_NAMES, 'both'],
            default: 'both',
            describe: 'Generators of load and stress test',
          },
          'order-seed': {
            type: 'number',
            requiresArg: true,
            describe: 'Seed of the order of measurements; without it a new one',
          },
          ...TARGET_OPTIONS,
          ...DATASET_OPTIONS,
          results: OPTIONS.results,
          ...WRITING_OPTIONS,
          json: OPTIONS.json,
        })
        .conflicts('resume', ['only', 'profile', 'bookings', 'drivers', 'history', 'companies', 'days'])
        .example('$0 week --quick', 'the whole week, short')
        .example('$0 week', 'the whole week: more pairs, every order of the steps, verified index advice')
        .example('$0 week --only day2', 'the migration, and what each index earns and costs')
        .example(
          '$0 week --quick --config ../orders',
          'the week of your own service, by `week` of its config',
        )
        .example(
          '$0 week --resume last',
          'goes on with one that broke off',
        ) as unknown as Argv<WeekArguments>,
    handler: async (args) => {
      const outcome =
        args.resume === undefined
          ? await startWeek(context, args)
          : await continueWeek(context, args, args.resume);
      if (outcome !== null) await tellWeek(context, args, outcome);
    },
  };
}

type Done = WeekOutcome & { readonly place: ResultFolder };

async function startWeek(context: CommandContext, args: WeekArguments): Promise<Done | null> {
  const chosen = await chooseWeek(context, args);
  const plan = readPlan(args, chosen);
  return withWeek(context, args, { chosen, plan }, async () => ({
    place: await createResultFolder(resultsFolder(args.results), ['week', plan.mode]),
    earlier: null,
  }));
}

async function continueWeek(
  context: CommandContext,
  args: WeekArguments,
  reference: string,
): Promise<Done | null> {
  const folder = await findResultFolder(resultsFolder(args.results), reference);
  const earlier = await readEarlierWeek(folder);
  const chosen = await chooseWeek(context, args);
  return withWeek(context, args, { chosen, plan: earlier.plan }, async () => ({
    place: { id: path.basename(folder), folder },
    earlier,
  }));
}

/** What starting and resuming share: generators, a server, the service, and a folder that nobody else works in. */
async function withWeek(
  context: CommandContext,
  args: WeekArguments,
  { chosen, plan }: { readonly chosen: ChosenWeek; readonly plan: WeekPlan },
  open: () => Promise<{ place: ResultFolder; earlier: EarlierWeek | null }>,
): Promise<Done | null> {
  if (!(await planFirst(context, args, () => weekPreview(chosen, plan)))) return null;
  const loaded = tasksOf(plan).some(({ id }) => id === 'load' || id === 'stress');
  const names = loaded ? (plan.load.generators as GeneratorName[]) : [];
  const { generators, skipped } = await chooseGenerators(context, names, SINGLE);
  return withServer(context, args, async (server) => {
    const opened = await chosen.open(plan, { server, signal: context.signal });
    const { place, earlier } = await open();
    tellPlan(context, plan, place, earlier);
    const subject = { kind: 'week', scenario: plan.mode, variants: chosen.target.variants } as const;
    const inOrder = (work: (order: Pick<CommandContext, 'signal' | 'progress'>) => Promise<Done>) =>
      withWeekLock(place.folder, () =>
        withLiveFeed(place, subject, context.progress, (progress) =>
          untilStopFile(place.folder, context, (signal) => work({ signal, progress })),
        ),
      );
    return inOrder(async (order) => ({
      place,
      ...(await doWeek(
        {
          ...{ ...order, server, folder: place.folder },
          plan,
          resultsRoot: resultsFolder(args.results),
          ...opened,
          generators,
          skippedLoads: skipped,
        },
        place,
        earlier,
      )),
    }));
  });
}

function weekPreview({ target }: ChosenWeek, plan: WeekPlan): PreviewRequest {
  const tasks = tasksOf(plan);
  const expected = tasks.reduce((sum, task) => sum + task.expectedSeconds(plan), 0);
  return {
    verb: 'week',
    datasets: { target, variants: target.variants, shape: plan.shape },
    clones: 'clones and smaller datasets for its tasks, each dropped after its task',
    asks: [`${tasks.map(({ title }) => title).join(', ')}: ${leftWords(expected)} (estimated, on two cores)`],
  };
}

/** @throws HarnessError BAD_OPTION */
function readPlan(args: WeekArguments, { planned }: ChosenWeek): WeekPlan {
  return planWeek({
    mode: args.quick ? 'quick' : 'full',
    days: readDays(args.only),
    shape: datasetShape(args, 'load'),
    randomSeed: args.orderSeed ?? chooseSeed(),
    generators: args.generator === 'both' ? GENERATOR_NAMES : [args.generator],
    target: planned,
  });
}

/** "day2", "2", or several of them. @throws HarnessError BAD_OPTION */
export function readDays(only: readonly string[] | undefined): WeekDay[] {
  if (only === undefined) return [...ALL_DAYS];
  const texts = only.flatMap((text) => text.split(','));
  const days = texts.map((text) => {
    const day = ALL_DAYS.find((one) => text === `day${one}` || text === `${one}`);
    if (day !== undefined) return day;
    throw new HarnessError('BAD_OPTION', `--only: expected day1 to day5, got '${text}'.`);
  });
  return ALL_DAYS.filter((day) => days.includes(day));
}

function tellPlan(
  { progress }: CommandContext,
  plan: WeekPlan,
  { folder }: ResultFolder,
  earlier: EarlierWeek | null,
): void {
  const { shape, mode, days } = plan;
  const expected = tasksOf(plan).reduce((sum, task) => sum + task.expectedSeconds(plan), 0);
  const what =
    days.length === ALL_DAYS.length ? `the ${mode} week` : `day ${days.join(', ')} of the ${mode} week`;
  const data = `${formatCount(shape.bookings)} bookings a dispatch, ${formatCount(shape.drivers)} drivers, ${formatCount(shape.history)} past bookings`;
  progress.note(
    earlier
      ? `Going on with ${what}: ${data}. Results: ${folder}`
      : `Doing ${what}, ${leftWords(expected)} on two cores: ${data}. Results: ${folder}`,
  );
}

async function tellWeek(
  context: CommandContext,
  args: WeekArguments,
  { week, failure, place }: Done,
): Promise<void> {
  const { lines } = await publishWeek(context, week, place.folder);
  if (args.json) printJson(context, week);
  else for (const line of lines) context.print(line);
  if (failure) throw failure;
  if (hasFailed(week)) context.exitCode = EXIT.thresholdsFailed;
}

function hasFailed({ finalMetrics, rows }: WeekRecord): boolean {
  return [...finalMetrics, ...rows].some(({ outcome }) => outcome === 'fail');
}

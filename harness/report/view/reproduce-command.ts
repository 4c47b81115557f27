import type { ExperimentPlan } from '../../experiment-record.ts';
import type { DatasetIdentity, RunRecord } from '../../result.ts';
import type { ExperimentInput, ReportInput } from '../report-input.ts';

/** The command line that measures the same again. */
export function reproduceCommand(input: ReportInput): string {
  const words =
    input.kind === 'run'
      ? runWords(input.run)
      : experimentWords(input.experiment.scenario, input.experiment.plan, namesInConfig(input));
  return words.join(' ');
}

/** Of an experiment in a week, what its variants are called in the config. */
function namesInConfig({ runs }: ExperimentInput): ReadonlyMap<string, string> {
  return new Map(
    runs.map(({ run }) => [run.variant, run.environment.target?.variant ?? run.variant] as const),
  );
}

function runWords(run: RunRecord): string[] {
  const generators = [
    ...run.loads.map(({ report }) => report.generator),
    ...run.skippedLoads.map(({ generator }) => generator),
  ];
  const probes = run.probe?.dispatches.length ?? 0;
  return [
    'rushhour run',
    shellWord(run.scenario),
    '--variant',
    shellWord(run.environment.target?.variant ?? run.variant),
    ...generatorWords(generators),
    ...(probes === 0 ? [] : ['--probes', String(probes)]),
    ...factorWords(run.traffic),
    ...runDatasetWords(run.dataset),
    ...configWords(run.environment.target?.name),
  ];
}

function experimentWords(
  scenario: string,
  plan: ExperimentPlan,
  names: ReadonlyMap<string, string>,
): string[] {
  const { parts, arms, looks, probe, load } = plan;
  const [only] = looks;
  return [
    'rushhour experiment',
    shellWord(scenario),
    '--variants',
    shellWord(arms.map(({ variant }) => names.get(variant) ?? variant).join(',')),
    '--mode',
    modeOf(parts),
    '--order-seed',
    String(plan.randomSeed),
    ...(parts.includes('pair') && only !== undefined && looks.length === 1
      ? ['--pairs', String(only.pairs)]
      : []),
    ...changeWords(arms),
    ...(parts.includes('count') ? ['--probes', String(probe.dispatches)] : []),
    ...(parts.includes('load') ? [...generatorWords(load.generators), ...factorWords(load)] : []),
    ...datasetWords(plan.shape),
    ...configWords(plan.target),
  ];
}

/** Where the config is, a result does not know: it is found in the working folder. */
function configWords(target: string | undefined): string[] {
  return target === undefined || target === 'reference' ? [] : ['--config', 'rushhour.config.ts'];
}

/** Counts come with every mode, so they are not named beside another part. */
function modeOf(parts: ExperimentPlan['parts']): string {
  const [other, ...more] = parts.filter((part) => part !== 'count');
  return more.length > 0 ? 'all' : (other ?? 'count');
}

/** What was done to the candidate on purpose. */
function changeWords(arms: ExperimentPlan['arms']): string[] {
  const changed = arms
    .map(({ changes }) => changes)
    .find((changes) => changes.injectedSlowdownRatio > 0 || changes.droppedIndexes.length > 0);
  if (changed === undefined) return [];
  const { injectedSlowdownRatio, droppedIndexes } = changed;
  return [
    ...(injectedSlowdownRatio > 0
      ? ['--inject-slowdown', `${Number((100 * injectedSlowdownRatio).toPrecision(6))}%`]
      : []),
    ...droppedIndexes.flatMap((index) => ['--drop-index', shellWord(index)]),
  ];
}

function generatorWords(names: readonly string[]): string[] {
  const generators = [...new Set(names)];
  const [only] = generators;
  if (only === undefined) return [];
  return ['--generator', generators.length > 1 ? 'both' : shellWord(only)];
}

function factorWords({
  durationFactor,
  rateFactor,
}: {
  durationFactor: number;
  rateFactor: number;
}): string[] {
  return ['--duration-factor', String(durationFactor), '--rate-factor', String(rateFactor)];
}

function runDatasetWords(dataset: DatasetIdentity): string[] {
  const { profile, randomSeed } = dataset;
  const sizes = {
    bookings: dataset.openBookingsPerDay,
    drivers: dataset.driversPerCompany,
    history: dataset.historyBookings,
    companies: dataset.companies,
    days: dataset.openDays,
  };
  // Data of its own size is the same whatever is asked for.
  const asked = Object.values(sizes).some((size) => size !== null);
  return asked ? datasetWords({ profile, randomSeed, ...sizes }) : [];
}

type Sizes = Readonly<
  Record<Exclude<keyof ExperimentPlan['shape'], 'profile' | 'randomSeed'>, number | null>
>;

function datasetWords({
  profile,
  randomSeed,
  ...sizes
}: Sizes & Pick<ExperimentPlan['shape'], 'profile' | 'randomSeed'>): string[] {
  const shape =
    profile === 'custom'
      ? (['bookings', 'drivers', 'history', 'companies', 'days'] as const).flatMap((size) => [
          `--${size}`,
          String(sizes[size]),
        ])
      : ['--profile', shellWord(profile)];
  return [...shape, '--random-seed', String(randomSeed)];
}

/** A word for a POSIX shell, quoted where it must be. */
function shellWord(text: string): string {
  return /^[\w.,+:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

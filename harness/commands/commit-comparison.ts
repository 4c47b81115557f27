/** What `nightly` and `bisect` share: a variant of a config that is brought up at commits of its repository. */

import path from 'node:path';
import type { DatasetShape } from '../../seed/profiles.ts';
import { nightlyScenarios, variantsOfCommits } from '../config/check-nightly.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { datasetShape, OPTIONS, resultsFolder, TARGET_OPTIONS, WRITING_OPTIONS } from '../config/options.ts';
import { namesToChoose } from '../config/similar-name.ts';
import { HarnessError } from '../errors.ts';
import { machineFingerprint } from '../machine/environment.ts';
import type { CommitContext, ComparedCommits } from '../nightly/compare-commits.ts';
import { planScenario, type ScenarioPlan } from '../nightly/plan-scenario.ts';
import { CANDIDATE, type CommitPair, REFERENCE, withVariants } from '../nightly/two-commits.ts';
import { readCalibration } from '../store/calibrations.ts';
import { readResult } from '../store/read-results.ts';
import { configuredTarget } from '../targets/configured-target.ts';
import { chooseConfig, type TargetArguments } from './choose-target.ts';
import { type CommandContext, withServer } from './command-context.ts';
import { chooseGenerators, GENERATOR_NAMES, PAIRED } from './generators.ts';
import { type PlanArguments, planFirst } from './plan-first.ts';
import { publishReport } from './publish-report.ts';

export interface CommitArguments extends TargetArguments, PlanArguments {
  readonly profile?: string | undefined;
  readonly results: string;
  readonly json: boolean;
}

export const COMMIT_OPTIONS = {
  profile: OPTIONS.profile,
  ...TARGET_OPTIONS,
  results: OPTIONS.results,
  ...WRITING_OPTIONS,
  json: OPTIONS.json,
} as const;

/** The config, and the variant of it that is brought up at commits. */
export interface CommitSubject {
  readonly loaded: LoadedConfig;
  readonly variant: string;
}

/** @throws HarnessError BAD_CONFIG when there is no config, or none of its variants is of a commit */
export async function commitSubject(context: CommandContext, args: TargetArguments): Promise<CommitSubject> {
  const loaded = await chooseConfig(context, args);
  if (loaded === null)
    throw new HarnessError(
      'BAD_CONFIG',
      'Expected a config whose variant names a git repository, got none.',
      {
        hint: '`rushhour init` writes one; its `nightly` says what a night measures, and `source` of a variant where its code is.',
      },
    );
  const fitting = variantsOfCommits(loaded.config);
  const variant = loaded.config.nightly?.variant ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (variant !== undefined) return { loaded, variant };
  throw new HarnessError(
    'BAD_CONFIG',
    `${loaded.file}: nightly.variant: expected the name of the variant that is measured at both commits, got nothing${
      fitting.length === 0 ? ', and no variant has a `source`' : ` of ${fitting.join(', ')}`
    }.`,
    { hint: 'Commits are checked out of the repository that `source` of a variant names.' },
  );
}

/** Names of the scenarios that are measured, each with what the config says of it. @throws HarnessError BAD_OPTION */
export function chosenScenarios(
  { config }: LoadedConfig,
  names: readonly string[] | undefined,
): ReturnType<typeof nightlyScenarios> {
  const declared = nightlyScenarios(config, config.nightly);
  if (names === undefined) return declared;
  const known = [
    ...new Set([...declared.map(([name]) => name), ...Object.keys(config.scenarios ?? {}), 'dispatch']),
  ];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new HarnessError(
      'BAD_OPTION',
      `--scenario: expected the name of a scenario, got '${unknown}'${namesToChoose(unknown, known)}`,
    );
  return names.map((name) => [name, declared.find(([each]) => each === name)?.[1] ?? {}]);
}

export interface PlannedWork {
  readonly plans: readonly ScenarioPlan[];
  readonly shape: DatasetShape;
}

/** The experiments of these scenarios, planned before anything starts. @throws HarnessError BAD_CONFIG, BAD_OPTION */
export async function planWork(
  args: CommitArguments,
  { loaded, variant }: CommitSubject,
  scenarios: ReturnType<typeof nightlyScenarios>,
): Promise<PlannedWork> {
  // No commit matters to a plan.
  const target = configuredTarget(
    withVariants(loaded, variant, { [REFERENCE]: 'HEAD', [CANDIDATE]: 'HEAD' }),
  );
  const shape = datasetShape({ profile: args.profile }, 'load');
  const plans: ScenarioPlan[] = [];
  for (const [scenario, config] of scenarios) {
    const calibration = await readCalibration(resultsFolder(args.results), {
      machine: machineFingerprint(),
      target: target.name,
      scenario,
    });
    const sliceSize = calibration?.sliceSize ?? null;
    plans.push(planScenario(target, scenario, config, { shape, generators: GENERATOR_NAMES, sliceSize }));
  }
  return { plans, shape };
}

/** As {@link planFirst}: what the experiments between two commits would do. */
export function planCommitsFirst(
  context: CommandContext,
  args: CommitArguments,
  { loaded, variant }: CommitSubject,
  { verb, commits, shape, asks }: { verb: string; commits: CommitPair; shape: DatasetShape; asks: string },
): Promise<boolean> {
  return planFirst(context, args, () => ({
    verb,
    datasets: {
      target: configuredTarget(withVariants(loaded, variant, commits), { consentToCopy: args.copyFrom }),
      variants: [REFERENCE, CANDIDATE],
      shape,
    },
    clones: 'clones of both for their counts and for each pair, dropped after it',
    asks: [asks],
  }));
}

/** Runs `work` with a server and, where a scenario has a load, its generators. */
export async function withCommits<T>(
  context: CommandContext,
  args: CommitArguments,
  { loaded, variant }: CommitSubject,
  plans: readonly ScenarioPlan[],
  work: (context: CommitContext) => Promise<T>,
): Promise<T> {
  const names = plans.some(({ mode }) => mode === 'load') ? GENERATOR_NAMES : [];
  const chosen = await chooseGenerators(context, names, PAIRED);
  return withServer(context, args, (server) =>
    work({
      ...{ server, loaded, variant, signal: context.signal, progress: context.progress },
      resultsRoot: resultsFolder(args.results),
      generators: chosen.generators,
      skippedLoads: chosen.skipped,
      consentToCopy: args.copyFrom,
    }),
  );
}

/** Draws the report of a comparison, and of the second experiment inside it. */
export async function publishCompared(context: CommandContext, compared: ComparedCommits): Promise<void> {
  const { folder, experiment, runs } = compared;
  await publishReport(context, { kind: 'experiment', experiment, runs: [...runs] }, folder);
  for (const { confirmation } of experiment.comparisons) {
    if (!confirmation) continue;
    const second = path.join(folder, confirmation.folder);
    const result = await readResult(folder, second);
    if (result.kind === 'experiment')
      await publishReport(context, { ...result, runs: [...result.runs] }, second);
  }
}

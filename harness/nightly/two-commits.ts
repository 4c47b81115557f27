/** One variant of a config at two commits, as a config of two variants: what an experiment compares. */
import path from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { CommandConfig, DataStep, VariantConfig } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { isThere } from '../store/is-there.ts';
import { isCommand } from '../targets/data-steps.ts';
import { type PrepareOptions, variantFolder } from '../targets/source-checkout.ts';

export const REFERENCE = 'reference';
export const CANDIDATE = 'candidate';

/** Commits, in full. */
export interface CommitPair {
  readonly [REFERENCE]: string;
  readonly [CANDIDATE]: string;
}

/**
 * Checks both commits out, builds them, and returns the config that has the variant at them as `reference` and `candidate`. Files and
 * programs of its migration are those of the commit, as far as the commit holds them: an index that a commit drops is part of it.
 *
 * @throws HarnessError COMMAND_FAILED when one does not build
 */
export async function atTwoCommits(
  loaded: LoadedConfig,
  variant: string,
  commits: CommitPair,
  options: PrepareOptions,
): Promise<LoadedConfig> {
  const checkedOut = withVariants(loaded, variant, commits);
  const variants: Record<string, VariantConfig> = { ...checkedOut.config.variants };
  for (const arm of [REFERENCE, CANDIDATE] as const) {
    const folder = await variantFolder(checkedOut, arm, options);
    const at = variants[arm] as VariantConfig;
    variants[arm] = { ...at, ...(await migrationOfCommit(at, folder, commits[arm])) };
  }
  return { ...loaded, config: { ...checkedOut.config, variants } };
}

/** The config of both, with `{variant}` filled in: there, its name is the configured one. Pure. */
export function withVariants(loaded: LoadedConfig, variant: string, commits: CommitPair): LoadedConfig {
  const { week: _week, nightly: _nightly, variants, hooks, ...config } = loaded.config;
  const own = variants[variant];
  if (!own?.source)
    throw new HarnessError('INTERNAL', `the variant "${variant}" has no source and cannot be of a commit`);
  const { source } = own;
  const at = (ref: string): VariantConfig => named({ ...own, source: { ...source, ref } }, variant);
  return {
    ...loaded,
    config: {
      ...config,
      ...(hooks ? { hooks: named(hooks, variant) } : {}),
      variants: { [REFERENCE]: at(commits.reference), [CANDIDATE]: at(commits.candidate) },
    },
  };
}

function named<T>(value: T, variant: string): T {
  if (typeof value === 'string') return value.replaceAll('{variant}', variant) as T;
  if (Array.isArray(value)) return value.map((item) => named(item, variant)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, named(member, variant)]),
  ) as T;
}

async function migrationOfCommit(
  { migration }: VariantConfig,
  folder: string,
  commit: string,
): Promise<Pick<VariantConfig, 'migration'>> {
  if (!migration) return {};
  const of = (steps: readonly DataStep[]) => Promise.all(steps.map((step) => stepOf(step, folder, commit)));
  return {
    migration: { up: await of(migration.up), ...(migration.down ? { down: await of(migration.down) } : {}) },
  };
}

async function stepOf(step: DataStep, folder: string, commit: string): Promise<DataStep> {
  if (typeof step === 'string') return step;
  if (isCommand(step)) return commandOf(step, folder, commit);
  const file = path.resolve(folder, step.file);
  return (await isThere(file)) ? { file } : step;
}

/** A program may read any file of its commit, so what it has made of a database is known by the commit: a part of the template's key. */
function commandOf(step: CommandConfig, folder: string, commit: string): CommandConfig {
  return {
    ...step,
    folder: path.resolve(folder, step.folder ?? '.'),
    environment: { ...step.environment, RUSHHOUR_COMMIT: commit },
  };
}

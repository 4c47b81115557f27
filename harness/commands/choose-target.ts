import path from 'node:path';
import { findConfig } from '../config/load-config.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import { HarnessError } from '../errors.ts';
import { referenceTarget } from '../targets/reference-target.ts';
import type { ScenarioSummary, Target } from '../targets/target.ts';
import type { CommandContext } from './command-context.ts';

export interface TargetArguments {
  /** Absent: the config of the working folder, if there is one; `false`: none. */
  readonly config?: string | false | undefined;
  /** Consents to the copy of the database of this name, which a config asks for. */
  readonly copyFrom?: string | undefined;
}

/**
 * What is measured: the service that a config describes, else the reference service.
 * @throws HarnessError BAD_CONFIG, BAD_OPTION
 */
export async function chooseTarget(context: CommandContext, args: TargetArguments): Promise<Target> {
  const loaded = await chooseConfig(context, args);
  if (loaded === null) return referenceTarget();
  // Loaded only here: most of what it takes the reference target does not.
  const { configuredTarget } = await import('../targets/configured-target.ts');
  return configuredTarget(loaded, { consentToCopy: args.copyFrom });
}

/** The config that is named or lies in the working folder; `null` for the reference service. @throws HarnessError BAD_CONFIG */
export async function chooseConfig(
  { progress }: CommandContext,
  { config }: TargetArguments,
): Promise<LoadedConfig | null> {
  const loaded = config === false ? null : await findConfig(config, process.cwd());
  if (loaded !== null)
    progress.note(`  Target: ${loaded.config.name}, of ${path.relative(process.cwd(), loaded.file)}`);
  return loaded;
}

/** The scenario of that name; without one `load`, or the first there is. @throws HarnessError BAD_OPTION listing what there is */
export function scenarioNamed({ name, scenarios }: Target, wanted: string | undefined): ScenarioSummary {
  const named = (text: string) => scenarios.find((scenario) => scenario.name === text);
  const found = wanted === undefined ? (named('load') ?? scenarios[0]) : named(wanted);
  if (found) return found;
  throw new HarnessError(
    'BAD_OPTION',
    `<scenario>: expected one of ${scenarios.map((scenario) => scenario.name).join(', ')}, got "${wanted}".`,
    { hint: `These are the scenarios of the target "${name}".` },
  );
}

/** @throws HarnessError BAD_OPTION when something that broke off was of another target */
export function requireSameTarget({ name }: Target, earlier: string): void {
  if (name === earlier) return;
  throw new HarnessError(
    'BAD_OPTION',
    `--resume: it measures the target "${earlier}", and the target here is "${name}".`,
    {
      hint:
        earlier === 'reference'
          ? 'Add --no-config.'
          : `Start it where the config of "${earlier}" is, or name that with --config.`,
    },
  );
}

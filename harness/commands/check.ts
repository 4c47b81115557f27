import type { Argv, CommandModule } from 'yargs';
import { checkParts } from '../check/check-parts.ts';
import { describePart, Parts } from '../check/parts.ts';
import { tryConfigFile } from '../check/try-config-file.ts';
import { SERVER } from '../check/try-server.ts';
import { findConfig } from '../config/load-config.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  TARGET_OPTIONS,
  WRITING_OPTIONS,
} from '../config/options.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { configuredTarget } from '../targets/configured-target.ts';
import type { TargetArguments } from './choose-target.ts';
import { type CommandContext, printJson, type ServerArguments, withServer } from './command-context.ts';
import { planFirst } from './plan-first.ts';

interface CheckArguments extends DatasetArguments, TargetArguments {
  readonly variant?: string;
  readonly quick: boolean;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly json: boolean;
}

const PROGRESS_EVERY_MS = 10_000;

/** `rushhour check`: tries every part of a config, and says in a line each what works and what does not, with the remedy. */
export function checkCommand(context: CommandContext): CommandModule<object, CheckArguments> {
  return {
    command: 'check',
    describe:
      'Try every part of a rushhour.config.ts, really and one by one, and say what does not work and why',
    builder: (line: Argv) =>
      line
        .options({
          variant: {
            type: 'string',
            requiresArg: true,
            describe: 'Only this variant of the config. Default: all of them',
          },
          quick: {
            type: 'boolean',
            default: false,
            describe: 'Leave the dispatches out, and what is looked at after them',
          },
          ...DATASET_OPTIONS,
          profile: { ...DATASET_OPTIONS.profile, default: 'smoke' },
          ...TARGET_OPTIONS,
          ...WRITING_OPTIONS,
          json: OPTIONS.json,
        })
        .example('$0 check', 'the config of this folder, all of its variants')
        .example(
          '$0 check --variant before --quick',
          'does it come up, and who may log in?',
        ) as unknown as Argv<CheckArguments>,
    handler: async (args) => {
      const loaded = await requireConfig(args.config);
      const shape = datasetShape(args, 'smoke');
      const target = configuredTarget(loaded);
      const variants = args.variant === undefined ? target.variants : [target.variantName(args.variant)];
      const preview = {
        verb: 'check',
        datasets: { target: configuredTarget(loaded, { consentToCopy: args.copyFrom }), variants, shape },
        clones:
          'clones, or the databases of services that run already, made anew; each dropped after its variant',
        asks: [
          args.quick
            ? 'logins and one request of each kind, of each variant'
            : 'logins, two dispatches and one request of each kind, of each variant',
        ],
      };
      if (!(await planFirst(context, args, () => preview))) return;
      const parts = new Parts(context.signal, (line) => {
        if (!args.json) context.print(describePart(line));
      });
      await tryConfigFile(parts, loaded);
      await onServer(context, parts, args, (server) =>
        checkParts(parts, {
          ...{ loaded, server, shape, variants, consentToCopy: args.copyFrom, quick: args.quick },
          signal: context.signal,
          onProgress: onceInAWhile(context),
        }),
      );
      if (args.json) printJson(context, parts.lines);
      if (parts.lines.some(({ status }) => status === 'problem')) context.exitCode = EXIT.failure;
      if (parts.refusal) throw parts.refusal; // told once more, as any verb tells it
    },
  };
}

async function requireConfig(option: string | false | undefined): Promise<LoadedConfig> {
  const loaded = option === false ? null : await findConfig(option, process.cwd());
  if (loaded) return loaded;
  throw new HarnessError(
    'BAD_CONFIG',
    option === false
      ? 'check tries a config, and --no-config says that there is none.'
      : `check tries a config: expected a rushhour.config.ts in ${process.cwd()}, got none.`,
    {
      hint: 'Name one with --config, or let `rushhour init` write one. `rushhour doctor` checks the machine.',
    },
  );
}

/** A server that cannot be used is a line like the others; what was meant by --server is a usage error. */
async function onServer(
  context: CommandContext,
  parts: Parts,
  chosen: ServerArguments,
  work: (server: PostgresServer) => Promise<void>,
): Promise<void> {
  const state = { reached: false };
  try {
    await withServer(context, chosen, (server) => {
      state.reached = true;
      return work(server);
    });
  } catch (error) {
    if (state.reached || !(error instanceof HarnessError) || error.code === 'BAD_OPTION') throw error;
    await parts.try(SERVER, [], () => Promise.reject(error));
  }
}

/** What is done, once in a while: most parts take no time. */
function onceInAWhile({ progress }: CommandContext): (detail: string) => void {
  const state = { said: performance.now() };
  return (detail) => {
    if (performance.now() - state.said < PROGRESS_EVERY_MS) return;
    state.said = performance.now();
    progress.note(`  … ${detail}`);
  };
}

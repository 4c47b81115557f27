import yargs, { type CommandModule } from 'yargs';
import { EXIT, HarnessError } from '../errors.ts';
import { toolVersion } from '../machine/environment.ts';
import { redacted } from '../progress.ts';
import { redact } from '../secrets.ts';
import type { CommandContext } from './command-context.ts';
import { checkGivenValues, type OptionTypes } from './given-values.ts';
import { terminalProgress } from './terminal-progress.ts';
import { helpHint, usageError } from './usage-words.ts';

type Command = (context: CommandContext) => unknown;

/** The verbs, in the order of the work. Only the one that is asked for is loaded: all of them together take seconds. */
const VERBS: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  init: async () => (await import('./init.ts')).initCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  seed: async () => (await import('./seed.ts')).seedCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  run: async () => (await import('./run.ts')).runCommand,
  experiment: async () => (await import('./experiment.ts')).experimentCommand,
  profile: async () => (await import('./profile.ts')).profileCommand,
  advise: async () => (await import('./advise.ts')).adviseCommand,
  week: async () => (await import('./week.ts')).weekCommand,
  nightly: async () => (await import('./nightly.ts')).nightlyCommand,
  bisect: async () => (await import('./bisect.ts')).bisectCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  history: async () => (await import('./history.ts')).historyCommand,
  open: async () => (await import('./open.ts')).openCommand,
  calibrate: async () => (await import('./calibrate.ts')).calibrateCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  clean: async () => (await import('./clean.ts')).cleanCommand,
};

const EXIT_CODES = `Exit codes: ${EXIT.fine} fine, ${EXIT.failure} failure, ${EXIT.usage} usage, ${EXIT.notComparable} not comparable, ${EXIT.refused} refused for safety, ${EXIT.thresholdsFailed} thresholds failed, ${EXIT.interrupted} interrupted`;

/** Parses a command line and does what it says. Resolves with the exit code; errors are thrown. */
export async function runCommandLine(args: readonly string[], signal: AbortSignal): Promise<number> {
  const context: CommandContext = {
    signal,
    progress: redacted(terminalProgress()),
    print: (line) => process.stdout.write(`${redact(line)}\n`),
    exitCode: EXIT.fine,
  };
  try {
    const parser = commandLine(args);
    for (const load of loadersFor(args)) parser.command((await load())(context) as CommandModule);
    await parser.parseAsync(args);
  } catch (error) {
    throw withRemedy(error, args);
  }
  return context.exitCode;
}

/** Of the verb that comes first; of all, where none does or it is none: they are listed, or the nearest is told. */
function loadersFor([verb = '']: readonly string[]): (() => Promise<Command>)[] {
  if (verb === '--version') return [];
  const only = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  return only ? [only] : Object.values(VERBS);
}

/** A wrong option always has one: the help of its verb. */
function withRemedy(error: unknown, args: readonly string[]): unknown {
  if (!(error instanceof HarnessError) || error.code !== 'BAD_OPTION' || error.hint) return error;
  return new HarnessError('BAD_OPTION', error.message, { cause: error, hint: helpHint(args) });
}

function commandLine(args: readonly string[]) {
  return yargs()
    .scriptName('rushhour')
    .usage(
      '$0 <verb>\n\nLoad and stress tests for dispatch databases: real PostgreSQL, k6 and autocannon, verdicts with intervals.',
    )
    .example('$0 week --quick', 'the main job: the optimisation week, every claim measured, with reports')
    .example('$0 experiment', 'two variants side by side, with a verdict and a report')
    .example('$0 profile', 'why it is slow: statements, N+1, row-by-row writes, plans')
    .example('$0 run stress --generator k6', 'one stress run of one variant')
    .example('$0 doctor', 'what is found on this machine')
    .epilogue(EXIT_CODES)
    .version(toolVersion())
    .help()
    .alias('h', 'help')
    .strict()
    .recommendCommands()
    .demandCommand(1, 'Expected a verb.')
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .check((given, types: unknown) => {
      checkGivenValues(given, types as OptionTypes, args);
      return true;
    }, true)
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error; // the parser's own name for a usage error
      throw usageError(error?.message ?? message, args);
    });
}

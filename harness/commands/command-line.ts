import yargs, { type CommandModule } from 'yargs';
import { EXIT, HarnessError } from '../errors.ts';
import { toolVersion } from '../machine/environment.ts';
import { redacted } from '../progress.ts';
import { redact } from '../secrets.ts';
import { adviseCommand } from './advise.ts';
import { backupCommand } from './backup.ts';
import { calibrateCommand } from './calibrate.ts';
import { checkCommand } from './check.ts';
import { cleanCommand } from './clean.ts';
import type { CommandContext } from './command-context.ts';
import { compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import { experimentCommand } from './experiment.ts';
import { checkGivenValues, type OptionTypes } from './given-values.ts';
import { initCommand } from './init.ts';
import { migrateCommand } from './migrate.ts';
import { profileCommand } from './profile.ts';
import { reportCommand } from './report.ts';
import { restoreCommand } from './restore.ts';
import { runCommand } from './run.ts';
import { seedCommand } from './seed.ts';
import { serveCommand } from './serve.ts';
import { terminalProgress } from './terminal-progress.ts';
import { helpHint, usageError } from './usage-words.ts';
import { weekCommand } from './week.ts';

/** The verbs, in the order of the work. */
const COMMANDS: readonly ((context: CommandContext) => unknown)[] = [
  doctorCommand,
  initCommand,
  checkCommand,
  seedCommand,
  migrateCommand,
  serveCommand,
  runCommand,
  experimentCommand,
  profileCommand,
  adviseCommand,
  weekCommand,
  compareCommand,
  reportCommand,
  calibrateCommand,
  backupCommand,
  restoreCommand,
  cleanCommand,
];

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
    await commandLine(context, args).parseAsync(args);
  } catch (error) {
    throw withRemedy(error, args);
  }
  return context.exitCode;
}

/** A wrong option always has one: the help of its verb. */
function withRemedy(error: unknown, args: readonly string[]): unknown {
  if (!(error instanceof HarnessError) || error.code !== 'BAD_OPTION' || error.hint) return error;
  return new HarnessError('BAD_OPTION', error.message, { cause: error, hint: helpHint(args) });
}

function commandLine(context: CommandContext, args: readonly string[]) {
  const parser = yargs()
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
  return COMMANDS.reduce((line, command) => line.command(command(context) as CommandModule), parser);
}

import yargs, { type CommandModule } from 'yargs';
import { EXIT, HarnessError } from '../errors.ts';
import { toolVersion } from '../machine/environment.ts';
import { redacted } from '../progress.ts';
import { redact } from '../secrets.ts';
import { adviseCommand } from './advise.ts';
import { backupCommand } from './backup.ts';
import { calibrateCommand } from './calibrate.ts';
import { cleanCommand } from './clean.ts';
import type { CommandContext } from './command-context.ts';
import { compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import { experimentCommand } from './experiment.ts';
import { migrateCommand } from './migrate.ts';
import { profileCommand } from './profile.ts';
import { reportCommand } from './report.ts';
import { restoreCommand } from './restore.ts';
import { runCommand } from './run.ts';
import { seedCommand } from './seed.ts';
import { serveCommand } from './serve.ts';
import { terminalProgress } from './terminal-progress.ts';
import { weekCommand } from './week.ts';

/** The verbs, in the order of the work. */
const COMMANDS: readonly ((context: CommandContext) => unknown)[] = [
  doctorCommand,
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
  await commandLine(context).parseAsync(args);
  return context.exitCode;
}

function commandLine(context: CommandContext) {
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
    .fail((message, error) => {
      if (error) throw error;
      throw new HarnessError('BAD_OPTION', message, {
        hint: '`rushhour --help` lists the verbs, `rushhour <verb> --help` their options.',
      });
    });
  return COMMANDS.reduce((line, command) => line.command(command(context) as CommandModule), parser);
}

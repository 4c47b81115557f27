import { hideBin } from 'yargs/helpers';
import { runCommandLine } from './commands/command-line.ts';
import { EXIT, HarnessError } from './errors.ts';
import { interruptible, outliveReaders } from './interruption.ts';

function printError(error: unknown): number {
  const known = error instanceof HarnessError ? error : null;
  if (!known) {
    // A defect of rushhour itself: the one case in which a stack helps.
    process.stderr.write(
      `rushhour: unexpected error\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return EXIT.failure;
  }
  process.stderr.write(`rushhour: ${known.message}\n`);
  if (known.hint) process.stderr.write(`  → ${known.hint}\n`);
  return known.exitCode;
}

outliveReaders();
const signal = interruptible();
try {
  process.exitCode = await runCommandLine(hideBin(process.argv), signal);
} catch (error) {
  process.exitCode = printError(
    signal.aborted && signal.reason instanceof HarnessError && !(error instanceof HarnessError)
      ? signal.reason
      : error,
  );
}

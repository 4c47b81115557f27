import { hideBin } from 'yargs/helpers';
import { runCommandLine } from './commands/command-line.ts';
import { EXIT, HarnessError } from './errors.ts';

/** Ends the process; the first signal only asks, so that everything started is stopped and what was measured is kept. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      process.stderr.write('\nStopped at once. `rushhour doctor` shows what may have been left running.\n');
      process.exit(EXIT.interrupted);
    }
    process.stderr.write(
      `\n${name}: stopping what was started and keeping what was measured. Once more stops at once.\n`,
    );
    controller.abort(new HarnessError('INTERRUPTED', `Interrupted by ${name}.`));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  return controller.signal;
}

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

import { hideBin } from 'yargs/helpers';
import { runCommandLine } from './commands/command-line.ts';
import { EXIT, HarnessError } from './errors.ts';
import { interruptible, outliveReaders } from './interruption.ts';
import { redact, rememberEnvironment, rememberUrlPassword } from './secrets.ts';

function printError(error: unknown): number {
  const known = error instanceof HarnessError ? error : null;
  if (!known) {
    // A defect of rushhour itself: the one case in which a stack helps.
    say(`rushhour: unexpected error\n${error instanceof Error ? error.stack : String(error)}`);
    return EXIT.failure;
  }
  say(`rushhour: ${known.message}`);
  if (known.hint) say(`  → ${known.hint}`);
  return known.exitCode;
}

function say(text: string): void {
  process.stderr.write(`${redact(text)}\n`);
}

outliveReaders();
rememberEnvironment(process.env);
for (const argument of process.argv) rememberUrlPassword(argument);
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

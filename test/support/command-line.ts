import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { runCommandLine } from '../../harness/commands/command-line.ts';
import { HarnessError } from '../../harness/errors.ts';

/** Every verb of the tool with its long flags, such as `--server`, as its help tells them. */
export async function flagsByVerb(): Promise<Map<string, string[]>> {
  const lines = [...(await helpOf()).matchAll(/^ {2}rushhour ([a-z]+) .* {2}\S/gm)];
  const verbs = [...new Set(lines.map((match) => match[1] ?? ''))];
  const flags = new Map<string, string[]>();
  for (const verb of verbs) {
    const found = (await helpOf(verb)).matchAll(/^ +(?:-\w, )?(--[a-z][a-z0-9-]*)/gm);
    flags.set(
      verb,
      [...found].map((match) => match[1] ?? ''),
    );
  }
  return flags;
}

/** yargs prints help itself. */
async function helpOf(...verb: string[]): Promise<string> {
  const printed: unknown[] = [];
  const log = mock.method(console, 'log', (text: unknown) => printed.push(text));
  try {
    await runCommandLine([...verb, '--help'], new AbortController().signal);
  } finally {
    log.mock.restore();
  }
  return printed.join('\n');
}

/** The error that a command line ends with, without a process of its own. */
export async function errorOf(args: readonly string[]): Promise<HarnessError> {
  const progress = mock.method(process.stderr, 'write', () => true);
  try {
    await runCommandLine(args, new AbortController().signal);
  } catch (error) {
    assert.ok(error instanceof HarnessError, error instanceof Error ? error.stack : String(error));
    return error;
  } finally {
    progress.mock.restore();
  }
  throw new Error(`${args.join(' ')} was done`);
}

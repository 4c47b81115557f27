import { stat } from 'node:fs/promises';
import path from 'node:path';
import { HarnessError } from '../errors.ts';
import { findOnPath } from '../machine/executable-path.ts';
import { type ProcessOutcome, runProcess } from '../machine/process-group.ts';
import { hideSecrets } from './hidden-secrets.ts';

export interface CommandRequest {
  /** The program and its arguments, as they are. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly folder: string;
  /** The whole environment: nothing else is inherited. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Names it in errors: `hooks.beforeReset[0]`. */
  readonly what: string;
  /** What must not appear in an error. */
  readonly secrets?: readonly string[];
  readonly onLine?: (line: string) => void;
}

/** Of an output only its end is told. */
const TOLD_LINES = 20;

/**
 * Runs a command of a config to its end, in a process group of its own, which is killed at the end of the time or of the signal.
 * @throws HarnessError COMMAND_FAILED unless it ends with exit code 0, the signal's reason when that has fired
 */
export async function runCommand(request: CommandRequest): Promise<{ stdout: string; stderr: string }> {
  const { command, folder, environment, signal, timeoutMs, what, onLine } = request;
  signal.throwIfAborted();
  const [program = '', ...args] = command;
  await requireFolder(folder, what, 'COMMAND_FAILED');
  const outcome = await runProcess({
    file: program,
    args,
    env: environment,
    cwd: folder,
    timeLimitMs: timeoutMs,
    signal,
    ...(onLine ? { onLine } : {}),
  });
  if (outcome.end === 'aborted') throw signal.reason;
  if (outcome.exitCode === 0 && outcome.end === 'exited') {
    return { stdout: outcome.stdout, stderr: outcome.stderr };
  }
  if (outcome.end === 'not-started') {
    throw await notStarted('COMMAND_FAILED', { what, program, folder, environment, reason: outcome.reason });
  }
  throw new HarnessError(
    'COMMAND_FAILED',
    `${what}: ${hideSecrets(`${command.join(' ')} ${describe(outcome, folder)}`, request.secrets ?? [])}`,
    {
      hint: 'Run it by hand in that folder; it gets this environment without what could name another database.',
    },
  );
}

function describe({ end, reason, output }: ProcessOutcome, folder: string): string {
  const how = end === 'time-limit' ? `was killed: ${reason}` : `failed: ${reason}`;
  return `${how}, in ${folder}.${lastLines(output)}`;
}

/** The end of an output, on lines of its own; nothing when there is none. */
export function lastLines(output: string): string {
  const lines = output.trimEnd().split('\n').slice(-TOLD_LINES);
  return lines.join('') === '' ? ' It printed nothing.' : ` Its last lines:\n${lines.join('\n')}`;
}

/** @throws HarnessError of the given code unless the folder is one */
export async function requireFolder(
  folder: string,
  what: string,
  code: 'COMMAND_FAILED' | 'SERVICE_START_FAILED',
): Promise<void> {
  if (
    await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    )
  )
    return;
  throw new HarnessError(code, `${what}: expected a folder at ${folder}, got none.`, {
    hint: '`folder` is seen from the config file, with `source` from the same place in the checkout.',
  });
}

/** Why a program could not be started at all. */
export async function notStarted(
  code: 'COMMAND_FAILED' | 'SERVICE_START_FAILED',
  tried: {
    readonly what: string;
    readonly program: string;
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly reason: string;
  },
): Promise<HarnessError> {
  const { what, program, folder, environment, reason } = tried;
  if (reason !== 'ENOENT') {
    return new HarnessError(code, `${what}: ${program} could not be started in ${folder}: ${reason}.`, {
      hint:
        reason === 'EACCES' ? `It is not executable: chmod +x ${program}.` : 'Run it by hand in that folder.',
    });
  }
  const isPath = program.includes('/');
  const file = path.resolve(folder, program);
  const found = isPath
    ? await stat(file).then(
        () => file,
        () => null,
      )
    : ((await findOnPath(program, environment))[0] ?? null);
  if (found !== null) {
    return new HarnessError(
      code,
      `${what}: ${found} is there, but the program its first line names is not.`,
      {
        hint: 'Install that interpreter, or name it in `command`.',
      },
    );
  }
  const where = isPath ? `at ${file}` : `on PATH (${environment.PATH ?? 'empty'})`;
  return new HarnessError(code, `${what}: expected a program "${program}" ${where}, found none.`, {
    hint: 'Give its path, or start rushhour with the PATH of the shell in which it works (an activated virtual environment, nvm, rbenv).',
  });
}

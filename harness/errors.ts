/** Exit codes of the command line: one table, used by every verb and printed in the README. */
export const EXIT = {
  fine: 0,
  failure: 1,
  usage: 2,
  notComparable: 3,
  refused: 4,
  thresholdsFailed: 99,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every error a person can meet, with the exit code it ends in. */
export const ERROR_EXIT = {
  BAD_OPTION: EXIT.usage,
  BAD_CONFIG: EXIT.usage,
  BAD_RESULT_FILE: EXIT.usage,
  RESULT_NOT_FOUND: EXIT.usage,
  NOT_COMPARABLE: EXIT.notComparable,
  REFUSED: EXIT.refused,
  INTERRUPTED: EXIT.interrupted,
  POSTGRES_UNAVAILABLE: EXIT.failure,
  POSTGRES_START_FAILED: EXIT.failure,
  DATABASE_FAILED: EXIT.failure,
  COPY_FAILED: EXIT.failure,
  MIGRATION_FAILED: EXIT.failure,
  SERVICE_START_FAILED: EXIT.failure,
  SERVICE_ENDED: EXIT.failure,
  COMMAND_FAILED: EXIT.failure,
  DISPATCH_FAILED: EXIT.failure,
  K6_UNAVAILABLE: EXIT.failure,
  K6_DOWNLOAD_FAILED: EXIT.failure,
  LOAD_GENERATOR_FAILED: EXIT.failure,
  LOAD_BRAKED: EXIT.failure,
  RESULT_WRITE_FAILED: EXIT.failure,
  DUMP_FAILED: EXIT.failure,
  RESTORE_FAILED: EXIT.failure,
  TASK_FAILED: EXIT.failure,
  INTERNAL: EXIT.failure,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof ERROR_EXIT;

/**
 * The one error family of the harness. `message` says what happened, where, what was expected and what was got;
 * `hint` says what to do. Only `main.ts` prints it and sets the exit code.
 */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HarnessError';
    this.code = code;
    this.hint = options.hint;
  }

  get exitCode(): ExitCode {
    return ERROR_EXIT[this.code];
  }
}

/** The message of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

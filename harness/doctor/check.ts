import { HarnessError, messageOf } from '../errors.ts';
import type { InstallProgress } from '../load-generators/k6-install-progress.ts';

/** `warning`: works, with less to trust or something left out. `problem`: the main job cannot run. */
export type CheckStatus = 'ok' | 'warning' | 'problem';

/** What a check found. Each text is one line. */
export interface CheckResult {
  readonly status: CheckStatus;
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export interface FixOptions {
  readonly signal?: AbortSignal | undefined;
  onProgress?(progress: InstallProgress): void;
}

export interface Check {
  readonly name: string;
  /** For people, at the start of the line. */
  readonly label: string;
  run(): Promise<CheckResult>;
  /** Puts right what `run` found, where the tool can do that by itself. */
  fix?(options: FixOptions): Promise<CheckResult>;
}

export interface CheckedLine extends CheckResult {
  readonly name: string;
  readonly label: string;
  /** Whether the fix was tried: the result is then the one after it. */
  readonly fixTried: boolean;
}

export interface RunOptions extends FixOptions {
  /** Default false. */
  readonly fix?: boolean;
  /** Called as each check ends, in the order of the table. */
  onLine?(line: CheckedLine): void;
}

/**
 * Runs checks one after the other. A check that throws is a problem with the error's message and hint.
 * @throws HarnessError INTERRUPTED on abort.
 */
export async function runChecks(checks: readonly Check[], options: RunOptions = {}): Promise<CheckedLine[]> {
  const lines: CheckedLine[] = [];
  for (const check of checks) {
    const line = await runCheck(check, options);
    lines.push(line);
    options.onLine?.(line);
  }
  return lines;
}

async function runCheck(check: Check, options: RunOptions): Promise<CheckedLine> {
  stopIfAborted(options.signal);
  const first = await check.run().catch(failedCheck);
  const fixTried = Boolean(options.fix && check.fix && first.status !== 'ok');
  const result = fixTried && check.fix ? await check.fix(options).catch(failedCheck) : first;
  stopIfAborted(options.signal);
  return { name: check.name, label: check.label, fixTried, ...onOneLine(result) };
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new HarnessError('INTERRUPTED', 'The checks were stopped.');
}

/** An error as a result. */
export function failedCheck(error: unknown): CheckResult {
  const hint = error instanceof HarnessError ? error.hint : undefined;
  return { status: 'problem', detail: messageOf(error), ...(hint ? { remedy: hint } : {}) };
}

function onOneLine(result: CheckResult): CheckResult {
  const flat = (text: string) => text.replace(/\s*\n\s*/g, ' ').trim();
  return {
    status: result.status,
    detail: flat(result.detail),
    ...(result.remedy === undefined ? {} : { remedy: flat(result.remedy) }),
  };
}

/** The gravest status of all lines; `ok` for none. */
export function worstStatus(lines: readonly CheckResult[]): CheckStatus {
  const order: readonly CheckStatus[] = ['problem', 'warning', 'ok'];
  return order.find((status) => lines.some((line) => line.status === status)) ?? 'ok';
}

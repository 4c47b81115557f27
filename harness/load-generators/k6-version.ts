import { stat } from 'node:fs/promises';
import { runProcess } from '../machine/process-group.ts';

/** The k6 release that rushhour installs and is developed against. */
export const K6_VERSION = '1.8.1';

/** A loaded machine may take seconds for what takes 0.05 s at rest; a program that hangs must still end. */
export const VERSION_TIME_LIMIT_MS = 15_000;

/** What asking a file for its k6 version gave: a version that can be used, or the reason why the file cannot. */
export type K6Probe = { readonly version: string } | { readonly reason: string };

/**
 * Reads the version out of what `k6 version` prints: `k6 v1.8.1 (commit/1a2b3c4d5e, go1.26.8, linux/amd64)`, then
 * lines on extensions. The form is the same in 1.x and 2.x (k6 internal/cmd/version.go). `null` when it is not k6.
 */
export function parseK6Version(output: string): string | null {
  return /^k6(?:\.exe)? v?(\d+\.\d+\.\d+\S*)/m.exec(output)?.[1] ?? null;
}

/** Why rushhour cannot work with this k6; `null` for every 1.x from 1.0.0 on and every 2.x. */
export function unsupportedReason(version: string): string | null {
  const major = Number.parseInt(version, 10);
  if (major < 1 || version.startsWith('1.0.0-')) return `is k6 ${version}, older than 1.0.0`;
  if (major > 2) return `is k6 ${version}, newer than the 1.x and 2.x that rushhour knows`;
  return null;
}

/**
 * Runs `FILE version` and judges the answer. Never rejects, except that an abort gives the reason `stopped`.
 * `timeLimitMs` bounds it, default 15 s.
 */
export async function probeK6(
  file: string,
  options: { env?: NodeJS.ProcessEnv; timeLimitMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<K6Probe> {
  const unfit = await unfitFile(file);
  if (unfit) return { reason: unfit };
  const outcome = await runProcess({
    file,
    args: ['version'],
    // k6 would otherwise fetch a custom binary when the environment asks for extensions.
    env: { ...(options.env ?? process.env), K6_AUTO_EXTENSION_RESOLUTION: 'false' },
    timeLimitMs: options.timeLimitMs ?? VERSION_TIME_LIMIT_MS,
    signal: options.signal,
  });
  if (outcome.end === 'not-started') return { reason: startFailure(outcome.reason) };
  if (outcome.end === 'time-limit') return { reason: `hangs: \`k6 version\`, ${outcome.reason}` };
  if (outcome.end === 'aborted') return { reason: outcome.reason };
  const version = parseK6Version(outcome.output);
  if (outcome.exitCode !== 0 || version === null) {
    return { reason: `is not k6: \`version\` printed ${quoteStart(outcome.output)}, ${outcome.reason}` };
  }
  const unsupported = unsupportedReason(version);
  return unsupported === null ? { version } : { reason: unsupported };
}

async function unfitFile(file: string): Promise<string | null> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) return 'is a folder, not a program';
    return found.isFile() ? null : 'is not a file';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read (${code})`;
  }
}

function startFailure(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return `is not executable (${code})`;
  // ENOENT on a file that exists: its interpreter or dynamic loader does not.
  if (code === 'ENOEXEC' || code === 'ENOENT') return `is no program for this machine (${code})`;
  return `cannot be started (${code})`;
}

function quoteStart(output: string): string {
  // It may be anything: no control characters into messages.
  const line = (output.trim().split('\n', 1)[0] ?? '').replace(/[^\x20-\x7e]/g, '?');
  if (line === '') return 'nothing';
  return `"${line.length > 60 ? `${line.slice(0, 60)}…` : line}"`;
}

import { rememberSecret, rememberUrlPassword } from '../secrets.ts';
import type { RushhourConfig } from './rushhour-config.ts';
import { isObject } from './schema-words.ts';

/** Members whose values are secret by their name: variables, headers, members of bodies, columns of accounts, parameters of a path. */
const SECRET_NAME =
  /pass|pwd|secret|token|credential|cookie|session|jwt|csrf|otp|auth|api[-_]?key|(?:^|[-_])key$|[a-z]Key$/i;

/** A text that is filled in holds no secret of its own. */
const IS_FILLED_IN = /\{\w+\}/;

/**
 * Keeps what a config says in clear text of passwords, tokens and keys out of all that is printed and written from now on: services print
 * the environment they are started with, and errors hold what was sent.
 */
export function rememberConfigSecrets({ login, ...config }: RushhourConfig): void {
  rememberIn(config);
  if (login === undefined) return;
  if (login.kind === 'header') {
    for (const value of Object.values(login.headers)) rememberHeader(value);
    return;
  }
  if (login.kind !== 'steps') rememberIn(login.request);
  rememberIn(login.accounts);
}

function rememberIn(value: unknown): void {
  if (typeof value === 'string') rememberInText(value);
  else if (Array.isArray(value)) for (const item of value) rememberIn(item);
  else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'string' && SECRET_NAME.test(name)) rememberValue(member);
      rememberIn(member);
    }
  }
}

function rememberValue(text: string): void {
  // The address of a login service is no secret, whatever its name.
  if (IS_FILLED_IN.test(text) || /^https?:\/\/[^@\s]*$/.test(text)) return;
  rememberHeader(text);
}

/** With and without the scheme before it: `Bearer …`, `Basic …`. */
function rememberHeader(text: string): void {
  rememberSecret(text);
  const [, bare] = /^\w+ (\S+)$/.exec(text) ?? [];
  if (bare !== undefined) rememberSecret(bare);
}

function rememberInText(text: string): void {
  rememberUrlPassword(text);
  const query = /^[^\s?]*\?(\S+)$/.exec(text)?.[1];
  if (query === undefined) return;
  for (const [name, value] of new URLSearchParams(query)) if (SECRET_NAME.test(name)) rememberValue(value);
}

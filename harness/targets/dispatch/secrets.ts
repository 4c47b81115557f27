/** Keeps what only the service may know out of messages. */
import type { Values } from '../../config/rushhour-config.ts';
import type { FilledRequest } from '../placeholders.ts';

const SECRET_NAME = /pass|pwd|secret|token|pin\b|otp|key|auth|cookie|session|jwt|csrf/i;

/** Values of an account and of a login's request that are secret by their names. */
export function secretsOf(account: Values, request?: FilledRequest): string[] {
  const found = Object.entries(account).flatMap(([name, value]) =>
    SECRET_NAME.test(name) ? [String(value)] : [],
  );
  if (request?.body !== undefined) found.push(...secretsIn(request.body));
  for (const [name, value] of Object.entries(request?.headers ?? {})) {
    if (SECRET_NAME.test(name)) found.push(value);
  }
  return found;
}

/** Of a text that is JSON or a form, the values under secret names. */
function secretsIn(body: string): string[] {
  return (
    secretsInJson(body) ??
    [...new URLSearchParams(body)].flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : []))
  );
}

function secretsInJson(text: string): string[] | null {
  const found: string[] = [];
  try {
    JSON.parse(text, (name, value: unknown) => {
      if (SECRET_NAME.test(name) && typeof value === 'string') found.push(value);
      return value;
    });
    return found;
  } catch {
    return null;
  }
}

/** The first 200 characters of an answer on one line, without the secrets given and without values under secret names. */
export function excerpt(text: string, secrets: readonly string[]): string {
  let said = text;
  for (const secret of [...secrets, ...(secretsInJson(text) ?? [])].sort((a, b) => b.length - a.length)) {
    if (secret.length > 0) said = said.replaceAll(secret, '***');
  }
  const line = said.replace(/\s+/g, ' ').trim();
  if (line === '') return '(an empty answer)';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

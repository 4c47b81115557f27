/** Shorter ones are words that happen to be secrets too: hiding them would only garble a message. */
const SHORTEST = 4;

/** A text of a program that is not ours, without what it was given as a secret. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length)
    .reduce((told, secret) => told.replaceAll(secret, '***'), text);
}

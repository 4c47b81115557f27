import { HarnessError, messageOf } from '../errors.ts';

/** One dispatch may take a minute in a variant without indexes at a million rows. */
export const DISPATCH_TIMEOUT_MS = 300_000;

/** A request that got no whole answer within its time. @param error why, as fetch or http tell it */
export function notAnswered(
  method: string,
  url: string | URL,
  timeoutMs: number,
  error: unknown,
): HarnessError {
  const { host, pathname } = new URL(url);
  const what = `${method} ${pathname} at ${host}`;
  if ((error as { name?: unknown } | null)?.name === 'TimeoutError') {
    return new HarnessError(
      'DISPATCH_FAILED',
      `${what} was not answered: expected an answer within ${timeoutMs / 1000} s.`,
      {
        cause: error,
        hint: 'The service is stuck or waits for its database: look at both, and at what lies between them.',
      },
    );
  }
  // fetch says "fetch failed" and puts the reason behind it.
  const reason = messageOf((error as { cause?: unknown } | null)?.cause ?? error);
  return new HarnessError('DISPATCH_FAILED', `${what} was not answered: ${reason}.`, {
    cause: error,
    hint: 'The service has ended or has closed the connection: its messages say why.',
  });
}

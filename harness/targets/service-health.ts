import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError, messageOf } from '../errors.ts';

export interface HealthRequest {
  readonly url: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Asked before each attempt. What it throws ends the wait. */
  readonly requireAlive?: () => Promise<void> | void;
  /** What else is said of a service that never answered. */
  readonly afterSilence?: string;
  /** Its last messages, for the error. */
  readonly lastLines?: () => string;
}

const POLL_MS = 50;
/** A server that builds the application at its first request answers a later one. */
const ATTEMPT_MS = 5_000;

/** @throws HarnessError SERVICE_START_FAILED saying what the health path answered last */
export async function waitUntilHealthy(request: HealthRequest): Promise<void> {
  const { url, timeoutMs, signal, requireAlive } = request;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    await requireAlive?.();
    const answer = await askOnce(url, signal);
    if (answer === null) return;
    if (performance.now() > deadline) throw notHealthy(request, answer);
    await delay(POLL_MS);
  }
}

/** What the health path answers instead of 2xx. */
interface Unhealthy {
  readonly status: number | null;
  readonly detail: string;
}

async function askOnce(url: string, signal: AbortSignal): Promise<Unhealthy | null> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
    // A redirection to a login page is no health.
    const response = await fetch(url, { redirect: 'manual', signal: limit });
    const text = await response.text();
    if (response.ok) return null;
    return { status: response.status, detail: text.replace(/\s+/g, ' ').slice(0, 300) };
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause;
    return { status: null, detail: cause?.code ?? messageOf(error) };
  }
}

function notHealthy(request: HealthRequest, { status, detail }: Unhealthy): HarnessError {
  const { url, timeoutMs, afterSilence = '', lastLines } = request;
  const waited = `within ${timeoutMs / 1000} s`;
  const said = lastLines?.() ?? '';
  if (status === null) {
    return new HarnessError(
      'SERVICE_START_FAILED',
      `The service did not answer at ${url} ${waited} (${detail}).${afterSilence}${said}`,
      {
        hint: 'Raise service.startTimeoutSeconds if it needs longer. `rushhour check` tries each part by itself.',
      },
    );
  }
  return new HarnessError(
    'SERVICE_START_FAILED',
    `The service answers, but not well: ${url} gave ${status} ${waited}, expected 2xx.${detail ? ` It said: ${detail}` : ''}${said}`,
    { hint: hintFor(status) },
  );
}

function hintFor(status: number): string {
  if (status === 404)
    return 'service.health is another path, or it is behind a prefix. Any path that needs no login will do.';
  if (status === 401 || status === 403) return 'service.health must be a path that needs no login.';
  if (status >= 300 && status < 400)
    return 'It redirects: service.health must be the path that it leads to, on the same service.';
  return 'Its messages say why; often it does not reach its database, or its schema is another one.';
}

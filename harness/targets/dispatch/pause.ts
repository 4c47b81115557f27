import { setTimeout as sleep } from 'node:timers/promises';

/** Waits. @throws the signal's reason once it has fired */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await sleep(durationMs, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
}

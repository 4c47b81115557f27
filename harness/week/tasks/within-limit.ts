/**
 * Gives `work` a signal that also fires when a piece of it takes too long. `begin` tells that a piece has ended and the next one
 * begins; the first begins at once.
 *
 * @returns 'limit' where a piece took longer than `limitMs`; whatever else goes wrong is thrown
 */
export async function withinLimit<T>(
  signal: AbortSignal,
  limitMs: number,
  work: (signal: AbortSignal, begin: () => void) => Promise<T>,
): Promise<T | 'limit'> {
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), limitMs);
  try {
    return await work(AbortSignal.any([signal, tooLong.signal]), () => timer.refresh());
  } catch (error) {
    if (tooLong.signal.aborted && !signal.aborted) return 'limit';
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

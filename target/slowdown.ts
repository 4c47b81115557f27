import type { FastifyInstance, FastifyRequest } from 'fastify';

const LEAST_RATIO = 0.001;
const MOST_RATIO = 10;

/** Milliseconds of a monotonic clock. */
export type Clock = () => number;

/**
 * Reads `--inject-slowdown`: "5%" or "5 %" is 0.05.
 *
 * @throws Error unless it is a percentage from 0.1 % to 1000 %
 */
export function parseSlowdown(text: string): number {
  const digits = /^(\d+(?:\.\d+)?) ?%$/.exec(text.trim())?.[1];
  const ratio = Number((Number(digits ?? Number.NaN) / 100).toPrecision(12));
  if (ratio >= LEAST_RATIO && ratio <= MOST_RATIO) return ratio;
  throw new Error(
    `Expected --inject-slowdown to be a percentage from 0.1% to 1000%, such as 5%, got '${text}'.`,
  );
}

/** The ratio as the command line takes it: 0.05 is "5%". */
export function formatSlowdown(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(12))}%`;
}

/**
 * Makes every request but /health slower by a known share of its own service time so far. It is here for one purpose:
 * to prove that whoever measures this service finds a slowdown of that size. Nothing of the optimisation week is in it.
 *
 * The thread is kept busy: a timer would cost no CPU, would let other requests through meanwhile, and is rounded to
 * milliseconds. A dispatch that is answered with 202 is slowed until that answer only; with `?wait=true`, all of it.
 */
export function slowDownRequests(
  app: FastifyInstance,
  ratio: number,
  now: Clock = () => performance.now(),
): void {
  const startedMs = new WeakMap<FastifyRequest, number>();
  app.addHook('onRequest', async (request) => {
    startedMs.set(request, now());
  });
  app.addHook('onSend', async (request) => {
    const started = startedMs.get(request);
    if (started === undefined || request.routeOptions.url === '/health') return;
    const answeredMs = now();
    const endMs = answeredMs + (answeredMs - started) * ratio;
    while (now() < endMs); // busy on purpose
  });
}

import { isIPv6 } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createTokens } from './authentication.ts';
import { createPool } from './database.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import type { ServiceConfig } from './environment.ts';
import type { Log } from './log.ts';
import { buildServer } from './server.ts';
import { formatSlowdown } from './slowdown.ts';
import { type DataAccess, dataAccessFor } from './variants/data-access.ts';

export interface Service {
  readonly url: string;
  /**
   * Stops accepting, waits for requests and dispatches that are under way, closes the pool.
   *
   * @returns false when some of them still ran after the grace period; the pool is then left to the end of the process
   */
  stop(): Promise<boolean>;
}

const GRACE_MS = 10_000;

/**
 * Starts the service. The database need not be there yet: /health says so. The data access is the variant's unless another
 * one is given.
 */
export async function startService(
  config: ServiceConfig,
  log: Log,
  access: DataAccess = dataAccessFor(config.variant.switches),
): Promise<Service> {
  const pool = createPool({ databaseUrl: config.databaseUrl, poolSize: config.poolSize, log });
  const dispatcher = createDispatcher({ pool, access, log });
  const tokens = createTokens(config.jwtSecret);
  const { slowdownRatio } = config;
  const app = buildServer({
    variant: config.variant.name,
    pool,
    access,
    dispatcher,
    tokens,
    log,
    slowdownRatio,
  });
  const requests = countRequests(app);
  await app.listen({ host: config.host, port: config.port });
  if (slowdownRatio > 0) {
    log('warning', 'every request is slowed down on purpose: this is a test of whoever measures it', {
      slowdown: formatSlowdown(slowdownRatio),
    });
  }

  const finishWork = async () => {
    const closed = app.close();
    await requests.ended();
    await dispatcher.idle();
    // close() ends the connections that are idle when it is called. One that was answered later, or that has not sent
    // its first request yet, would hold the server open for the whole grace period.
    app.server.closeAllConnections();
    await closed;
    await pool.end();
    return true;
  };
  const { port } = app.server.address() as { port: number };
  return {
    url: `http://${isIPv6(config.host) ? `[${config.host}]` : config.host}:${port}`,
    stop: () => Promise.race([finishWork(), setTimeout(GRACE_MS, false, { ref: false })]),
  };
}

/** Requests under way. `ended` resolves as soon as there are none. */
function countRequests(app: FastifyInstance): { ended(): Promise<void> } {
  const underWay = new Set<object>();
  let tellEnded = () => {};
  app.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw;
    if (socket.destroyed) return;
    underWay.add(reply.raw);
    // Comes twice when the connection breaks: Node closes the answer while it tells that the socket has closed.
    const end = () => {
      socket.off('close', end);
      if (underWay.delete(reply.raw) && underWay.size === 0) tellEnded();
    };
    // Not onResponse: it does not come when the client has gone. Not the answer alone: of two requests sent at once on a
    // connection that then breaks, the second one's answer never closes.
    reply.raw.once('close', end);
    socket.on('close', end);
  });
  return {
    ended: () =>
      new Promise((resolve) => {
        tellEnded = resolve;
        if (underWay.size === 0) resolve();
      }),
  };
}

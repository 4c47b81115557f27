import type { FastifyInstance } from 'fastify';
import { formatSlowdown } from '../slowdown.ts';
import type { ServiceParts } from './service-parts.ts';

/** Answers 503 through the error handler when the database does not. */
export function healthRoutes(app: FastifyInstance, { pool, variant, slowdownRatio }: ServiceParts): void {
  // Whoever asks must not take a service that is slow on purpose for the real one.
  const slowdown = slowdownRatio > 0 ? { slowdown: formatSlowdown(slowdownRatio) } : {};
  app.get('/health', async () => {
    await pool.query('SELECT 1');
    return { status: 'ok', database: 'ok', variant, ...slowdown };
  });
}

import type { FastifyInstance } from 'fastify';
import type { ServiceParts } from './service-parts.ts';

/** Answers 503 through the error handler when the database does not. */
export function healthRoutes(app: FastifyInstance, { pool, variant }: ServiceParts): void {
  app.get('/health', async () => {
    await pool.query('SELECT 1');
    return { status: 'ok', database: 'ok', variant };
  });
}

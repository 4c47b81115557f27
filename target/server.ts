import Fastify, { type FastifyInstance } from 'fastify';
import { requireToken } from './authentication.ts';
import { notFound, sendError } from './http-error.ts';
import { authRoutes } from './routes/auth.ts';
import { bookingRoutes } from './routes/bookings.ts';
import { companyDispatchRoutes } from './routes/company-dispatch.ts';
import { driverRoutes } from './routes/drivers.ts';
import { healthRoutes } from './routes/health.ts';
import type { ServiceParts } from './routes/service-parts.ts';
import { slowDownRequests } from './slowdown.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** The HTTP side of the service: routes, schemas, tokens, error shape. Not listening yet. */
export function buildServer(parts: ServiceParts): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: false } },
  });
  if (parts.slowdownRatio > 0) slowDownRequests(app, parts.slowdownRatio);
  app.setErrorHandler((error, request, reply) => sendError(parts.log, error, request, reply));
  app.setNotFoundHandler(() => {
    throw notFound('route');
  });
  healthRoutes(app, parts);
  app.register(
    async (api) => {
      authRoutes(api, parts);
      api.register(async (protectedApi) => {
        protectedApi.addHook('onRequest', requireToken(parts.tokens));
        bookingRoutes(protectedApi, parts);
        driverRoutes(protectedApi, parts);
        companyDispatchRoutes(protectedApi, parts);
      });
    },
    { prefix: '/api/v1' },
  );
  return app;
}

import type { FastifyInstance } from 'fastify';
import { requireDispatcher, userOf } from '../authentication.ts';
import type { Place } from '../dispatch/distance.ts';
import { listDrivers, setAvailability, setLocation } from '../drivers/driver.ts';
import { DRIVER_KEY, LIMIT, objectSchema, optionalNumber, PLACE_PROPERTIES } from './schemas.ts';
import type { ServiceParts } from './service-parts.ts';

const LIST = objectSchema({ available: { type: 'string', enum: ['true', 'false'] }, limit: LIMIT });
const AVAILABILITY = objectSchema({ isAvailable: { type: 'boolean' } }, ['isAvailable']);
const LOCATION = objectSchema(PLACE_PROPERTIES, ['lat', 'lon']);

export function driverRoutes(app: FastifyInstance, { pool }: ServiceParts): void {
  app.get<{ Querystring: { available?: 'true' | 'false'; limit?: string } }>(
    '/drivers',
    { schema: { querystring: LIST } },
    async (request) => {
      const { available, limit } = request.query;
      const items = await listDrivers(pool, userOf(request).companyId, {
        available: available === undefined ? undefined : available === 'true',
        limit: optionalNumber(limit) ?? 50,
      });
      return { items };
    },
  );

  app.patch<{ Params: { id: string }; Body: { isAvailable: boolean } }>(
    '/drivers/:id/availability',
    { schema: { params: DRIVER_KEY, body: AVAILABILITY }, onRequest: requireDispatcher },
    async (request) => {
      const key = { companyId: userOf(request).companyId, id: Number(request.params.id) };
      return setAvailability(pool, key, request.body.isAvailable);
    },
  );

  app.put<{ Params: { id: string }; Body: Place }>(
    '/drivers/:id/location',
    { schema: { params: DRIVER_KEY, body: LOCATION }, onRequest: requireDispatcher },
    async (request) => {
      const key = { companyId: userOf(request).companyId, id: Number(request.params.id) };
      return setLocation(pool, key, request.body);
    },
  );
}

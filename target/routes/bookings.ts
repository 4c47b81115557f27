import type { FastifyInstance } from 'fastify';
import { requireDispatcher, userOf } from '../authentication.ts';
import { BOOKING_STATUSES, type Booking, type BookingRow, type BookingStatus } from '../bookings/booking.ts';
import {
  type BookingChange,
  changeBooking,
  findBooking,
  insertBooking,
  listBookings,
  type NewBooking,
} from '../bookings/booking-queries.ts';
import { inTransaction } from '../database.ts';
import {
  ADDRESSED_PLACE,
  BIGINT_ID,
  BOOKING_KEY,
  DAY,
  INSTANT,
  INTEGER_ID,
  LIMIT,
  objectSchema,
  optionalNumber,
} from './schemas.ts';
import type { ServiceParts } from './service-parts.ts';

const NOTES = { type: ['string', 'null'], maxLength: 2_000 };
const STATUS = { type: 'string', enum: BOOKING_STATUSES };

const LIST = objectSchema({
  date: DAY,
  status: STATUS,
  clientId: INTEGER_ID,
  limit: LIMIT,
  after: BIGINT_ID,
});

const NEW_BOOKING = objectSchema(
  {
    clientId: { type: 'integer', minimum: 1, maximum: 999_999_999 },
    scheduledTime: INSTANT,
    passengers: { type: 'integer', minimum: 1, maximum: 8 },
    pickup: ADDRESSED_PLACE,
    dropoff: ADDRESSED_PLACE,
    notes: NOTES,
  },
  ['clientId', 'scheduledTime', 'passengers', 'pickup', 'dropoff'],
);

const CHANGE = {
  ...objectSchema({ status: STATUS, scheduledTime: INSTANT, notes: NOTES }),
  minProperties: 1,
};

interface ListQuery {
  readonly date?: string;
  readonly status?: BookingStatus;
  readonly clientId?: string;
  readonly limit?: string;
  readonly after?: string;
}

export function bookingRoutes(app: FastifyInstance, { pool, access }: ServiceParts): void {
  async function describe(row: BookingRow): Promise<Booking> {
    const [booking] = await access.describeBookings(pool, [row]);
    if (!booking) throw new Error('Expected one booking to be described, got none.');
    return booking;
  }

  app.get<{ Querystring: ListQuery }>('/bookings', { schema: { querystring: LIST } }, async (request) => {
    const { date, status, clientId, limit, after } = request.query;
    const page = await listBookings(pool, userOf(request).companyId, {
      day: date,
      status,
      clientId: optionalNumber(clientId),
      after: optionalNumber(after),
      limit: optionalNumber(limit) ?? 20,
    });
    return { items: await access.describeBookings(pool, page.items), nextAfter: page.nextAfter };
  });

  app.post<{ Body: NewBooking }>(
    '/bookings',
    { schema: { body: NEW_BOOKING }, onRequest: requireDispatcher },
    async (request, reply) => {
      const row = await insertBooking(pool, userOf(request).companyId, request.body);
      reply.code(201).header('location', `/api/v1/bookings/${row.id}`);
      return describe(row);
    },
  );

  app.get<{ Params: { id: string } }>('/bookings/:id', { schema: { params: BOOKING_KEY } }, async (request) =>
    describe(await findBooking(pool, userOf(request).companyId, Number(request.params.id))),
  );

  app.patch<{ Params: { id: string }; Body: BookingChange }>(
    '/bookings/:id',
    { schema: { params: BOOKING_KEY, body: CHANGE }, onRequest: requireDispatcher },
    async (request) => {
      const key = { companyId: userOf(request).companyId, id: Number(request.params.id) };
      return describe(await inTransaction(pool, (client) => changeBooking(client, key, request.body)));
    },
  );
}

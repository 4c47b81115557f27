import type { FastifyInstance } from 'fastify';
import { ASSIGNMENT_STATUSES, type AssignmentStatus } from '../assignments/assignment.ts';
import { changeAssignmentStatus, listAssignments } from '../assignments/assignment-queries.ts';
import { requireDispatcher, userOf } from '../authentication.ts';
import { inTransaction } from '../database.ts';
import { findRun } from '../dispatch/dispatch-run.ts';
import { DispatchConflictError, type Dispatcher, type DispatchStart } from '../dispatch/dispatcher.ts';
import { HttpError, notFound } from '../http-error.ts';
import type { CompanyDay } from '../service-day.ts';
import { ASSIGNMENT_KEY, BIGINT_ID, DAY, LIMIT, objectSchema, optionalNumber, RUN_KEY } from './schemas.ts';
import type { ServiceParts } from './service-parts.ts';

const STATUS = { type: 'string', enum: ASSIGNMENT_STATUSES };
const RUN = objectSchema({ date: DAY }, ['date']);
const WAIT = objectSchema({ wait: { type: 'string', enum: ['true', 'false'] } });
const LIST = objectSchema({ runId: BIGINT_ID, status: STATUS, limit: LIMIT, after: BIGINT_ID });
const CHANGE = objectSchema({ status: STATUS }, ['status']);

interface ListQuery {
  readonly runId?: string;
  readonly status?: AssignmentStatus;
  readonly limit?: string;
  readonly after?: string;
}

export function companyDispatchRoutes(app: FastifyInstance, parts: ServiceParts): void {
  runRoutes(app, parts);
  assignmentRoutes(app, parts);
}

function runRoutes(app: FastifyInstance, { pool, dispatcher }: ServiceParts): void {
  app.post<{ Body: { date: string }; Querystring: { wait?: 'true' | 'false' } }>(
    '/company_dispatch/run',
    { schema: { body: RUN, querystring: WAIT }, onRequest: requireDispatcher },
    async (request, reply) => {
      const { id, companyId } = userOf(request);
      const { run, finished } = await startOrConflict(dispatcher, { companyId, day: request.body.date }, id);
      if (request.query.wait === 'true') return { run: await finished };
      reply.code(202).header('location', `/api/v1/company_dispatch/runs/${run.id}`);
      return { run };
    },
  );

  app.get<{ Params: { id: string } }>(
    '/company_dispatch/runs/:id',
    { schema: { params: RUN_KEY } },
    async (request) => {
      const run = await findRun(pool, userOf(request).companyId, Number(request.params.id));
      if (!run) throw notFound('dispatch run');
      return { run };
    },
  );
}

function assignmentRoutes(app: FastifyInstance, { pool, access }: ServiceParts): void {
  app.get<{ Querystring: ListQuery }>(
    '/company_dispatch/assignments',
    { schema: { querystring: LIST } },
    async (request) => {
      const { runId, status, limit, after } = request.query;
      const page = await listAssignments(pool, userOf(request).companyId, {
        runId: optionalNumber(runId),
        status,
        after: optionalNumber(after),
        limit: optionalNumber(limit) ?? 50,
      });
      return { items: await access.describeAssignments(pool, page.items), nextAfter: page.nextAfter };
    },
  );

  app.patch<{ Params: { id: string }; Body: { status: AssignmentStatus } }>(
    '/company_dispatch/assignments/:id',
    { schema: { params: ASSIGNMENT_KEY, body: CHANGE }, onRequest: requireDispatcher },
    async (request) => {
      const key = { companyId: userOf(request).companyId, id: Number(request.params.id) };
      const { status } = request.body;
      const row = await inTransaction(pool, (client) => changeAssignmentStatus(client, key, status));
      const [assignment] = await access.describeAssignments(pool, [row]);
      return assignment;
    },
  );
}

async function startOrConflict(
  dispatcher: Dispatcher,
  companyDay: CompanyDay,
  requestedBy: number,
): Promise<DispatchStart> {
  try {
    return await dispatcher.start(companyDay, requestedBy);
  } catch (error) {
    if (error instanceof DispatchConflictError) throw new HttpError(409, 'conflict', error.message);
    throw error;
  }
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type CompanyDay, loginOf, SEED_PASSWORD } from '../../seed/profiles.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import type { Outcome } from '../result.ts';
import { comparableAnswer, responseShapeHash } from './response-shape.ts';
import { logIn } from './service-client.ts';

const ASSIGNMENTS_SQL = readFileSync(path.join(import.meta.dirname, 'dispatched-assignments.sql'), 'utf8');

export type Answers = Pick<Outcome, 'responseShapes' | 'answersDigest'>;

/** Asks the service about company-days that it has dispatched: the shape of its answers, and a digest of what they say. */
export async function readAnswers(
  baseUrl: string,
  companyDays: readonly CompanyDay[],
  signal: AbortSignal,
): Promise<Answers> {
  const shapes: Record<string, string> = {};
  const digest = createHash('sha256');
  for (const { companyId, day } of companyDays.slice(0, 2)) {
    const credentials = { email: loginOf(companyId).email, password: SEED_PASSWORD };
    const client = await logIn(baseUrl, credentials, signal);
    const paths = {
      'GET /api/v1/bookings': `/api/v1/bookings?date=${day}&limit=50`,
      'GET /api/v1/drivers': '/api/v1/drivers?limit=50',
      'GET /api/v1/company_dispatch/assignments': '/api/v1/company_dispatch/assignments?limit=50',
    };
    for (const [endpoint, pathAndQuery] of Object.entries(paths)) {
      const body = await client.get(pathAndQuery);
      shapes[endpoint] ??= responseShapeHash(body);
      digest.update(JSON.stringify(comparableAnswer(body)));
    }
  }
  return { responseShapes: shapes, answersDigest: digest.digest('hex') };
}

/** What the dispatches of these company-days have written, with the answers about them. */
export async function readOutcome(
  server: PostgresServer,
  database: string,
  companyDays: readonly CompanyDay[],
  answers: Answers,
): Promise<Outcome> {
  const written = await withAdmin(server, database, async (client) => {
    const ids = companyDays.map((companyDay) => companyDay.companyId);
    const days = companyDays.map((companyDay) => companyDay.day);
    const assignments = await client.query({ text: ASSIGNMENTS_SQL, values: [ids, days], rowMode: 'array' });
    const statuses = await client.query<{ status: string; bookings: string }>(
      `SELECT b.status, count(*) AS bookings
       FROM unnest($1::int[], $2::date[]) AS probed (company_id, service_day)
       JOIN booking b ON b.company_id = probed.company_id
         AND b.scheduled_time >= probed.service_day AND b.scheduled_time < probed.service_day + 1
       GROUP BY b.status ORDER BY b.status`,
      [ids, days],
    );
    return { assignments: assignments.rows, statuses: statuses.rows };
  });
  return {
    companyDays: companyDays.map(({ companyId, day }) => `${companyId}/${day}`),
    assignments: written.assignments.length,
    assignmentsDigest: createHash('sha256').update(JSON.stringify(written.assignments)).digest('hex'),
    bookingStatuses: Object.fromEntries(written.statuses.map((row) => [row.status, Number(row.bookings)])),
    ...answers,
  };
}

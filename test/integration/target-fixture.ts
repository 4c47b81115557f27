/** A small dispatch database with known rows, and the service on it, for the tests of the target. */
import { randomBytes, scryptSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { grantToService } from '../../harness/postgres/templates.ts';
import type { Log } from '../../target/log.ts';
import { type Service, startService } from '../../target/service.ts';
import { parseVariant } from '../../target/variants.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';

export const PASSWORD = 'a password of the test';
export const JWT_SECRET = randomBytes(24).toString('hex');
/** Company 1 has open bookings on it. */
export const DAY = '2026-03-02';

export const TARGET_FOLDER = path.resolve(import.meta.dirname, '../../target');

export async function createSchema(client: pg.Client): Promise<void> {
  for (const file of ['schema.sql', 'constraints.sql']) {
    await client.query(await readFile(path.join(TARGET_FOLDER, file), 'utf8'));
  }
}

/** A database of its own, on the shared server, that holds {@link insertTown}. */
export async function createTown(): Promise<{ server: PostgresServer; database: TestDatabase }> {
  const server = await startTestServer();
  const database = await createTestDatabase(server);
  await createSchema(database.client);
  await insertTown(database.client);
  await grantToService(database.client, server);
  return { server, database };
}

function hashPassword(password: string): string {
  const salt = Buffer.from('0123456789abcdef');
  // The cheapest cost: the tests log in often and prove nothing about strength.
  const hash = scryptSync(password, salt, 32, { N: 2, r: 8, p: 1 });
  return `scrypt$2$8$1$${salt.toString('hex')}$${hash.toString('hex')}`;
}

/**
 * Two companies. Company 1: a dispatcher, a viewer, clients 1 to 3 (3 in a wheelchair), drivers 1 to 3 (3 takes
 * wheelchairs), driver 4 away, driver 5 retired, open bookings 11 to 16, one past booking with its assignment.
 * Company 2: a dispatcher, client 4, driver 6, open booking 21.
 */
export async function insertTown(client: pg.Client): Promise<void> {
  await client.query(`
    INSERT INTO company (id, name, town, depot_lat, depot_lon) VALUES
      (1, 'Amper Fahrdienst', 'Dachau', 48.26, 11.43), (2, 'Isar Fahrdienst', 'Freising', 48.40, 11.74);
    INSERT INTO client (id, company_id, full_name, phone, needs_wheelchair) VALUES
      (1, 1, 'Anna Huber', '+49 1', false), (2, 1, 'Bernd Maier', '+49 2', false),
      (3, 1, 'Clara Vogt', '+49 3', true), (4, 2, 'Dora Beck', '+49 4', false);
    INSERT INTO driver (id, company_id, full_name, phone, seats, takes_wheelchair, shift_start_minute, shift_end_minute,
                        home_lat, home_lon, current_lat, current_lon, is_available, is_active) VALUES
      (1, 1, 'Emil Roth', '+49 11', 4, false, 360, 1080, 48.26, 11.43, 48.26, 11.43, true, true),
      (2, 1, 'Franz Kern', '+49 12', 6, false, 360, 1080, 48.27, 11.45, 48.27, 11.45, true, true),
      (3, 1, 'Gerda Lang', '+49 13', 4, true, 360, 1080, 48.25, 11.41, 48.25, 11.41, true, true),
      (4, 1, 'Hans Pohl', '+49 14', 8, true, 360, 1080, 48.26, 11.43, 48.26, 11.43, false, true),
      (5, 1, 'Ida Wolf', '+49 15', 8, true, 360, 1080, 48.26, 11.43, 48.26, 11.43, true, false),
      (6, 2, 'Jan Frey', '+49 16', 4, false, 360, 1080, 48.40, 11.74, 48.40, 11.74, true, true);
  `);
  await client.query(
    `INSERT INTO app_user (id, company_id, email, password_hash, full_name, role) VALUES
       (1, 1, 'dispatcher@one.example', $1, 'Karl Ott', 'dispatcher'),
       (2, 1, 'viewer@one.example', $1, 'Lena Graf', 'viewer'),
       (3, 2, 'dispatcher@two.example', $1, 'Max Zorn', 'dispatcher')`,
    [hashPassword(PASSWORD)],
  );
  await insertBookings(client);
}

/** Hours are far enough apart that any driver can make any trip of the day. */
async function insertBookings(client: pg.Client): Promise<void> {
  const open: readonly (readonly [id: number, company: number, client: number, time: string])[] = [
    [11, 1, 1, '07:00'],
    [12, 1, 2, '09:00'],
    [13, 1, 3, '11:00'],
    [14, 1, 1, '13:00'],
    [15, 1, 2, '15:00'],
    [16, 1, 1, '17:00'],
    [21, 2, 4, '09:00'],
  ];
  for (const [id, companyId, clientId, time] of open) {
    await client.query(
      `INSERT INTO booking (id, company_id, client_id, status, scheduled_time, passengers, pickup_address, pickup_lat,
         pickup_lon, dropoff_address, dropoff_lat, dropoff_lon, distance_m, price_cents)
       VALUES ($1, $2, $3, 'open', $4, 1, 'Marktplatz 1', 48.26, 11.44, 'Am Bahnhof 2', 48.27, 11.46, 2400, 782)`,
      [id, companyId, clientId, `${DAY}T${time}:00Z`],
    );
  }
  await client.query(`
    INSERT INTO booking (id, company_id, client_id, driver_id, status, scheduled_time, passengers, pickup_address,
      pickup_lat, pickup_lon, dropoff_address, dropoff_lat, dropoff_lon, distance_m, price_cents, notes)
    VALUES (1, 1, 1, 2, 'completed', '2026-02-20T08:00:00Z', 2, 'Waldweg 3', 48.25, 11.42, 'Klinik', 48.28, 11.47,
      5200, 1286, 'Rollator');
    INSERT INTO dispatch_run (id, company_id, service_day, status) VALUES (1, 1, '2026-02-20', 'completed');
    INSERT INTO assignment (id, dispatch_run_id, booking_id, driver_id, status, sequence, planned_pickup_at,
      planned_dropoff_at, approach_m, created_at) VALUES
      (1, 1, 1, 3, 'declined', 1, '2026-02-20T07:50:00Z', '2026-02-20T08:10:00Z', 900, '2026-02-19T16:00:00Z'),
      (2, 1, 1, 2, 'completed', 1, '2026-02-20T07:55:00Z', '2026-02-20T08:15:00Z', 700, '2026-02-19T17:00:00Z');
    ALTER TABLE booking ALTER id RESTART WITH 100;
    ALTER TABLE assignment ALTER id RESTART WITH 100;
    ALTER TABLE dispatch_run ALTER id RESTART WITH 100;
  `);
}

/** An answer of the service, its body parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came and asserts on it
  readonly body: any;
}

export interface TestService extends Service {
  readonly logged: { level: string; message: string; fields: Record<string, unknown> | undefined }[];
  call(
    method: string,
    url: string,
    options?: { token?: string | undefined; body?: unknown; text?: string },
  ): Promise<Answer>;
  login(email: string): Promise<string>;
}

/** The service in this process, on a free port, with its log kept. */
export async function startTestService(
  databaseUrl: string,
  variant = 'baseline',
  poolSize = 4,
): Promise<TestService> {
  const logged: TestService['logged'] = [];
  const log: Log = (level, message, fields) => logged.push({ level, message, fields });
  const config = {
    databaseUrl,
    jwtSecret: JWT_SECRET,
    host: '127.0.0.1',
    port: 0,
    poolSize,
    slowdownRatio: 0,
  };
  const service = await startService({ ...config, variant: parseVariant(variant) }, log);

  const call: TestService['call'] = async (method, url, { token, body, text } = {}) => {
    const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(new URL(url, service.url), {
      method,
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const login = async (email: string) => {
    const answer = await call('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD } });
    return answer.body.token as string;
  };
  return { ...service, logged, call, login };
}

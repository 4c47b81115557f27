import { type PostgresServer, withAdmin } from '../postgres/server.ts';

/** Drivers who may be sent, by company: not all that a company has are on duty. */
export async function availableDrivers(
  server: PostgresServer,
  database: string,
): Promise<Map<number, number>> {
  return withAdmin(server, database, async (client) => {
    const { rows } = await client.query<{ company_id: number; drivers: string }>(
      'SELECT company_id, count(*) AS drivers FROM driver WHERE is_available AND is_active GROUP BY company_id',
    );
    return new Map(rows.map((row) => [row.company_id, Number(row.drivers)]));
  });
}

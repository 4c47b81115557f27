import pg from 'pg';
import type { Workload, WorkUnit } from '../../harness/advice/workload.ts';
import { openTap, type Tap } from '../../harness/capture/tap.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { cloneTemplate, ensureTemplate } from '../../harness/postgres/templates.ts';
import type { Progress } from '../../harness/progress.ts';

/** A shop: nothing of the reference target's. Keys are UUIDs, names are in mixed case, and some indexes are there. */
const SCHEMA = `
  CREATE TABLE shop_order (id uuid PRIMARY KEY, buyer_id integer NOT NULL, state text NOT NULL,
    placed_at timestamptz NOT NULL, email text NOT NULL);
  CREATE TABLE "OrderLine" ("lineId" bigserial PRIMARY KEY, "orderId" uuid NOT NULL REFERENCES shop_order (id),
    "articleNo" integer NOT NULL, amount integer NOT NULL);
  CREATE TABLE audit_event (id bigserial PRIMARY KEY, kind text NOT NULL, note text NOT NULL);
  CREATE TABLE settings_flag (id integer PRIMARY KEY, name text NOT NULL, is_on boolean NOT NULL);
  INSERT INTO shop_order SELECT md5(n::text)::uuid, n % 500, CASE WHEN n % 50 = 0 THEN 'open' ELSE 'done' END,
    timestamptz '2026-01-01 00:00Z' + n * interval '5 minutes', 'Buyer' || n || '@shop.example' FROM generate_series(1, 5000) n;
  INSERT INTO "OrderLine" ("orderId", "articleNo", amount)
    SELECT md5((n % 5000 + 1)::text)::uuid, n % 300, 1 FROM generate_series(1, 20000) n;
  INSERT INTO audit_event (kind, note) SELECT 'kind ' || n % 20, 'note ' || n FROM generate_series(1, 600) n;
  INSERT INTO settings_flag SELECT n, 'flag ' || n, true FROM generate_series(1, 50) n;
  CREATE INDEX shop_order_lower_email ON shop_order (lower(email));
  CREATE INDEX shop_order_open ON shop_order (placed_at) WHERE state = 'open';
  CREATE INDEX line_article ON "OrderLine" ("articleNo");
  CREATE INDEX line_article_again ON "OrderLine" ("articleNo");
  CREATE INDEX order_never_asked ON shop_order (state, email)`;

export const SILENT: Progress = { step: (_title, work) => work(() => {}), note: () => {} };
/** Orders that are looked at. */
export const ORDERS = Array.from({ length: 40 }, (_, index) => index + 1);

/** What a shop's service does: orders are looked at with their lines, each look is noted, one report is made. */
async function work(client: pg.Client): Promise<void> {
  await client.query('SELECT name FROM settings_flag WHERE name = $1 AND is_on', ['flag 7']);
  for (const number of ORDERS) {
    const { rows } = await client.query<{ id: string }>(
      'SELECT o.id FROM shop_order AS o WHERE lower(o.email) = lower($1)',
      [`buyer${number}@shop.example`],
    );
    await client.query('SELECT l."articleNo", l.amount FROM "OrderLine" l WHERE l."orderId" = $1', [
      rows[0]?.id,
    ]);
    await client.query('BEGIN');
    await client.query('INSERT INTO audit_event (kind, note) VALUES ($1, $2)', [
      'kind 3',
      `looked at ${number}`,
    ]);
    await client.query('COMMIT');
  }
}

async function report(client: pg.Client): Promise<void> {
  await client.query('SELECT count(*) FROM "OrderLine" WHERE "articleNo" = $1', [7]);
  await client.query('SELECT id FROM audit_event WHERE kind = $1', ['kind 19']);
  await client.query("SELECT id FROM shop_order WHERE state = 'open' ORDER BY placed_at LIMIT 5");
}

/** The shop as a template, and what its service said to it by way of a tap. */
export async function captureShop(server: PostgresServer): Promise<{ template: string; workload: Workload }> {
  const { name: template } = await ensureTemplate(server, {
    key: 'adviseshop',
    build: async (client) => {
      await client.query(SCHEMA);
      await client.query('VACUUM (FREEZE, ANALYZE)');
      return {};
    },
  });
  const tap = await openTap({ upstream: server.serviceUrl('postgres') });
  const clone = await cloneTemplate(server, template);
  const client = new pg.Client({ connectionString: tap.urlFor(server.serviceUrl(clone.name)) });
  await client.connect();
  const units = [
    await hear(tap, 'work', () => work(client)),
    await hear(tap, 'report', () => report(client)),
  ];
  await client.end();
  await tap.close();
  await clone.drop();
  return { template, workload: { units } };
}

async function hear(tap: Tap, unit: string, said: () => Promise<void>): Promise<WorkUnit> {
  await tap.idle();
  tap.take();
  await said();
  await tap.idle();
  return { unit, transcript: tap.take() };
}

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type Advice, adviseIndexes } from '../../harness/advice/advise-indexes.ts';
import { assembleAdvice } from '../../harness/advice/assemble-advice.ts';
import { readCatalogue } from '../../harness/advice/catalogue.ts';
import { describeIndex } from '../../harness/advice/index-definition.ts';
import type { Workload, WorkUnit } from '../../harness/advice/workload.ts';
import { writeMigration } from '../../harness/advice/write-migration.ts';
import { openTap, type Tap } from '../../harness/capture/tap.ts';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { cloneTemplate, ensureTemplate } from '../../harness/postgres/templates.ts';
import type { Progress } from '../../harness/progress.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';

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

const SILENT: Progress = { step: (_title, work) => work(() => {}), note: () => {} };
const ORDERS = Array.from({ length: 40 }, (_, index) => index + 1);

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

describe('advice for a service that it has never seen', () => {
  let own: OwnServer;
  let server: PostgresServer;
  let template: string;
  let tap: Tap;
  let workload: Workload;
  let advice: Advice;

  before(async () => {
    own = await startOwnServer(); // the checkpoints of others would change what is written to the WAL
    server = own.server;
    ({ name: template } = await ensureTemplate(server, {
      key: 'adviseshop',
      build: async (client) => {
        await client.query(SCHEMA);
        await client.query('VACUUM (FREEZE, ANALYZE)');
        return {};
      },
    }));
    tap = await openTap({ upstream: server.serviceUrl('postgres') });
    workload = await capture();
    advice = await adviseIndexes(
      { server, template, workload, signal: new AbortController().signal },
      SILENT,
      { perRound: 10, rounds: 3, pairs: 0, reference: [] },
    );
  });

  after(async () => {
    await tap?.close();
    await own?.remove();
  });

  async function capture(): Promise<Workload> {
    const clone = await cloneTemplate(server, template);
    const client = new pg.Client({ connectionString: tap.urlFor(server.serviceUrl(clone.name)) });
    await client.connect();
    const units: WorkUnit[] = [];
    for (const [unit, said] of Object.entries({ work, report })) {
      await tap.idle();
      tap.take();
      await said(client);
      await tap.idle();
      units.push({ unit, transcript: tap.take() });
    }
    await client.end();
    await clone.drop();
    return { units };
  }

  const refusal = (name: string) =>
    advice.refused.find(({ index }) => describeIndex(index) === name)?.judgement;

  test('the index that is missing is found, verified by running, and the only one', () => {
    assert.deepEqual(
      advice.advised.map(({ index }) => describeIndex(index)),
      ['"OrderLine" ("orderId")'],
    );
    const judgement = advice.advised[0]?.judgement;
    assert.equal(judgement?.scans, ORDERS.length);
    // Every look read the whole table, some 150 blocks; now it reads the tree and 4 lines on a block each.
    assert.ok((judgement?.best?.blocksBefore ?? 0) > 100 * ORDERS.length);
    assert.ok((judgement?.best?.blocksAfter ?? 0) <= 7 * ORDERS.length);
    assert.equal(judgement?.buildMs !== null && judgement?.bytes !== 0, true);
  });

  test('an index whose writes cost more than its reads save is refused with both numbers', () => {
    const judgement = refusal('audit_event (kind)');
    assert.match(
      judgement?.failures.join() ?? '',
      /it saves \d+ blocks and costs [\d.]+ blocks and .+ of WAL, expected a saving of 1\.5 × the cost/,
    );
    assert.ok((judgement?.blocksAdded ?? 0) >= ORDERS.length); // a block more for each of 40 inserts at least
  });

  test('a table of 50 rows gets none and says why', () => {
    assert.deepEqual(
      advice.spareTables.map(({ table, reason }) => [table, reason]),
      [['settings_flag', '50 rows: a sequential scan is right']],
    );
  });

  test('of the indexes that are there the duplicate and the unused are named, and what earns is left alone', () => {
    const words = Object.fromEntries(
      assembleAdvice(advice, workload).existing.map(({ name, verdict, servedBy }) => [
        name,
        servedBy === null ? verdict : `${verdict} of ${servedBy}`,
      ]),
    );
    assert.deepEqual(words, {
      OrderLine_pkey: 'required',
      audit_event_pkey: 'required',
      line_article: 'earns',
      line_article_again: 'duplicate of line_article',
      order_never_asked: 'unused',
      settings_flag_pkey: 'required',
      shop_order_lower_email: 'earns',
      shop_order_open: 'earns',
      shop_order_pkey: 'required',
    });
  });

  test('two equal replays need the same blocks, and every result is the same with the index', () => {
    const { repeats, warnings } = assembleAdvice(advice, workload);
    assert.equal(repeats.blocksDiffer, 0);
    assert.equal(repeats.resultsCompared, repeats.results);
    assert.deepEqual(advice.after.outcomes, advice.before.outcomes);
    assert.deepEqual(warnings, []);
  });

  test('up twice and down twice do no harm, and down restores the schema', async () => {
    const { up, down } = writeMigration(advice.advised, 'Advice');
    const clone = await cloneTemplate(server, template);
    const definitions = () =>
      withAdmin(server, clone.name, async (client) =>
        (await readCatalogue(client)).indexes.map(({ definition, valid }) => [definition, valid]),
      );
    const apply = (sql: string) =>
      withAdmin(server, clone.name, async (client) => {
        // CONCURRENTLY runs outside of a transaction, and a message of several statements is one.
        for (const statement of sql.replaceAll(/^--.*$/gm, '').split(';')) await client.query(statement);
      });
    try {
      const atFirst = await definitions();
      await apply(up);
      await apply(up);
      const added = (await definitions()).filter(
        ([definition]) => !atFirst.some(([known]) => known === definition),
      );
      assert.deepEqual(added, [
        ['CREATE INDEX "OrderLine_orderId_idx" ON public."OrderLine" USING btree ("orderId")', true],
      ]);
      await apply(down);
      await apply(down);
      assert.deepEqual(await definitions(), atFirst);
    } finally {
      await clone.drop();
    }
  });
});

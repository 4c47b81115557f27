import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Advice, adviseIndexes } from '../../harness/advice/advise-indexes.ts';
import { assembleAdvice } from '../../harness/advice/assemble-advice.ts';
import { readCatalogue } from '../../harness/advice/catalogue.ts';
import { describeIndex } from '../../harness/advice/index-definition.ts';
import type { Workload } from '../../harness/advice/workload.ts';
import { writeMigration } from '../../harness/advice/write-migration.ts';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { cloneTemplate } from '../../harness/postgres/templates.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';
import { captureShop, ORDERS, SILENT } from '../support/shop.ts';

describe('advice for a service that it has never seen', () => {
  let own: OwnServer;
  let server: PostgresServer;
  let template: string;
  let workload: Workload;
  let advice: Advice;

  before(async () => {
    own = await startOwnServer(); // the checkpoints of others would change what is written to the WAL
    server = own.server;
    ({ template, workload } = await captureShop(server));
    advice = await adviseIndexes(
      { server, template, workload, signal: new AbortController().signal },
      SILENT,
      { perRound: 10, rounds: 3, pairs: 0, reference: [] },
    );
  });

  after(async () => {
    await own?.remove();
  });

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

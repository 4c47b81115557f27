import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { type Clone, cloneTemplate, ensureTemplate } from '../../harness/postgres/templates.ts';
import { openReplay, type Replayed, replayTranscript } from '../../harness/replay/replay.ts';
import { startTestServer } from '../support/database.ts';
import { type SaidStatement, transcriptOf } from '../support/transcript-builders.ts';

const INT8_BINARY = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 2]);
const INT8_OID = 20;

describe('replaying a transcript on a clone', () => {
  let server: PostgresServer;
  let template: string;
  let clones: Clone[] = [];

  before(async () => {
    server = await startTestServer();
    ({ name: template } = await ensureTemplate(server, {
      key: 'replay',
      build: async (client) => {
        await client.query('CREATE TABLE trip (id bigserial PRIMARY KEY, town text, made timestamptz)');
        await client.query("INSERT INTO trip (town) VALUES ('Ulm'), ('Bonn'), ('Kiel')");
        return {};
      },
    }));
  });

  beforeEach(async () => {
    for (const clone of clones) await clone.drop();
    clones = [];
  });

  after(async () => {
    for (const clone of clones) await clone.drop();
    await server?.release();
  });

  const freshUrl = async () => {
    const clone = await cloneTemplate(server, template);
    clones.push(clone);
    return server.serviceUrl(clone.name);
  };
  const replay = async (said: readonly SaidStatement[]): Promise<Replayed> =>
    replayTranscript(await freshUrl(), transcriptOf(said));

  test('parameters arrive as they were captured: text, null, and binary with its type', async () => {
    const { statements } = await replay([
      { text: 'SELECT town FROM trip WHERE town = $1', parameters: ['Ulm'] },
      {
        text: 'SELECT town FROM trip WHERE id = $1',
        parameters: [{ binary: INT8_BINARY }],
        parameterTypes: [INT8_OID],
      },
      { text: 'INSERT INTO trip (town) VALUES ($1)', parameters: [null] },
    ]);
    assert.deepEqual(
      statements.map(({ rows }) => rows),
      [1, 1, 1],
    );
    assert.notEqual(statements[0]?.resultDigest, statements[1]?.resultDigest); // Ulm and Bonn
    assert.equal(statements[2]?.resultDigest, null); // wrote a row, returned none
  });

  test('clones of one template give the same ids and results again, and clock times alone differ', async () => {
    const said = [
      { text: "INSERT INTO trip (town) VALUES ('Hof') RETURNING id" },
      { text: 'SELECT clock_timestamp()' },
      { text: 'SELECT count(*) FROM trip' },
    ];
    const [first, second] = [await replay(said), await replay(said)];
    const digests = ({ statements }: Replayed) => statements.map(({ resultDigest }) => resultDigest);
    assert.equal(digests(first)[0], digests(second)[0]);
    assert.notEqual(digests(first)[1], digests(second)[1]);
    assert.equal(digests(first)[2], digests(second)[2]);
  });

  test('the same rows in another order have one digest, another row has another', async () => {
    const { statements } = await replay([
      { text: 'SELECT town FROM trip ORDER BY town' },
      { text: 'SELECT town FROM trip ORDER BY town DESC' },
      { text: "SELECT town FROM trip WHERE town <> 'Ulm'" },
    ]);
    assert.equal(statements[0]?.resultDigest, statements[1]?.resultDigest);
    assert.notEqual(statements[0]?.resultDigest, statements[2]?.resultDigest);
  });

  test('a transaction that was rolled back is rolled back again; an error is its SQLSTATE, and the session goes on', async () => {
    const { statements } = await replay([
      { text: 'BEGIN', protocol: 'simple' },
      { text: 'DELETE FROM trip' },
      { text: 'SELECT 1/0' },
      { text: 'ROLLBACK', protocol: 'simple' },
      { text: 'SELECT id FROM trip' },
    ]);
    assert.deepEqual(
      statements.map(({ rows, sqlState }) => sqlState ?? rows),
      [null, 3, '22012', null, 3],
    );
  });

  test('a message with several statements is sent once and counts for each of them', async () => {
    const text = "INSERT INTO trip (town) VALUES ('Hof'); SELECT town FROM trip";
    const { statements } = await replay([
      { text, protocol: 'simple', exchange: 0 },
      { text, protocol: 'simple', exchange: 0 },
      { text: 'SELECT town FROM trip' },
    ]);
    assert.deepEqual(
      statements.map(({ rows }) => rows),
      [1, 4, 4],
    );
  });

  test('what waited for a lock is replayed after what it waited for', async () => {
    const { statements } = await replay([
      { text: 'BEGIN', protocol: 'simple', session: 1, startedMs: 0, endedMs: 1 },
      { text: "UPDATE trip SET town = 'A' WHERE id = 1", session: 1, startedMs: 1, endedMs: 2 },
      { text: "UPDATE trip SET town = 'B' WHERE id = 1", session: 2, startedMs: 3, endedMs: 6 },
      { text: 'COMMIT', protocol: 'simple', session: 1, startedMs: 4, endedMs: 5 },
    ]);
    assert.deepEqual(
      statements.map(({ sqlState }) => sqlState),
      [null, null, null, null],
    );
  });

  test('COPY is skipped and named', async () => {
    const { statements, skipped } = await replay([
      { text: 'COPY trip FROM STDIN', protocol: 'simple' },
      { text: 'SELECT id FROM trip' },
    ]);
    assert.deepEqual(skipped, [{ index: 0, reason: 'COPY: its data is not kept' }]);
    assert.deepEqual(
      statements.map(({ index, rows }) => [index, rows]),
      [[1, 3]],
    );
  });

  test('hooks run on the session of the statement, inside its transaction', async () => {
    const seen: [string, number][] = [];
    await replayTranscript(
      await freshUrl(),
      transcriptOf([
        { text: 'BEGIN', protocol: 'simple' },
        { text: 'DELETE FROM trip WHERE id = 1' },
        { text: 'COMMIT', protocol: 'simple' },
      ]),
      {
        before: async ({ statement, client }) => {
          if (!statement.text.startsWith('DELETE')) return;
          seen.push(['before', (await client.query('SELECT FROM trip')).rowCount ?? 0]);
        },
        after: async ({ statement, client }, { rows }) => {
          if (!statement.text.startsWith('DELETE')) return;
          seen.push([`after ${rows}`, (await client.query('SELECT FROM trip')).rowCount ?? 0]);
        },
      },
    );
    assert.deepEqual(seen, [
      ['before', 3],
      ['after 1', 2],
    ]);
  });

  test('sessions stay open from one transcript to the next: what one has set holds in the other', async () => {
    const sessions = openReplay(await freshUrl());
    try {
      await sessions.play(transcriptOf([{ text: "SET application_name = 'kept'", protocol: 'simple' }]));
      const hook = { name: '' };
      await sessions.play(transcriptOf([{ text: 'SELECT 1' }]), {
        after: async ({ client }) => {
          hook.name = (await client.query<{ application_name: string }>('SHOW application_name')).rows[0]
            ?.application_name as string;
        },
      });
      assert.equal(hook.name, 'kept');
    } finally {
      await sessions.close();
    }
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import pg from 'pg';
import { loadStatementParser, statementIdentity } from '../../harness/capture/statement-identity.ts';
import { openTap } from '../../harness/capture/tap.ts';
import type { Transcript } from '../../harness/capture/transcript.ts';
import { type PostgresServer, useServer } from '../../harness/postgres/server.ts';
import { cloneTemplate, ensureTemplate, type Template } from '../../harness/postgres/templates.ts';
import { collectPlans } from '../../harness/profiling/collect-plans.ts';
import type { Plan, PlanNode, PlanOrReason } from '../../harness/profiling/statement-record.ts';
import { startTestServer } from '../support/database.ts';
import { olderMajor, startThrowAwayServer } from '../support/postgres-majors.ts';

const SECRET = 'kestrel@example.org';
const BY_EMAIL = 'SELECT id FROM client WHERE email = $1';
const INSERT = 'INSERT INTO trip (client_id) VALUES ($1) RETURNING id';
const UPDATE = 'UPDATE trip SET done = true WHERE id = $1';

interface ServerUnderTest {
  readonly server: PostgresServer;
  release(): Promise<void>;
}

const servers: Record<string, () => Promise<ServerUnderTest | { skip: string }>> = {
  'the embedded server': async () => {
    const server = await startTestServer();
    return { server, release: () => server.release() };
  },
  // Before 16 there is no EXPLAIN (GENERIC_PLAN): the statement is prepared instead.
  'PostgreSQL 13': async () => {
    const distribution = await olderMajor(13);
    if ('skip' in distribution) return distribution;
    const started = await startThrowAwayServer(distribution);
    return { server: await useServer(started.adminUrl), release: started.remove };
  },
};

for (const [name, start] of Object.entries(servers)) {
  describe(`plans on ${name}`, () => {
    let underTest: ServerUnderTest | { skip: string };
    let template: Template<unknown>;
    let transcript: Transcript;
    let identities: string[];

    before(async () => {
      await loadStatementParser();
      underTest = await start();
      if ('skip' in underTest) return;
      template = await ensureTemplate(underTest.server, {
        key: `plans${process.pid}`,
        build: async (client) => {
          await client.query('CREATE TABLE client (id int PRIMARY KEY, email text NOT NULL)');
          await client.query(
            'CREATE TABLE trip (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, client_id int NOT NULL REFERENCES client, done boolean NOT NULL DEFAULT false)',
          );
          await client.query("INSERT INTO client SELECT n, 'client' || n FROM generate_series(1, 5000) n");
          await client.query('INSERT INTO client VALUES (6000, $1)', [SECRET]);
          await client.query('ANALYZE');
          return {};
        },
      });
      transcript = await captureUse(underTest.server, template.name);
      identities = transcript.statements.map(({ text }) => statementIdentity(text));
    });
    after(async () => {
      if (!('skip' in underTest)) await underTest.release();
    });

    const onServer = (title: string, work: (server: PostgresServer) => Promise<void>) =>
      test(title, async (t: TestContext) =>
        'skip' in underTest ? t.skip(underTest.skip) : work(underTest.server),
      );

    /** Plans of statements, from a fresh clone. */
    const plansOf = async (
      server: PostgresServer,
      texts: readonly string[],
      heard: Transcript = transcript,
    ) => {
      const clone = await cloneTemplate(server, template.name);
      try {
        return await collectPlans({
          connectionUrl: server.serviceUrl(clone.name),
          transcript: heard,
          identities,
          wanted: texts.map(statementIdentity),
        });
      } finally {
        await clone.drop();
      }
    };

    onServer('a lookup without an index is executed with its real parameter, and marked', async (server) => {
      const { plans, warnings } = await plansOf(server, [BY_EMAIL]);
      assert.deepEqual(warnings, []);
      const [found] = plans;
      const analysed = planIn(found?.analysed);
      // 5,001 clients are read; the captured call that found a row is the second of three
      assert.deepEqual([analysed.root.type, analysed.root.rows], ['Seq Scan', 1]);
      assert.deepEqual(found?.call, { number: 2, of: 3 });
      assert.equal(analysed.root.marks[0]?.sentence, 'reads 5,001 rows of client to keep 1 (0.02 %)');
      const generic = planIn(found?.generic);
      assert.deepEqual([generic.root.type, generic.root.rows], ['Seq Scan', null]);
      assert.equal(generic.root.condition, 'filters by (email = $1)');
      assert.doesNotMatch(JSON.stringify(plans), /kestrel/, 'a parameter is somebody’s data');
    });

    onServer(
      'a write is analysed in place of being executed: ids stay those of the capture',
      async (server) => {
        const { plans, warnings } = await plansOf(server, [INSERT, UPDATE]);
        assert.deepEqual(warnings, []);
        const [insert, update] = plans.map(({ analysed }) => planIn(analysed));
        assert.equal(insert?.root.type, 'Insert');
        assert.deepEqual(
          insert?.triggers.map(({ name: trigger, calls }) => [trigger, calls]),
          [['trip_client_id_fkey', 1]],
        );
        assert.equal(update?.root.type, 'Update');
        // The trip that was captured with id 1: were the insert executed twice, it would have got id 2.
        assert.equal(update?.root.children[0]?.rows, 1);
      },
    );

    onServer('a statement without a plan says why', async (server) => {
      const { plans } = await plansOf(server, [
        'COMMIT',
        'SELECT count(*) FROM client',
        'SELECT broken FROM client WHERE id = $1',
        'SELECT never_sent',
      ]);
      assert.deepEqual(
        plans.map(({ analysed, generic }) => [reasonIn(analysed), reasonIn(generic)]),
        [
          ['COMMIT has no plan', 'COMMIT has no plan'],
          [null, 'its values are in its text, so it is planned anew for each of them'],
          [
            'it failed when it was captured (SQLSTATE 42703)',
            'it failed when it was captured (SQLSTATE 42703)',
          ],
          ['no call of it was captured', 'no call of it was captured'],
        ],
      );
    });

    onServer('types that the service named are kept in the generic plan', async (server) => {
      const typed = {
        ...transcript,
        statements: transcript.statements.map(
          (one) => (one.text === UPDATE ? { ...one, parameterTypes: [1700] } : one), // numeric
        ),
      };
      const { plans } = await plansOf(server, [UPDATE], typed);
      const generic = planIn(plans[0]?.generic);
      // Left to the server it would be an integer, like the column.
      assert.match(conditionsOf(generic.root).join(), /\(\(id\)::numeric = \$1\)/);
      assert.deepEqual(Object.keys(generic.settings), Object.keys(planIn(plans[0]?.analysed).settings));
    });

    onServer('a replay that goes another way is told', async (server) => {
      const changed = {
        ...transcript,
        statements: transcript.statements.map((one) =>
          one.text === BY_EMAIL && one.rows === 1 ? { ...one, parameters: ['client7'], rows: 2 } : one,
        ),
      };
      const { warnings } = await plansOf(server, [UPDATE], changed);
      assert.match(
        warnings.join('\n'),
        /^1 statement of the replay returned or wrote another number of rows/,
      );
    });
  });
}

/** A small service: three lookups, two inserts and an update in a transaction, one statement that fails. */
async function captureUse(server: PostgresServer, template: string): Promise<Transcript> {
  const clone = await cloneTemplate(server, template);
  const url = server.serviceUrl(clone.name);
  const tap = await openTap({ upstream: url });
  try {
    const client = new pg.Client({ connectionString: tap.urlFor(url) });
    await client.connect();
    await client.query(BY_EMAIL, ['nobody']);
    await client.query(BY_EMAIL, [SECRET]);
    await client.query(BY_EMAIL, ['nobody']);
    await client.query('SELECT count(*) FROM client');
    await client.query('SELECT broken FROM client WHERE id = $1', [1]).catch(() => {});
    await client.query('BEGIN');
    const ids: number[] = [];
    for (const id of [1, 6000]) ids.push((await client.query<{ id: number }>(INSERT, [id])).rows[0]?.id ?? 0);
    await client.query(UPDATE, [ids[0]]);
    await client.query('COMMIT');
    await client.end();
    await tap.idle();
    return tap.take();
  } finally {
    await tap.close();
    await clone.drop();
  }
}

function planIn(found: PlanOrReason | undefined): Plan {
  assert.ok(found && 'root' in found, `expected a plan, got ${JSON.stringify(found)}`);
  return found;
}

function reasonIn(found: PlanOrReason): string | null {
  return 'unavailable' in found ? found.unavailable : null;
}

function conditionsOf(node: PlanNode): string[] {
  return [node.condition ?? '', ...node.children.flatMap(conditionsOf)];
}

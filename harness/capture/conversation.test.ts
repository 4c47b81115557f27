import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { client, server } from '../../test/support/wire-builders.ts';
import { followSession } from './conversation.ts';
import { loadStatementParser } from './statement-identity.ts';
import type { CapturedStatement } from './transcript.ts';
import { transcriptCollector } from './transcript-collector.ts';

type Turn = readonly ['client' | 'server', ...Buffer[]];

/** A session in which each turn takes one millisecond: the first turn comes at 1 ms. */
function converse(turns: readonly Turn[]) {
  const heard = transcriptCollector();
  const session = followSession(1, { onBatch: heard.add, onBlindSpot: heard.addBlindSpot });
  for (const [place, [side, ...messages]] of turns.entries()) {
    const bytes = Buffer.concat(messages);
    if (side === 'client') session.fromClient(bytes, place + 1);
    else session.fromServer(bytes, place + 1);
  }
  return { session, ...heard.take(), take: heard.take };
}

const brief = ({ text, command, rows, sqlState }: CapturedStatement) => [text, command, rows ?? sqlState];
const answer = (tag: string) => [server.parsed(), server.bound(), server.noData(), server.complete(tag)];

describe('a session', () => {
  before(loadStatementParser);

  test('with a simple Query is one statement and one exchange, from the message to ReadyForQuery', () => {
    const { statements, exchanges, blindSpots, session } = converse([
      ['server', server.parameterStatus('client_encoding', 'UTF8'), server.ready()],
      ['client', client.query('INSERT INTO t SELECT 1 -- é')],
      ['server', server.notice(), server.complete('INSERT 0 3')],
      ['server', server.ready()],
    ]);
    assert.deepEqual(statements, [
      {
        ...{ session: 1, exchange: 0, text: 'INSERT INTO t SELECT 1 -- é', protocol: 'simple' },
        ...{ parameters: [], parameterTypes: [], command: 'INSERT', rows: 3, sqlState: null },
        ...{ transactionBefore: 'idle', transactionAfter: 'idle', startedMs: 2, endedMs: 3 },
      },
    ]);
    assert.deepEqual(exchanges, [{ session: 1, startedMs: 2, endedMs: 4 }]);
    assert.deepEqual(blindSpots, []);
    assert.equal(session.isUnderWay(), false);
  });

  test('keeps parameters as they were sent: text, binary, NULL, with the types that were named', () => {
    const { statements } = converse([
      ['client', client.parse('', 'SELECT $1, $2, $3', [25, 23])],
      ['client', client.bind('', '', ['é', Buffer.from([0, 0, 0, 7]), null]), client.describe()],
      ['client', client.execute(), client.sync()],
      ['server', server.parsed(), server.bound(), server.rowDescription(), server.row()],
      ['server', server.complete('SELECT 1'), server.ready()],
    ]);
    assert.equal(statements.length, 1);
    assert.deepEqual(statements[0]?.parameters, ['é', { binary: Uint8Array.from([0, 0, 0, 7]) }, null]);
    assert.deepEqual(statements[0]?.parameterTypes, [25, 23]);
    assert.deepEqual([statements[0]?.startedMs, statements[0]?.endedMs], [3, 5]);
  });

  test('executes a named statement again with other parameters', () => {
    const { statements } = converse([
      [
        'client',
        client.parse('get', 'SELECT $1'),
        client.bind('', 'get', ['1']),
        client.execute(),
        client.sync(),
      ],
      ['server', server.parsed(), server.bound(), server.complete('SELECT 1'), server.ready()],
      ['client', client.bind('', 'get', ['2']), client.execute(), client.sync()],
      ['server', server.bound(), server.complete('SELECT 1'), server.ready()],
    ]);
    assert.deepEqual(
      statements.map(({ text, parameters, exchange }) => [text, parameters, exchange]),
      [
        ['SELECT $1', ['1'], 0],
        ['SELECT $1', ['2'], 1],
      ],
    );
  });

  test('tells pipelined statements apart, also when the first of them prepares anew what the second has used', () => {
    const { statements, exchanges } = converse([
      [
        'client',
        client.parse('', 'SELECT $1'),
        client.bind('', '', ['a']),
        client.describe(),
        client.execute(),
      ],
      [
        'client',
        client.parse('', 'UPDATE t SET b = $1'),
        client.bind('', '', ['b']),
        client.describe(),
        client.execute(),
      ],
      ['client', client.sync()],
      ['server', ...answer('SELECT 1')],
      ['server', ...answer('UPDATE 4'), server.ready()],
    ]);
    assert.deepEqual(
      statements.map(({ text, parameters, exchange, endedMs }) => [text, parameters, exchange, endedMs]),
      [
        ['SELECT $1', ['a'], 0, 4],
        ['UPDATE t SET b = $1', ['b'], 0, 5],
      ],
    );
    assert.deepEqual(exchanges, [{ session: 1, startedMs: 1, endedMs: 5 }]);
  });

  test('that sends the next batch before the answer has two exchanges that overlap', () => {
    const one = [
      client.parse('', 'SELECT 1'),
      client.bind('', ''),
      client.describe(),
      client.execute(),
      client.sync(),
    ];
    const { exchanges, statements } = converse([
      ['client', ...one, ...one],
      ['server', ...answer('SELECT 1'), server.ready()],
      ['server', ...answer('SELECT 1'), server.ready()],
    ]);
    assert.deepEqual(exchanges, [
      { session: 1, startedMs: 1, endedMs: 2 },
      { session: 1, startedMs: 1, endedMs: 3 },
    ]);
    assert.deepEqual(
      statements.map(({ exchange }) => exchange),
      [0, 1],
    );
  });

  test('that flushes and goes on only after the answer has waited twice', () => {
    const { exchanges, statements } = converse([
      ['client', client.parse('', 'SELECT 1'), client.describe(), client.flush()],
      ['server', server.parsed(), server.noData()],
      ['client', client.bind('', ''), client.execute(), client.sync()],
      ['server', server.bound(), server.complete('SELECT 1'), server.ready()],
    ]);
    assert.deepEqual(exchanges, [
      { session: 1, startedMs: 1, endedMs: 2 },
      { session: 1, startedMs: 3, endedMs: 4 },
    ]);
    assert.equal(statements[0]?.exchange, 1);
  });

  test('with several statements in one Query has each with its own text, up to the one that failed', () => {
    const { statements, exchanges } = converse([
      ['client', client.query("INSERT INTO t VALUES ('é;'); SELECT 2; SELECT 1/0; SELECT 3")],
      [
        'server',
        server.complete('INSERT 0 1'),
        server.complete('SELECT 1'),
        server.error('22012'),
        server.ready(),
      ],
    ]);
    assert.deepEqual(statements.map(brief), [
      ["INSERT INTO t VALUES ('é;')", 'INSERT', 1],
      ['SELECT 2', 'SELECT', 1],
      ['SELECT 1/0', null, '22012'],
    ]);
    assert.equal(exchanges.length, 1);
  });

  test('follows its transaction, between two ReadyForQuery by the text', () => {
    const { statements } = converse([
      ['client', client.query('BEGIN')],
      ['server', server.complete('BEGIN'), server.ready('T')],
      ['client', client.query('SELECT 1/0')],
      ['server', server.error('22012'), server.ready('E')],
      ['client', client.query('ROLLBACK')],
      ['server', server.complete('ROLLBACK'), server.ready('I')],
      ['client', client.query('BEGIN; SELECT 1; COMMIT')],
      [
        'server',
        server.complete('BEGIN'),
        server.complete('SELECT 1'),
        server.complete('COMMIT'),
        server.ready('I'),
      ],
    ]);
    assert.deepEqual(
      statements.map(({ transactionBefore, transactionAfter }) => `${transactionBefore} ${transactionAfter}`),
      ['idle open', 'open failed', 'failed idle', 'idle open', 'open open', 'open idle'],
    );
  });

  test('after an error passes over all that was sent along, up to the Sync', () => {
    const { statements, session } = converse([
      ['client', client.parse('', 'SELECT 1/$1'), client.bind('', '', ['0']), client.execute()],
      ['client', client.parse('', 'SELECT 2'), client.bind('', ''), client.execute()],
      ['server', server.parsed(), server.bound(), server.error('22012')],
      ['client', client.parse('', 'SELECT 3'), client.query('SELECT 4'), client.sync()],
      ['server', server.ready()],
      ['client', client.query('SELECT 5')],
      ['server', server.complete('SELECT 1'), server.ready()],
    ]);
    assert.deepEqual(statements.map(brief), [
      ['SELECT 1/$1', null, '22012'],
      ['SELECT 5', 'SELECT', 1],
    ]);
    assert.equal(session.isUnderWay(), false);
  });

  test('keeps the statement that failed when it was prepared or bound, and the names that were prepared before', () => {
    const { statements } = converse([
      ['client', client.parse('a', 'SELECT $1::int'), client.sync()],
      ['server', server.parsed(), server.ready()],
      ['client', client.parse('a', 'SELECT 2'), client.sync()], // the name is taken
      ['server', server.error('42P05'), server.ready()],
      ['client', client.bind('', 'a', ['x']), client.execute(), client.sync()],
      ['server', server.error('22P02'), server.ready()],
      ['client', client.bind('', 'a', ['1']), client.execute(), client.sync()],
      ['server', server.bound(), server.complete('SELECT 1'), server.ready()],
    ]);
    assert.deepEqual(statements.map(brief), [
      ['SELECT 2', null, '42P05'],
      ['SELECT $1::int', null, '22P02'],
      ['SELECT $1::int', 'SELECT', 1],
    ]);
    assert.deepEqual(
      statements.map(({ parameters }) => parameters),
      [[], ['x'], ['1']],
    );
  });

  test('whose commit fails at the Sync has failed with its last statement', () => {
    const { statements } = converse([
      [
        'client',
        client.parse('', 'INSERT INTO t SELECT 1'),
        client.bind('', ''),
        client.describe(),
        client.execute(),
        client.sync(),
      ],
      ['server', ...answer('INSERT 0 1'), server.error('23503'), server.ready()],
    ]);
    assert.deepEqual(statements.map(brief), [['INSERT INTO t SELECT 1', null, '23503']]);
  });

  test('that fetches some rows at a time executes one statement, with all the rows', () => {
    const fetch = [client.execute('c', 2), client.flush()];
    const { statements, exchanges } = converse([
      ['client', client.query('BEGIN')],
      ['server', server.complete('BEGIN'), server.ready('T')],
      ['client', client.parse('', 'SELECT 1'), client.bind('c', ''), ...fetch],
      ['server', server.parsed(), server.bound(), server.row(), server.row(), server.suspended()],
      ['client', ...fetch],
      ['server', server.row(), server.complete('SELECT 1')],
      ['client', client.sync()],
      ['server', server.ready('T')],
    ]);
    assert.deepEqual(statements.slice(1).map(brief), [['SELECT 1', 'SELECT', 3]]);
    assert.deepEqual([statements[1]?.startedMs, statements[1]?.endedMs, statements[1]?.exchange], [3, 6, 2]);
    assert.equal(exchanges.length, 4); // BEGIN, two fetches, the Sync
  });

  test('that leaves a portal before its end has executed it, whether it is closed, replaced or its transaction ends', () => {
    const start = [client.parse('', 'SELECT 1'), client.bind('', ''), client.execute('', 1)];
    const started = [server.parsed(), server.bound(), server.row(), server.suspended()];
    for (const [sent, received] of [
      [client.closePortal(''), server.closed()],
      [client.bind('', ''), server.bound()],
    ] as const) {
      const { statements } = converse([
        ['client', ...start, sent, client.sync()],
        ['server', ...started, received, server.ready('T')],
      ]);
      assert.deepEqual(statements.map(brief), [['SELECT 1', 'SELECT', 1]]);
    }
    const { statements } = converse([
      ['client', ...start, client.sync()],
      ['server', ...started, server.ready('I')],
    ]);
    assert.deepEqual(statements.map(brief), [['SELECT 1', 'SELECT', 1]]);
  });

  test('takes in COPY data, in one message or with a Sync sent before the data', () => {
    const simple = converse([
      ['client', client.query('COPY t FROM STDIN')],
      ['server', server.copyIn()],
      ['client', client.copyData('1\n'), client.copyDone()],
      ['server', server.complete('COPY 1'), server.ready()],
    ]);
    assert.deepEqual(simple.statements.map(brief), [['COPY t FROM STDIN', 'COPY', 1]]);
    // The server ignores Sync while it takes data (manual: "COPY Operations"), so libpq sends another one at the end.
    const extended = converse([
      ['client', client.parse('', 'COPY t FROM STDIN'), client.bind('', ''), client.execute(), client.sync()],
      ['server', server.parsed(), server.bound(), server.copyIn()],
      ['client', client.copyData('1\n'), client.copyDone(), client.sync()],
      ['server', server.complete('COPY 1'), server.ready()],
      ['client', client.query('SELECT 1')],
      ['server', server.complete('SELECT 1'), server.ready()],
    ]);
    assert.deepEqual(extended.statements.map(brief), [
      ['COPY t FROM STDIN', 'COPY', 1],
      ['SELECT 1', 'SELECT', 1],
    ]);
    assert.deepEqual(extended.exchanges[0], { session: 1, startedMs: 1, endedMs: 4 });
  });

  test('gives COPY data, and gives up a COPY', () => {
    const { statements } = converse([
      ['client', client.query('COPY t TO STDOUT')],
      [
        'server',
        server.copyOut(),
        client.copyData('1\n'),
        client.copyDone(),
        server.complete('COPY 1'),
        server.ready(),
      ],
      ['client', client.query('COPY t FROM STDIN')],
      ['server', server.copyIn()],
      ['client', client.copyFail('no more')],
      ['server', server.error('57014'), server.ready()],
    ]);
    assert.deepEqual(statements.map(brief), [
      ['COPY t TO STDOUT', 'COPY', 1],
      ['COPY t FROM STDIN', null, '57014'],
    ]);
  });

  test('executes nothing with an empty query, nor with what is only prepared', () => {
    const { statements, exchanges } = converse([
      ['client', client.query('')],
      ['server', server.empty(), server.ready()],
      ['client', client.parse('', ''), client.bind('', ''), client.execute(), client.sync()],
      ['server', server.parsed(), server.bound(), server.empty(), server.ready()],
      ['client', client.parse('a', 'SELECT 1'), client.closeStatement('a'), client.sync()],
      ['server', server.parsed(), server.closed(), server.ready()],
    ]);
    assert.deepEqual(statements, []);
    assert.equal(exchanges.length, 3);
  });

  test('names what it cannot follow: a function call, a statement that SQL prepared, an odd encoding', () => {
    const { statements, blindSpots } = converse([
      ['server', server.parameterStatus('client_encoding', 'LATIN1'), server.ready()],
      ['client', client.functionCall()],
      ['server', server.functionResult(), server.notification(), server.ready()],
      ['client', client.bind('', 'by "sql"', ['1']), client.execute(), client.sync()],
      ['server', server.bound(), server.complete('SELECT 1'), server.ready()],
    ]);
    assert.deepEqual(statements.map(brief), [['EXECUTE "by ""sql"""', 'SELECT', 1]]);
    assert.deepEqual(
      blindSpots.map((spot) => /encoding LATIN1|function|PREPARE/.exec(spot)?.[0]),
      ['encoding LATIN1', 'function', 'PREPARE'],
    );
  });

  test('takes a text that cannot be read, and one that can only be counted, whole', () => {
    const { statements, blindSpots } = converse([
      ['client', client.query('SELEC 1; SELEC 2')],
      ['server', server.error('42601'), server.ready()],
      ['client', client.query('NOVEL 1; NOVEL 2')], // of a newer server than the parser's
      ['server', server.complete('NOVEL 1'), server.complete('NOVEL 2'), server.ready()],
    ]);
    assert.deepEqual(statements.map(brief), [
      ['SELEC 1; SELEC 2', null, '42601'],
      ['NOVEL 1; NOVEL 2', 'NOVEL', 1],
      ['NOVEL 1; NOVEL 2', 'NOVEL', 2],
    ]);
    assert.match(blindSpots.join(), /^sent several statements in one message/);
  });

  test('that the server ends has its last statement failed, and nothing is missing', () => {
    const { session, take } = converse([
      ['client', client.parse('', 'SELECT 1'), client.bind('', ''), client.execute(), client.sync()],
      ['server', server.parsed(), server.bound(), server.error('57P01')],
    ]);
    session.close(3);
    const { statements, blindSpots } = take();
    assert.deepEqual(statements.map(brief), [['SELECT 1', null, '57P01']]);
    assert.deepEqual(blindSpots, []);
  });

  test('that breaks off in the middle keeps what had ended, and says so', () => {
    const { session, take, exchanges } = converse([
      ['client', client.query('SELECT 1; SELECT pg_sleep(9)')],
      ['server', server.complete('SELECT 1')],
    ]);
    assert.deepEqual(exchanges, []);
    assert.equal(session.isUnderWay(), true);
    session.close(7);
    const rest = take();
    assert.deepEqual(rest.exchanges, [{ session: 1, startedMs: 1, endedMs: 7 }]);
    assert.deepEqual(rest.statements.map(brief), [['SELECT 1', 'SELECT', 1]]);
    assert.match(rest.blindSpots[0] ?? '', /middle of a statement/);
  });
});

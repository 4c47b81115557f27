import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { loadStatementParser } from '../capture/statement-identity.ts';
import type { CapturedStatement } from '../capture/transcript.ts';
import { waitOf } from '../capture/waiting.ts';
import type { TimePart, TimeShare } from './statement-record.ts';
import { type TimedDispatch, timeShareDetail, timeShareHeadline, timeShareOf } from './time-share.ts';

before(loadStatementParser);

const TEXTS: Record<string, string> = {
  SELECT: 'SELECT id FROM booking',
  UPDATE: 'UPDATE booking SET id = $1',
  INSERT: 'INSERT INTO booking VALUES ($1)',
};

type Wait = readonly [
  command: string,
  startedMs: number,
  endedMs: number,
  overrides?: Partial<CapturedStatement>,
];

/** A dispatch of statements that each wait from and to the given times; those in one exchange share its number. */
function dispatch(
  wallMs: number,
  waits: readonly Wait[],
  execution: { reads: number; writes: number } | null = null,
): TimedDispatch {
  const statements = waits.map(
    ([command, startedMs, endedMs, overrides], place): CapturedStatement => ({
      session: 1,
      exchange: place,
      text: TEXTS[command] ?? command,
      protocol: 'extended',
      parameters: [],
      parameterTypes: [],
      command,
      rows: 1,
      sqlState: null,
      transactionBefore: 'open',
      transactionAfter: 'open',
      startedMs,
      endedMs,
      ...overrides,
    }),
  );
  const exchanges = [...new Set(statements.map(({ exchange }) => exchange))].map((exchange) => {
    const inside = statements.filter((one) => one.exchange === exchange);
    return {
      session: inside[0]?.session ?? 1,
      startedMs: Math.min(...inside.map((one) => one.startedMs)),
      endedMs: Math.max(...inside.map((one) => one.endedMs)),
    };
  });
  const counted = execution && [
    { text: '/* page */ SELECT id FROM booking', databaseMs: execution.reads },
    {
      text: 'WITH w AS (UPDATE booking SET x = $1 RETURNING id) SELECT id FROM w',
      databaseMs: execution.writes,
    },
    { text: 'BEGIN', databaseMs: 1000 }, // neither reads nor writes
  ];
  const transcript = { statements, exchanges, blindSpots: [] };
  return { wallMs, transcript, waiting: waitOf(transcript), counted };
}

const SELF_COMMITTING = { transactionBefore: 'idle', transactionAfter: 'idle' } as const;

const partsOf = (share: TimeShare): Record<TimePart, number> =>
  Object.fromEntries(share.parts.map(({ part, ms }) => [part, ms.median])) as Record<TimePart, number>;

describe('the parts of a dispatch', () => {
  test('execution, commits, round trips and the service add up to the wall time', () => {
    const share = timeShareOf([
      dispatch(
        100,
        [
          ['BEGIN', 0, 2],
          ['SELECT', 10, 40], // waits 30, executes 25
          ['UPDATE', 40, 50], // waits 10, executes 4
          ['COMMIT', 50, 58],
        ],
        { reads: 25, writes: 4 },
      ),
    ]);
    // Waited 2 + 30 + 10 + 8 = 50 of 100. Round trips: BEGIN 2, 30 − 25 and 10 − 4.
    assert.deepEqual(partsOf(share), { reads: 25, writes: 4, commits: 8, roundTrips: 13, service: 50 });
    assert.equal(share.databaseShare.median, 0.5);
    assert.deepEqual(share.warnings, []);
  });

  test('what a self-committing write waits beyond its execution is its commit', () => {
    const share = timeShareOf([dispatch(20, [['INSERT', 0, 10, SELF_COMMITTING]], { reads: 0, writes: 1 })]);
    assert.deepEqual(partsOf(share), { reads: 0, writes: 1, commits: 9, roundTrips: 0, service: 10 });
  });

  test('waits of two sessions at once count once, and it is said that parts are in proportion', () => {
    // 0–10 and 5–15 cover 15 ms, not 20: each of the two has half of it
    const share = timeShareOf([
      dispatch(
        30,
        [
          ['SELECT', 0, 10],
          ['UPDATE', 5, 15, { session: 2 }],
        ],
        { reads: 10, writes: 10 },
      ),
    ]);
    assert.deepEqual(partsOf(share), { reads: 7.5, writes: 7.5, commits: 0, roundTrips: 0, service: 15 });
    assert.match(share.warnings.join(), /1\.3 waits at once/); // 20 ÷ 15
  });

  test('without the counters of the server a wait is taken whole, and it is said', () => {
    const share = timeShareOf([dispatch(20, [['SELECT', 0, 10]])]);
    assert.deepEqual([partsOf(share).reads, partsOf(share).roundTrips], [10, 0]);
    assert.match(share.warnings.join(), /not counted/);
  });

  test('a batch is divided between its statements by their time', () => {
    const batch: Wait[] = [
      ['SELECT', 0, 3, { exchange: 0 }],
      ['COMMIT', 3, 12, { exchange: 0 }],
    ];
    // 100 ms of execution are more than was waited for: by another clock
    const share = timeShareOf([dispatch(12, batch, { reads: 100, writes: 0 })]);
    assert.deepEqual(partsOf(share), { reads: 3, writes: 0, commits: 9, roundTrips: 0, service: 0 });
    assert.equal(share.roundTrips.median, 1);
  });

  test('an exchange in which nothing was executed is a round trip', () => {
    const preparing = dispatch(10, [['SELECT', 1, 3, { command: null, sqlState: '42601' }]]);
    assert.equal(partsOf(timeShareOf([preparing])).roundTrips, 2);
  });

  test('a common table expression that writes is a write', () => {
    const share = timeShareOf([
      dispatch(10, [
        ['SELECT', 0, 4, { text: 'WITH w AS (UPDATE booking SET x = 1 RETURNING id) SELECT id FROM w' }],
      ]),
    ]);
    assert.deepEqual([partsOf(share).reads, partsOf(share).writes], [0, 4]);
  });

  test('figures of several dispatches are their median and range', () => {
    const share = timeShareOf([10, 20, 60].map((ms) => dispatch(100, [['SELECT', 0, ms]])));
    assert.deepEqual(share.databaseShare, { median: 0.2, low: 0.1, high: 0.6 });
  });
});

describe('the first line', () => {
  test('says that an index cannot help where the database is little of the time', () => {
    const share = timeShareOf([10, 20, 10].map((ms) => dispatch(500, [['SELECT', 0, ms]])));
    assert.equal(
      timeShareHeadline(share),
      "The database is 2 % of a dispatch's wall time of 500 ms, and an index cannot help here (2 % to 4 % in 3 dispatches)",
    );
  });

  test('says what can be gained where it is much of the time, and names the parts, the largest first', () => {
    const share = timeShareOf([
      dispatch(
        100,
        [
          ['SELECT', 0, 50],
          ['COMMIT', 50, 80],
        ],
        { reads: 40, writes: 0 },
      ),
    ]);
    assert.equal(
      timeShareHeadline(share),
      "The database is 80 % of a dispatch's wall time of 100 ms, and no change to it can gain more (80 % in 1 dispatch)",
    );
    assert.equal(
      timeShareDetail(share),
      'Of all the time: executing reads 40 %, waiting for commits 30 %, round trips 10 %, executing writes 0 %, the service itself 20 %.',
    );
  });

  test('is followed by what an index can gain where it is not statements that take the time, but the way to them', () => {
    const trips = Array.from({ length: 80 }, (_, at): ['SELECT', number, number] => ['SELECT', at, at + 1]);
    const share = timeShareOf([dispatch(100, trips, { reads: 4, writes: 0 })]);
    assert.match(
      timeShareDetail(share),
      /An index can gain 4 % at most; the other waits are for commits and on the way \(80 round trips\)\.$/,
    );
  });
});

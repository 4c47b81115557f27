import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Probe, ProbedDispatch, RelationScans } from '../result.ts';
import { type CountedProbes, nameDifferences } from './count-differences.ts';

/** Calls and rows, then blocks and WAL bytes, of a statement in one dispatch. */
type Counts = readonly [calls: number, rows: number, blocks?: number, walBytes?: number];
type Scans = readonly [table: string, index: string | null, scans: number];

const DISPATCH: ProbedDispatch = {
  companyId: 1,
  day: '2026-03-02',
  wallMs: 20,
  loadMs: 10,
  decideMs: 1,
  applyMs: 8,
  offered: 20,
  assigned: 18,
  unassigned: 2,
  queries: 0,
  transactionStatements: 0,
  rows: 0,
  blocksHit: 0,
  blocksRead: 0,
  blocksDirtied: 0,
  walRecords: 0,
  walBytes: 0,
  databaseMs: 5,
};

/** Two dispatches of 20 bookings, 18 assigned, alike in every count. */
function probe(statements: Readonly<Record<string, Counts>>, scans: readonly Scans[] = []): Probe {
  return {
    warmUpDispatches: 1,
    dispatches: [DISPATCH, DISPATCH],
    statements: Object.entries(statements).map(([text, [calls, rows, blocks = 0, walBytes = 0]]) => ({
      queryId: String(text.length),
      text,
      calls: calls * 2,
      rows: rows * 2,
      blocks: blocks * 2,
      walBytes: walBytes * 2,
      databaseMs: 1,
    })),
    scans: [['app_user', null, 2] as const, ...scans].map(([table, index, count]) => ({
      table,
      index,
      scans: count,
      rowsRead: count,
    })) satisfies RelationScans[],
    contaminated: false,
  };
}

interface Indexes {
  readonly baseline: string[];
  readonly candidate: string[];
}

function differences(baseline: Probe, candidate: Probe, indexes: Indexes = { baseline: [], candidate: [] }) {
  return nameDifferences({ baseline: [baseline, baseline], candidate: [candidate, candidate], indexes });
}

const sentences = (...probes: Parameters<typeof differences>) =>
  differences(...probes).map(({ kind, sentence }) => `${kind}: ${sentence}`);

const OPEN = 'SELECT id, client_id, scheduled_time FROM booking WHERE company_id = $1';
const OPEN_JOINED =
  'SELECT b.id, b.client_id, c.needs_wheelchair FROM booking b JOIN client c ON c.id = b.client_id WHERE b.company_id = $1';
const CLIENT = 'SELECT id, full_name, phone, needs_wheelchair FROM client WHERE id = $1';
const DRIVERS = 'SELECT id, seats FROM driver WHERE company_id = $1';
const COUNT = 'SELECT count(*) FROM assignment WHERE driver_id = $1';
const BULK =
  'WITH claimed AS (UPDATE booking b SET driver_id = $1 RETURNING b.id) INSERT INTO assignment (booking_id) SELECT id FROM claimed';
const CLAIM = 'UPDATE booking SET driver_id = $2 WHERE id = $1';
const INSERT = 'INSERT INTO assignment (booking_id) VALUES ($1)';

describe('queries', () => {
  const eager = probe({ [OPEN_JOINED]: [1, 20, 12] });
  const lazy = probe({ [OPEN]: [1, 20, 10], [CLIENT]: [20, 20, 40] });

  test('one query per row is named with how often it runs, what for, and what it was before', () => {
    assert.deepEqual(sentences(eager, lazy), [
      'query-per-row: one query per row: SELECT … FROM client WHERE id = $1 runs 20 times a dispatch instead of 0 ' +
        '(once for each booking offered); gone is SELECT … FROM booking b JOIN client c ON c.id = b.client_id WHERE b.company_id = $1',
      'statement: new: SELECT … FROM booking WHERE company_id = $1 runs 1 time a dispatch',
    ]);
  });

  test('the way back is "no longer"', () => {
    const [first] = differences(lazy, eager);
    assert.equal(first?.kind, 'query-per-row');
    assert.deepEqual([first?.baseline, first?.candidate], [20, 0]);
    assert.match(
      first?.sentence ?? '',
      /^no longer one query per row: .*runs 0 times a dispatch instead of 20/,
    );
    assert.match(first?.sentence ?? '', /in its place SELECT … FROM booking b JOIN client/);
  });

  test('a query for each row of a list is known by the list', () => {
    const [first] = differences(
      probe({ [DRIVERS]: [1, 11] }),
      probe({ [DRIVERS]: [1, 11], [COUNT]: [11, 11] }),
    );
    assert.match(first?.sentence ?? '', /once for each row of SELECT id, seats FROM driver/);
  });

  test('a list that both sides read keeps its own difference when rows of it are gone through', () => {
    const found = differences(
      probe({ [DRIVERS]: [1, 11, 3] }),
      probe({ [DRIVERS]: [1, 11, 900], [COUNT]: [11, 11, 30] }),
    );
    assert.deepEqual(
      new Set(found.map(({ kind, subject }) => `${kind} ${subject}`)),
      new Set([`query-per-row ${COUNT}`, `statement ${DRIVERS}`]),
    );
  });

  test('a query that runs often, but for no number of rows, is only a statement that differs', () => {
    assert.deepEqual(
      sentences(probe({ [DRIVERS]: [1, 3] }), probe({ [DRIVERS]: [1, 3], [COUNT]: [13, 13] })),
      ['statement: new: SELECT count(*) FROM assignment WHERE driver_id = $1 runs 13 times a dispatch'],
    );
  });

  test('a query that ran for each row already and now runs twice for each is told with its calls', () => {
    assert.deepEqual(sentences(probe({ [CLIENT]: [20, 20, 40] }), probe({ [CLIENT]: [40, 40, 80] })), [
      'statement: SELECT … FROM client WHERE id = $1: calls 20 → 40, rows 20 → 40, blocks 40 → 80 a dispatch',
    ]);
  });
});

describe('writes', () => {
  const bulk = probe({ [BULK]: [1, 18, 200, 9000] });
  const rows = { [CLAIM]: [18, 18, 90, 4000], [INSERT]: [18, 18, 90, 5000] } as const;
  const kinds = (baseline: Probe, candidate: Probe) =>
    differences(baseline, candidate).map(({ kind, subject }) => `${kind} ${subject.split(' ')[0]}`);

  test('row by row in a transaction each: the writes and the commits are named, the BEGIN goes without saying', () => {
    const candidate = probe({ ...rows, BEGIN: [18, 0], COMMIT: [18, 0] });
    assert.deepEqual(kinds(bulk, candidate).sort(), [
      'commit-per-row COMMIT',
      'write-per-row INSERT',
      'write-per-row UPDATE',
    ]);
    assert.ok(
      sentences(bulk, candidate).includes(
        'commit-per-row: one commit per row: COMMIT runs 18 times a dispatch instead of 0 (once for each assignment)',
      ),
    );
  });

  test('row by row inside one transaction: the writes alone', () => {
    const candidate = probe({ ...rows, BEGIN: [1, 0], COMMIT: [1, 0] });
    assert.deepEqual(kinds(bulk, candidate).sort(), [
      'statement BEGIN',
      'statement COMMIT',
      'write-per-row INSERT',
      'write-per-row UPDATE',
    ]);
  });

  test('a commit for each row of a bulk of writes that were row by row before: the commits alone', () => {
    const baseline = probe({ ...rows, BEGIN: [1, 0], COMMIT: [1, 0] });
    const candidate = probe({ ...rows, BEGIN: [18, 0], COMMIT: [18, 0] });
    assert.deepEqual(kinds(baseline, candidate), ['commit-per-row COMMIT']);
  });

  test('rows that were not written before are new work, not another way to write', () => {
    const audit = 'INSERT INTO audit (booking_id) VALUES ($1)';
    assert.deepEqual(sentences(bulk, probe({ [BULK]: [1, 18, 200, 9000], [audit]: [18, 18] })), [
      'statement: new: INSERT INTO audit … runs 18 times a dispatch',
    ]);
  });

  test('a few WAL bytes that come from the values written are no difference; an index entry is', () => {
    const end = (walBytes: number) =>
      probe({ 'UPDATE dispatch_run SET load_ms = $1 WHERE id = $2': [1, 1, 5, walBytes] });
    assert.deepEqual(sentences(end(144), end(145)), []);
    assert.deepEqual(sentences(end(144), end(208)), [
      'statement: UPDATE dispatch_run SET load_ms = $1 WHERE id = $2: WAL 144 B → 208 B a dispatch',
    ]);
  });
});

describe('indexes', () => {
  const used = probe({ [OPEN]: [1, 20, 12] }, [['booking', 'booking_time_idx', 4]]);
  const scanned = probe({ [OPEN]: [1, 20, 2400] }, [['booking', null, 4]]);
  const both = { baseline: ['booking_time_idx'], candidate: ['booking_time_idx'] };

  test('a used index that the other side lacks is missing; what follows from it is told with it', () => {
    const indexes = { baseline: ['booking_time_idx'], candidate: [] };
    assert.deepEqual(sentences(used, scanned, indexes), [
      'index-missing: index booking_time_idx is missing: it was used 4 times a probe; sequential scans of booking 0 → 4; ' +
        'SELECT … FROM booking WHERE company_id = $1: blocks 12 → 2,400 a dispatch',
    ]);
    assert.match(
      sentences(scanned, used, { baseline: [], candidate: ['booking_time_idx'] })[0] ?? '',
      /is no longer missing: it is used 4 times a probe; sequential scans of booking 4 → 0/,
    );
  });

  test('an index that both have and one leaves aside is unused', () => {
    assert.match(
      sentences(used, scanned, both)[0] ?? '',
      /^index-unused: index booking_time_idx is no longer used: it was, 4 times a probe/,
    );
    assert.match(
      sentences(scanned, used, both)[0] ?? '',
      /^index-unused: index booking_time_idx is used now: 4 times a probe instead of 0/,
    );
  });

  test('an index that is left because nobody asks for the table any more is not unused', () => {
    assert.deepEqual(sentences(used, probe({ [OPEN]: [1, 20, 12] }), both), []);
  });

  test('of two indexes that take each other’s place one is named, with the other', () => {
    const other = probe({ [OPEN]: [1, 20, 12] }, [['booking', 'booking_day_idx', 3]]);
    const indexes = {
      baseline: ['booking_time_idx', 'booking_day_idx'],
      candidate: ['booking_time_idx', 'booking_day_idx'],
    };
    assert.deepEqual(sentences(used, other, indexes), [
      'index-unused: index booking_time_idx is no longer used: it was, 4 times a probe; scans of booking_day_idx 0 → 3',
    ]);
  });

  test('sequential scans that no index explains are named by their table', () => {
    const scans = (count: number) => probe({ [OPEN]: [1, 20, 12] }, [['booking', null, count]]);
    assert.deepEqual(sentences(scans(4), scans(8)), [
      'sequential-scans: booking is read in sequence 8 times a probe instead of 4',
    ]);
  });

  test('where scans were not counted nothing is said of indexes', () => {
    const indexes = { baseline: ['booking_time_idx'], candidate: [] };
    assert.deepEqual(differences(used, { ...probe({ [OPEN]: [1, 20, 12] }), scans: [] }, indexes), []);
  });
});

describe('any two sides', () => {
  const lists = { [OPEN]: [1, 20, 12], [DRIVERS]: [1, 11, 3] } as const;
  const PROBES: readonly Probe[] = [
    probe({ ...lists, [BULK]: [1, 18, 200, 9000] }, [['booking', 'booking_time_idx', 4]]),
    probe({ ...lists, [CLIENT]: [20, 20, 40], [CLAIM]: [18, 18], [INSERT]: [18, 18], COMMIT: [18, 0] }, [
      ['booking', null, 4],
      ['booking', 'booking_pkey', 18],
    ]),
    probe({ ...lists, [COUNT]: [11, 11, 30], [INSERT]: [1, 18, 80, 400] }, [
      ['booking', 'booking_day_idx', 2],
    ]),
  ];
  const INDEXES = [
    ['booking_time_idx', 'booking_pkey'],
    ['booking_pkey'],
    ['booking_day_idx', 'booking_pkey'],
  ];
  const cases = PROBES.flatMap((_, a) => PROBES.map((__, b) => [a, b] as const));

  function compare(a: number, b: number) {
    const [baseline, candidate] = [PROBES[a], PROBES[b]] as [Probe, Probe];
    return differences(baseline, candidate, { baseline: INDEXES[a] ?? [], candidate: INDEXES[b] ?? [] });
  }

  test('equal counts give no difference, others give some', () => {
    for (const [a, b] of cases) assert.equal(compare(a, b).length === 0, a === b, `${a} against ${b}`);
  });

  test('exchanged sides give the same differences with their numbers exchanged', () => {
    for (const [a, b] of cases) {
      const forth = compare(a, b).map((one) => [
        one.kind,
        one.subject,
        one.counter,
        one.baseline,
        one.candidate,
      ]);
      const back = compare(b, a).map((one) => [
        one.kind,
        one.subject,
        one.counter,
        one.candidate,
        one.baseline,
      ]);
      assert.deepEqual(new Set(forth.map(String)), new Set(back.map(String)), `${a} against ${b}`);
    }
  });

  test('the text of a statement is matched whatever its white space and query id', () => {
    const spaced = probe({ [`  ${OPEN.replaceAll(' ', '\n  ')} ;`]: [1, 20, 12] });
    assert.deepEqual(differences(probe({ [OPEN]: [1, 20, 12] }), spaced), []);
  });

  test('a counter whose repeats disagree counts only when the ranges have nothing in common', () => {
    const blocks = (count: number) => probe({ [OPEN]: [1, 20, count] });
    const name = (baseline: number[], candidate: number[]) =>
      nameDifferences({
        baseline: baseline.map(blocks),
        candidate: candidate.map(blocks),
        indexes: { baseline: [], candidate: [] },
      } satisfies CountedProbes).map(({ sentence }) => sentence);
    assert.deepEqual(name([10, 14], [12, 16]), []);
    // The medians of 10, 14 and of 15, 19.
    assert.deepEqual(name([10, 14], [15, 19]), [
      'SELECT … FROM booking WHERE company_id = $1: blocks 12 → 17 a dispatch',
    ]);
  });

  test('a side without a probe has nothing to be named', () => {
    const indexes = { baseline: [], candidate: [] };
    assert.deepEqual(nameDifferences({ baseline: [], candidate: [PROBES[0] as Probe], indexes }), []);
  });
});

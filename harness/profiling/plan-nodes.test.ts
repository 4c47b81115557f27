import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlan, withoutValues } from './plan-nodes.ts';
import { planLine, planText } from './plan-text.ts';

/** A node as EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) has it. */
const node = (type: string, figures: Record<string, unknown> = {}, ...children: unknown[]) => ({
  'Node Type': type,
  'Plan Rows': 20,
  'Actual Rows': 20,
  'Actual Loops': 1,
  'Actual Total Time': 1,
  'Shared Hit Blocks': 0,
  'Shared Read Blocks': 0,
  ...figures,
  ...(children.length === 0 ? {} : { Plans: children }),
});

const plan = (root: unknown, executionMs = 100) =>
  readPlan([{ Plan: root, 'Planning Time': 0.2, 'Execution Time': executionMs, Triggers: [] }]);

const marksOf = (figures: Record<string, unknown>, type = 'Index Scan') =>
  plan(node(type, { 'Relation Name': 'booking', ...figures })).root.marks.map(({ mark, severity }) => [
    mark,
    severity,
  ]);

describe('marks', () => {
  test('rows removed are marked above nine in ten, and from a hundred rows on', () => {
    assert.deepEqual(marksOf({ 'Rows Removed by Filter': 181 }), [['rows-removed', 'telling']]); // 181 ÷ 201 = 90.05 %
    assert.deepEqual(marksOf({ 'Rows Removed by Filter': 180 }), []); // 180 ÷ 200 = 90 %
    assert.deepEqual(marksOf({ 'Actual Rows': 1, 'Plan Rows': 1, 'Rows Removed by Filter': 99 }), []);
  });

  test('rows removed count in all loops', () => {
    // 30 loops keep 1 row and drop 10: 300 of 330
    const looped = { 'Actual Rows': 1, 'Plan Rows': 1, 'Actual Loops': 30, 'Rows Removed by Filter': 10 };
    assert.deepEqual(marksOf(looped), [['rows-removed', 'telling']]);
  });

  test('a sequential scan of a large table for few rows is told from one of a small table', () => {
    const [mark] = plan(node('Seq Scan', { 'Relation Name': 'booking', 'Rows Removed by Filter': 79_980 }))
      .root.marks;
    assert.deepEqual(mark, {
      mark: 'scan-for-few',
      severity: 'extreme',
      sentence: 'reads 80,000 rows of booking to keep 20 (0.025 %)',
    });
    // 499 rows each time: to read them whole is right, but 90 % are thrown away
    const small = { 'Actual Rows': 1, 'Plan Rows': 1, 'Actual Loops': 10, 'Rows Removed by Filter': 498 };
    assert.deepEqual(marksOf(small, 'Seq Scan'), [['rows-removed', 'telling']]);
    assert.deepEqual(marksOf({ ...small, 'Rows Removed by Filter': 499 }, 'Seq Scan'), [
      ['scan-for-few', 'extreme'],
    ]);
  });

  test('a misestimate is marked above ten times, and extreme above a hundred', () => {
    assert.deepEqual(marksOf({ 'Plan Rows': 20, 'Actual Rows': 200 }), []);
    assert.deepEqual(marksOf({ 'Plan Rows': 20, 'Actual Rows': 201 }), [['misestimate', 'telling']]);
    assert.deepEqual(marksOf({ 'Plan Rows': 2001, 'Actual Rows': 20 }), [['misestimate', 'extreme']]);
    assert.deepEqual(marksOf({ 'Plan Rows': 1, 'Actual Rows': 99 }), []); // too few rows to matter
  });

  test('below a LIMIT fewer rows than planned are no misestimate, and more are', () => {
    const limited = (rows: number) =>
      plan(node('Limit', {}, node('Index Scan', { 'Plan Rows': 10_000, 'Actual Rows': rows }))).root
        .children[0]?.marks;
    assert.deepEqual(limited(20), []);
    assert.equal(limited(200_000)?.[0]?.mark, 'misestimate');
  });

  test('what did not fit into work_mem is marked, with its size', () => {
    const sort = { 'Sort Method': 'external merge', 'Sort Space Used': 5000, 'Sort Space Type': 'Disk' };
    const [mark] = plan(node('Sort', sort)).root.marks;
    // 5000 KiB × 1024 = 5,120,000 bytes
    assert.equal(mark?.sentence, 'work_mem was too small: spilled 5.12 MB to disk');
    assert.deepEqual(marksOf({ 'Sort Space Used': 25, 'Sort Space Type': 'Memory' }, 'Sort'), []);
    assert.deepEqual(marksOf({ 'Hash Batches': 4 }, 'Hash'), [['spill', 'telling']]);
    assert.deepEqual(marksOf({ 'Hash Batches': 1 }, 'Hash'), []);
    const above = node(
      'Nested Loop',
      { 'Temp Written Blocks': 10 },
      node('Sort', { 'Temp Written Blocks': 10 }),
    );
    assert.deepEqual(plan(above).root.marks, []); // the blocks are those of the node under it
  });

  test('heap fetches are marked above 40 % of what an index-only scan read', () => {
    const scan = (fetches: number) =>
      marksOf({ 'Plan Rows': 500, 'Actual Rows': 500, 'Heap Fetches': fetches }, 'Index Only Scan');
    assert.deepEqual(scan(200), []);
    assert.deepEqual(scan(201), [['heap-fetches', 'telling']]);
    assert.deepEqual(scan(451), [['heap-fetches', 'extreme']]); // 90.2 %
  });

  test('time is that of a node without those under it, over all loops', () => {
    // 100 loops of 0.5 ms are 50 of 90 ms; the join has 40 ms of its own: 40 ÷ 100 is not above 40 %
    const { root } = plan(
      node(
        'Nested Loop',
        { 'Actual Total Time': 90 },
        node('Index Scan', {
          'Actual Loops': 100,
          'Actual Total Time': 0.5,
          'Actual Rows': 1,
          'Plan Rows': 1,
        }),
      ),
    );
    assert.deepEqual([root.ownMs, root.marks], [40, []]);
    assert.deepEqual(
      [root.children[0]?.ownMs, root.children[0]?.marks.map(({ mark }) => mark)],
      [50, ['most-of-time']],
    );
  });

  test('a share of less than a millisecond says nothing', () => {
    const scanIn = (ms: number) =>
      plan(node('Sort', {}, node('Seq Scan', { 'Actual Total Time': ms })), ms).root.children[0]?.marks;
    assert.deepEqual(scanIn(0.9), []);
    assert.equal(scanIn(1)?.[0]?.severity, 'extreme');
  });

  test('the only node of a plan is not said to take its time', () => {
    assert.deepEqual(plan(node('Seq Scan', { 'Actual Total Time': 50 }), 50).root.marks, []);
  });

  test('processes that scan side by side take the time of one', () => {
    // Leader and 2 workers loop once each, 30 ms a loop: 30 ms passed, not 90
    const { root } = plan(
      node(
        'Gather',
        { 'Workers Launched': 2, 'Actual Total Time': 40 },
        node('Seq Scan', { 'Actual Loops': 3, 'Actual Total Time': 30 }),
      ),
    );
    assert.deepEqual([root.ownMs, root.children[0]?.ownMs], [10, 30]);
  });

  test('a node that was never executed has no marks', () => {
    assert.deepEqual(marksOf({ 'Plan Rows': 10_000, 'Actual Rows': 0, 'Actual Loops': 0 }), []);
  });
});

test('a plan that was not executed has planned rows and no marks', () => {
  const { root, executionMs } = readPlan([
    { Plan: { 'Node Type': 'Seq Scan', 'Relation Name': 'booking', 'Plan Rows': 80_000 } },
  ]);
  assert.deepEqual(
    [root.plannedRows, root.rows, root.ownMs, root.marks, executionMs],
    [80_000, null, null, [], null],
  );
});

test('blocks are those of the node alone', () => {
  const { root } = plan(
    node(
      'Sort',
      { 'Shared Hit Blocks': 12 },
      node('Seq Scan', { 'Shared Hit Blocks': 8, 'Shared Read Blocks': 4 }),
    ),
  );
  assert.deepEqual([root.ownBlocks, root.children[0]?.ownBlocks], [0, 12]);
});

test('values in conditions are left out, names and digits in names stay', () => {
  const cases = {
    "((email)::text = 'o''hara@example.org'::text)": '((email)::text = ?::text)',
    "(id = ANY ('{1,2,3}'::integer[]))": '(id = ANY (?::integer[]))',
    '(line2 > 1.5e-3)': '(line2 > ?)',
    '("2nd line" = $1)': '("2nd line" = $1)',
    '(amount < -42)': '(amount < -?)',
  };
  for (const [expression, expected] of Object.entries(cases))
    assert.equal(withoutValues(expression), expected);
});

test('what is no plan is an error that says so', () => {
  assert.throws(() => readPlan([{ Plan: { 'Node Type': 'Seq Scan' } }]), /answered what is not a plan/);
  assert.throws(() => readPlan(null), /answered what is not a plan/);
});

test('a node that writes without RETURNING is not said to have 0 rows', () => {
  const insert = { Operation: 'Insert', 'Relation Name': 'trip', 'Actual Rows': 0 };
  const text = planText(plan(node('ModifyTable', insert, node('Result', { 'Actual Total Time': 0 }))));
  assert.equal(text.split('\n')[0], 'Insert on trip · 1.00 ms');
});

test('a plan in a line is its costliest node, with the gravest that is told of it or its rows', () => {
  const scan = (figures: Record<string, unknown>) =>
    node('Sort', { 'Actual Total Time': 12.3 }, node('Seq Scan', { 'Relation Name': 'booking', ...figures }));
  const whole = { 'Actual Total Time': 12, 'Rows Removed by Filter': 79_980 };
  // 12 of 12.3 ms are the scan's, which is also marked for most of the time: reading for few is graver
  assert.equal(
    planLine(plan(scan(whole), 12.5)),
    'Seq Scan on booking: reads 80,000 rows of booking to keep 20 (0.025 %)',
  );
  assert.equal(planLine(plan(scan({ 'Actual Total Time': 1 }), 100)), 'Sort, 20 rows'); // 11.3 ms
  const insert = { Operation: 'Insert', 'Relation Name': 'trip', 'Actual Rows': 0 };
  assert.equal(planLine(plan(node('ModifyTable', insert))), 'Insert on trip');
});

test('a plan is text with its marks under each node', () => {
  const scan = node('Seq Scan', {
    'Relation Name': 'booking',
    Filter: "(status = 'open'::text)",
    'Rows Removed by Filter': 79_980,
    'Actual Total Time': 12,
    'Shared Hit Blocks': 1200,
  });
  const text = planText(
    readPlan([
      {
        Plan: node(
          'Sort',
          { 'Sort Key': ['scheduled_time', 'id'], 'Actual Total Time': 12.3, 'Shared Hit Blocks': 1200 },
          scan,
        ),
        'Execution Time': 12.5,
        Triggers: [
          {
            'Trigger Name': 'RI_ConstraintTrigger_c_1',
            'Constraint Name': 'booking_company_id_fkey',
            Calls: 20,
            Time: 1.5,
          },
        ],
      },
    ]),
  );
  assert.equal(
    text,
    `Sort: sorts by scheduled_time, id · 20 rows · 300 µs
  Seq Scan on booking: filters by (status = ?::text) · 20 rows · 12.0 ms · 1,200 blocks
    !! reads 80,000 rows of booking to keep 20 (0.025 %)
    !! takes 96 % of the time of the statement (12.0 ms)
Trigger booking_company_id_fkey: 20 calls · 1.50 ms`,
  );
});

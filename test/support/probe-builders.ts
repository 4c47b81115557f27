/**
 * Valid probes for tests. The numbers look like a small machine's, but are made by formula from
 * a seed: never show them outside a test.
 */
import type { Probe, ProbedDispatch, StatementCost } from '../../harness/result.ts';
import { costOf, noise, round } from './variant-costs.ts';

export function buildProbedDispatch(variant: string, random: () => number, index: number): ProbedDispatch {
  const cost = costOf(variant);
  const loadMs = round(cost.loadMs * noise(random, 0.05));
  const decideMs = round(cost.decideMs * noise(random, 0.05));
  const applyMs = round(cost.applyMs * noise(random, 0.08));
  return {
    companyId: 1 + (index % 4),
    day: `2026-03-0${2 + (index % 7)}`,
    wallMs: round(loadMs + decideMs + applyMs + 1.8 * noise(random, 0.2)),
    loadMs,
    decideMs,
    applyMs,
    offered: 100,
    assigned: 96,
    unassigned: 4,
    queries: cost.queries,
    transactionStatements: cost.transactionStatements,
    rows: cost.rows,
    blocksHit: Math.round(cost.rows * 3.1),
    blocksRead: 12,
    blocksDirtied: 148,
    walRecords: Math.round(cost.walBytes / 90),
    walBytes: cost.walBytes,
    databaseMs: round((loadMs + applyMs) * 0.8),
  };
}

export function buildStatements(variant: string, dispatches: number): StatementCost[] {
  const { queries, transactionStatements, loadMs } = costOf(variant);
  const single = queries < 20;
  const texts: [string, number][] = single
    ? [
        [
          'SELECT b.id, b.client_id, b.scheduled_time FROM booking b JOIN client c ON c.id = b.client_id WHERE b.company_id = $1 AND b.status = $2',
          1,
        ],
        [
          'SELECT d.id, d.seats, a.booking_id FROM driver d LEFT JOIN assignment a ON a.driver_id = d.id WHERE d.company_id = $1',
          1,
        ],
        [
          'INSERT INTO assignment (dispatch_run_id, booking_id, driver_id) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[])',
          1,
        ],
        [
          'UPDATE booking SET status = $1, driver_id = v.driver_id FROM unnest($2::bigint[], $3::int[]) AS v(id, driver_id) WHERE booking.id = v.id',
          1,
        ],
      ]
    : [
        ['SELECT * FROM client WHERE id = $1', 100],
        ['SELECT * FROM assignment WHERE booking_id = $1 ORDER BY created_at DESC LIMIT $2', 100],
        ['SELECT * FROM driver WHERE company_id = $1 AND is_available AND is_active', 1],
        [
          'INSERT INTO assignment (dispatch_run_id, booking_id, driver_id, status) VALUES ($1, $2, $3, $4)',
          96,
        ],
        ['UPDATE booking SET status = $1, driver_id = $2 WHERE id = $3', 96],
      ];
  return [...texts, ['COMMIT', transactionStatements / 2] as [string, number]].map(
    ([text, calls], index) => ({
      queryId: String(81_200_000 + index * 977 + (single ? 40_000 : 0)),
      text,
      calls: Math.round(calls * dispatches),
      rows: Math.round(calls * dispatches),
      blocks: Math.round(calls * dispatches * 4),
      walBytes: text.startsWith('SELECT') ? 0 : Math.round(calls * dispatches * 300),
      databaseMs: round((loadMs * dispatches * 0.7) / (index + 1)),
    }),
  );
}

export function buildProbe(variant: string, random: () => number, dispatches = 5): Probe {
  return {
    warmUpDispatches: 2,
    dispatches: Array.from({ length: dispatches }, (_, index) => buildProbedDispatch(variant, random, index)),
    statements: buildStatements(variant, dispatches),
    scans: [
      { table: 'booking', index: null, scans: variant === 'optimised' ? 0 : 3, rowsRead: 300 },
      { table: 'booking', index: 'booking_pkey', scans: 96, rowsRead: 96 },
    ],
    contaminated: false,
  };
}

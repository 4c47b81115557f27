import { countOf, formatBytes, formatCount, formatDuration, formatShare } from '../quantity.ts';
import type { NodeFigures } from './plan-nodes.ts';
import type { PlanNode } from './statement-record.ts';

type Mark = PlanNode['marks'][number];

/**
 * Cut-offs of PEV2 (dalibo/pev2, src/node.ts): its third colour is *telling* here, its fourth *extreme*. Of rows
 * removed only the fourth is marked.
 */
const CUT_OFFS = {
  removedRatio: 0.9,
  misestimate: { telling: 10, extreme: 100 },
  heapFetchRatio: { telling: 0.4, extreme: 0.9 },
  timeRatio: { telling: 0.4, extreme: 0.9 },
} as const;

/** With fewer rows a node is cheap, however badly it was planned; PEV2 marks it all the same. */
const LEAST_ROWS = 100;
/** PgHero advises no index on a smaller table (suggested_indexes.rb): to read it whole is right. */
const LARGE_TABLE_ROWS = 500;
/** In less, a share of the time says nothing. */
const LEAST_MS = 1;

/** What an analysed node tells. Empty for one that was never executed. */
export function markNode(figures: NodeFigures): Mark[] {
  if (figures.loops === 0) return [];
  return [removed, misestimated, spilled, heapFetches, mostOfTime].flatMap((judge) => judge(figures) ?? []);
}

function severity(value: number, { extreme }: { extreme: number }): Mark['severity'] {
  return value > extreme ? 'extreme' : 'telling';
}

/** A sequential scan of a large table for few rows is what an index would spare; anything else removes what it found. */
function removed({ node, rows, loops }: NodeFigures): Mark | null {
  const dropped = Math.round(removedRows(node) * loops);
  const ratio = dropped / (dropped + rows);
  if (dropped < LEAST_ROWS || ratio <= CUT_OFFS.removedRatio) return null;
  const read = dropped + rows;
  const scans = node['Node Type'].endsWith('Seq Scan');
  if (scans && read / loops >= LARGE_TABLE_ROWS) {
    const each = loops === 1 ? '' : ` in ${formatCount(loops)} scans`;
    const kept = rows === 0 ? 'none' : `${formatCount(rows)} (${formatShare(rows / read)})`;
    const sentence = `reads ${countOf(read, 'row')} of ${node['Relation Name']}${each} to keep ${kept}`;
    return { mark: 'scan-for-few', severity: 'extreme', sentence };
  }
  const sentence = `throws ${countOf(dropped, 'row')} of ${formatCount(read)} away again (${formatShare(ratio)})`;
  return { mark: 'rows-removed', severity: 'telling', sentence };
}

/** Per loop, as EXPLAIN has it. */
function removedRows(node: NodeFigures['node']): number {
  return (
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0)
  );
}

function misestimated({ node, rows, loops, cutShort }: NodeFigures): Mark | null {
  const planned = node['Plan Rows'] * loops;
  const more = rows > planned;
  if (cutShort && !more) return null;
  if (Math.max(rows, planned) < LEAST_ROWS) return null;
  const factor = more ? rows / Math.max(1, planned) : planned / Math.max(1, rows);
  if (factor <= CUT_OFFS.misestimate.telling) return null;
  const sentence = `the planner expected ${countOf(planned, 'row')}, there were ${formatCount(rows)}: ${formatCount(Math.round(factor))} times ${more ? 'more' : 'fewer'}`;
  return { mark: 'misestimate', severity: severity(factor, CUT_OFFS.misestimate), sentence };
}

/** Memory was not enough: sorts say so by their space, hashes by more than one batch, the rest by temporary blocks. */
function spilled({ node, ownTempBlocks }: NodeFigures): Mark | null {
  const sortKiB = node['Sort Space Type'] === 'Disk' ? Number(node['Sort Space Used'] ?? 0) : 0;
  const diskKiB = Math.max(sortKiB, Number(node['Disk Usage'] ?? 0), ownTempBlocks * 8);
  const batches = Number(node['Hash Batches'] ?? node['HashAgg Batches'] ?? 1);
  if (diskKiB === 0 && batches <= 1) return null;
  const size = diskKiB > 0 ? ` ${formatBytes(diskKiB * 1024)}` : '';
  const inBatches = batches > 1 ? ` in ${formatCount(batches)} batches` : '';
  return {
    mark: 'spill',
    severity: 'telling',
    sentence: `work_mem was too small: spilled${size} to disk${inBatches}`,
  };
}

/** An index-only scan looks into the table for rows on pages that VACUUM has not marked all-visible. */
function heapFetches({ node, rows, loops }: NodeFigures): Mark | null {
  const fetches = node['Heap Fetches'] ?? 0;
  const read = rows + removedRows(node) * loops;
  const ratio = Math.min(1, fetches / Math.max(1, read));
  if (fetches < LEAST_ROWS || ratio <= CUT_OFFS.heapFetchRatio.telling) return null;
  return {
    mark: 'heap-fetches',
    severity: severity(ratio, CUT_OFFS.heapFetchRatio),
    sentence: `an index-only scan that looked into the table for ${formatShare(ratio)} of its rows: it wants VACUUM`,
  };
}

/** The only node of a plan takes all of the time, which nobody has to be told. */
function mostOfTime({ ownMs, executionMs, alone }: NodeFigures): Mark | null {
  if (ownMs === null || alone || executionMs < LEAST_MS) return null;
  const ratio = Math.min(1, ownMs / executionMs);
  if (ratio <= CUT_OFFS.timeRatio.telling) return null;
  return {
    mark: 'most-of-time',
    severity: severity(ratio, CUT_OFFS.timeRatio),
    sentence: `takes ${formatShare(ratio)} of the time of the statement (${formatDuration(ownMs)})`,
  };
}

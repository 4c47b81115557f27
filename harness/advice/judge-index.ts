/** Whether an index is worth having: what was counted with it against what was counted without. */
import { nameStatement, tablesWritten } from '../experiment/statement-text.ts';
import { formatBytes, formatCount, formatShare } from '../quantity.ts';
import {
  changesBetween,
  differentOutcomes,
  type Measurement,
  type StatementChange,
  sumOf,
} from './measurement.ts';

/** Some statement must need this much less, as a share of its blocks. */
export const LEAST_HELP = 0.2;
/** No statement that only reads may need this much more; one that writes pays with the rule below. */
export const MOST_HARM = 0.1;
/** Blocks saved ÷ what the index costs. From the rule of thumb in ankane/dexter#6. */
export const LEAST_PAY = 1.5;
/** Less than a block a call is the height of a tree or a page that was full. */
const LEAST_BLOCKS = 1;
const BLOCK_BYTES = 8192;

export interface UnitSaving {
  readonly unit: string;
  /** Without − with, of one such unit; below 0 where it costs more. */
  readonly blocks: number;
  readonly walBytes: number;
}

/** Updates of its table in the whole workload, and how many of them wrote no index (heap-only). */
export interface HotUpdates {
  readonly updates: number;
  readonly without: number;
  readonly with: number;
}

export interface IndexJudgement {
  readonly accepted: boolean;
  /** What it failed at, each a sentence with its number; empty when accepted. */
  readonly failures: readonly string[];
  /** Times it was scanned in the whole workload. */
  readonly scans: number;
  /** Fewer blocks of all statements that need fewer, one of each unit. */
  readonly blocksSaved: number;
  /** More blocks of all statements that need more, one of each unit. */
  readonly blocksAdded: number;
  /** More WAL of all statements, one of each unit; below 0 when it is less. */
  readonly walBytesAdded: number;
  /** Units that it changes, by what it saves. */
  readonly units: readonly UnitSaving[];
  /** The statement it helps most, by blocks. */
  readonly best: StatementChange | null;
  /** The statement it costs most, by blocks. */
  readonly worst: StatementChange | null;
  readonly hotUpdates: HotUpdates;
  readonly bytes: number;
  /** Null for one that was there. */
  readonly buildMs: number | null;
}

export interface JudgedIndex {
  readonly name: string;
  /** `schema.table` */
  readonly table: string;
  readonly bytes: number;
  readonly buildMs: number | null;
  /** Size of its table, without indexes. */
  readonly tableBytes: number;
}

export interface IndexTrial {
  /** Before anything was changed: what no reading statement may be much worse than. */
  readonly initial: Measurement;
  readonly without: Measurement;
  readonly withIndex: Measurement;
  /** Places whose results may be compared, see `stablePlaces`. */
  readonly stable: ReadonlySet<number>;
}

export function judgeIndex(
  index: JudgedIndex,
  { initial, without, withIndex, stable }: IndexTrial,
): IndexJudgement {
  const changes = changesBetween(without, withIndex).filter(isChanged);
  const scans = withIndex.indexScans.get(index.name) ?? 0;
  const blocksSaved = sum(changes, (change) => Math.max(0, savedBlocks(change)));
  const blocksAdded = sum(changes, (change) => Math.max(0, -savedBlocks(change)));
  const walBytesAdded = sum(changes, ({ walBytesBefore, walBytesAfter }) => walBytesAfter - walBytesBefore);
  const failures = [
    ...(scans > 0 ? [] : ['no statement of the workload used it']),
    ...lackOfHelp(changes),
    ...harm(changes, changesBetween(initial, withIndex)),
    ...lackOfPay(blocksSaved, blocksAdded, walBytesAdded),
    ...oversize(index),
    ...differences(differentOutcomes(without, withIndex, stable).length),
  ];
  const bySaving = [...changes].sort((a, b) => savedBlocks(b) - savedBlocks(a));
  return {
    accepted: failures.length === 0,
    failures,
    scans,
    blocksSaved,
    blocksAdded,
    walBytesAdded,
    units: unitSavings(changes),
    best: bySaving.find((change) => savedBlocks(change) > 0) ?? null,
    worst: bySaving.reverse().find((change) => savedBlocks(change) < 0) ?? null,
    hotUpdates: hotUpdatesOf(index.table, without, withIndex),
    bytes: index.bytes,
    buildMs: index.buildMs,
  };
}

function hotUpdatesOf(table: string, without: Measurement, withIndex: Measurement): HotUpdates {
  const of = (measurement: Measurement) => measurement.updates.find((one) => one.table === table);
  return {
    updates: of(withIndex)?.updates ?? 0,
    without: of(without)?.hotUpdates ?? 0,
    with: of(withIndex)?.hotUpdates ?? 0,
  };
}

/** What an index gains on balance, in blocks; WAL counts as the blocks it fills. */
export function netSaving({
  blocksSaved,
  blocksAdded,
  walBytesAdded,
}: Pick<IndexJudgement, 'blocksSaved' | 'blocksAdded' | 'walBytesAdded'>): number {
  return blocksSaved - blocksAdded - Math.max(0, walBytesAdded) / BLOCK_BYTES;
}

/** What the whole workload costs, in blocks, one of each unit. */
export function wholeCost(measurement: Measurement): number {
  return sumOf(measurement, 'blocks') + sumOf(measurement, 'walBytes') / BLOCK_BYTES;
}

/**
 * Reading statements that need over 10 % more blocks. A block more a row and a call is let pass: an update that writes
 * an index leaves the old version of the row in it, which is read again until VACUUM takes it away.
 */
export function harmedReads(changes: readonly StatementChange[]): StatementChange[] {
  return changes.filter(({ statement, blocksBefore, blocksAfter, rows, calls }) => {
    const added = blocksAfter - blocksBefore;
    return added > MOST_HARM * blocksBefore && added > rows + calls && tablesWritten(statement).size === 0;
  });
}

function isChanged({ blocksBefore, blocksAfter, walBytesBefore, walBytesAfter }: StatementChange): boolean {
  return blocksBefore !== blocksAfter || walBytesBefore !== walBytesAfter;
}

function savedBlocks({ blocksBefore, blocksAfter }: StatementChange): number {
  return blocksBefore - blocksAfter;
}

function sum(changes: readonly StatementChange[], of: (change: StatementChange) => number): number {
  return changes.reduce((total, change) => total + of(change), 0);
}

function lackOfHelp(changes: readonly StatementChange[]): string[] {
  const shares = changes
    .filter((change) => savedBlocks(change) >= LEAST_BLOCKS * change.calls)
    .map((change) => savedBlocks(change) / change.blocksBefore);
  const most = Math.max(0, ...shares);
  if (most >= LEAST_HELP) return [];
  return most === 0
    ? ['no statement needs fewer blocks with it']
    : [
        `the statement it helps most needs ${formatShare(most)} fewer blocks, expected ${formatShare(LEAST_HELP)}`,
      ];
}

/** Reads that are worse than they were at first, and that this index made worse. */
function harm(changes: readonly StatementChange[], sinceFirst: readonly StatementChange[]): string[] {
  const grown = changes.filter((change) => savedBlocks(change) < 0);
  return harmedReads(sinceFirst)
    .filter((one) => grown.some(({ unit, statement }) => unit === one.unit && statement === one.statement))
    .map(
      ({ unit, statement, blocksBefore, blocksAfter }) =>
        `in ${unit}, ${nameStatement(statement)} needs ${formatCount(blocksAfter)} blocks instead of ${formatCount(blocksBefore)}`,
    );
}

function lackOfPay(blocksSaved: number, blocksAdded: number, walBytesAdded: number): string[] {
  const cost = blocksAdded + Math.max(0, walBytesAdded) / BLOCK_BYTES;
  if (blocksSaved >= LEAST_PAY * cost) return [];
  return [
    `it saves ${formatCount(blocksSaved)} blocks and costs ${formatCount(blocksAdded)} blocks and ${formatBytes(Math.max(0, walBytesAdded))} of WAL, expected a saving of ${LEAST_PAY} × the cost`,
  ];
}

function oversize({ bytes, tableBytes }: JudgedIndex): string[] {
  if (bytes <= tableBytes) return [];
  return [`it is larger than its table: ${formatBytes(bytes)} against ${formatBytes(tableBytes)}`];
}

function differences(count: number): string[] {
  return count === 0 ? [] : [`${formatCount(count)} statements gave other rows with it`];
}

function unitSavings(changes: readonly StatementChange[]): UnitSaving[] {
  const byUnit = new Map<string, UnitSaving>();
  for (const { unit, blocksBefore, blocksAfter, walBytesBefore, walBytesAfter } of changes) {
    const known = byUnit.get(unit);
    byUnit.set(unit, {
      unit,
      blocks: (known?.blocks ?? 0) + blocksBefore - blocksAfter,
      walBytes: (known?.walBytes ?? 0) + walBytesBefore - walBytesAfter,
    });
  }
  return [...byUnit.values()].sort((a, b) => b.blocks - a.blocks);
}

import type { CountDifference } from '../experiment-record.ts';
import { formatCount } from '../quantity.ts';
import type { Probe } from '../result.ts';
import { differs, type Observed, observe, type Side, type Sides } from './counted-statements.ts';

/** A difference in how a table is reached, with the table, whose statements it may account for. */
export interface AccessDifference {
  readonly table: string;
  readonly difference: CountDifference;
  /** Share of all scans of a probe that it moves, 0–1. */
  readonly weight: number;
}

/** Scans of one table in sequence, or of one index, in each probe. */
interface Access extends Sides<Observed> {
  readonly table: string;
  readonly index: string | null;
}

/**
 * Indexes that one side used and the other lacks or leaves aside, and tables that are read in sequence more or less
 * often where no index explains it. Empty when a probe counted no scans. Scans are those of a whole probe, warm-up
 * included: the probes must have run the same dispatches.
 */
export function findIndexDifferences(
  probes: Sides<readonly Probe[]>,
  indexes: Sides<readonly string[]>,
): AccessDifference[] {
  const all = [...probes.baseline, ...probes.candidate];
  if (all.some((probe) => probe.scans.length === 0)) return [];
  const accesses = pairAccesses(probes);
  const totalOf = (side: Side) => accesses.reduce((sum, one) => sum + one[side].median, 0);
  const total = Math.max(1, totalOf('baseline'), totalOf('candidate'));
  const tables = [...new Set(accesses.map((access) => access.table))];
  return tables.flatMap((table) => {
    const ofTable = accesses.filter((access) => access.table === table);
    return differencesOfTable(ofTable, indexes).map((difference) => ({
      table,
      difference,
      weight: Math.abs(difference.candidate - difference.baseline) / total,
    }));
  });
}

function pairAccesses(probes: Sides<readonly Probe[]>): Access[] {
  const scans = [...probes.baseline, ...probes.candidate].flatMap((probe) => probe.scans);
  const places = new Map(scans.map(({ table, index }) => [JSON.stringify([table, index]), { table, index }]));
  const observed = (repeats: readonly Probe[], table: string, index: string | null) =>
    observe(
      repeats.map(
        (probe) => probe.scans.find((scan) => scan.table === table && scan.index === index)?.scans ?? 0,
      ),
    );
  return [...places.values()].map(({ table, index }) => ({
    table,
    index,
    baseline: observed(probes.baseline, table, index),
    candidate: observed(probes.candidate, table, index),
  }));
}

/** Missing indexes come first: what they cause in the same table is told with them and not again. */
function differencesOfTable(
  accesses: readonly Access[],
  indexes: Sides<readonly string[]>,
): CountDifference[] {
  const left = accesses.filter((access) => access.index !== null && isUsedByOneOnly(access));
  const lacks = (access: Access) => !indexes[otherSide(access)].includes(access.index ?? '');
  const missing = left.filter(lacks);
  if (missing.length > 0) return missing.map((access) => describeIndex('index-missing', access, accesses));
  const unused = left.filter((access) => insteadOf(access, accesses).length > 0);
  // When the planner prefers one index to another, each is instead of the other: the busier one tells of both.
  const [busiest] = unused.toSorted((a, b) => scansOf(b) - scansOf(a));
  if (busiest) return [describeIndex('index-unused', busiest, accesses)];
  return accesses
    .filter((access) => access.index === null && differs(access.baseline, access.candidate))
    .map(describeSequentialScans);
}

function isUsedByOneOnly({ baseline, candidate }: Access): boolean {
  return (baseline.low > 0 && candidate.high === 0) || (candidate.low > 0 && baseline.high === 0);
}

const scansOf = ({ baseline, candidate }: Access) => Math.max(baseline.median, candidate.median);

function otherSide(access: Access): Side {
  return access.baseline.median > 0 ? 'candidate' : 'baseline';
}

/** The ways into the same table that are taken more often where this index is not used. */
function insteadOf(access: Access, accesses: readonly Access[]): Access[] {
  const less = Math.sign(access.candidate.median - access.baseline.median);
  return accesses.filter(
    (other) =>
      differs(other.baseline, other.candidate) &&
      Math.sign(other.candidate.median - other.baseline.median) === -less,
  );
}

const change = ({ baseline, candidate }: Sides<Observed>) =>
  `${formatCount(baseline.median)} → ${formatCount(candidate.median)}`;

function nameAccess({ table, index }: Access): string {
  return index === null ? `sequential scans of ${table}` : `scans of ${index}`;
}

function describeIndex(
  kind: 'index-missing' | 'index-unused',
  access: Access,
  accesses: readonly Access[],
): CountDifference {
  const [baseline, candidate] = [access.baseline.median, access.candidate.median];
  const lost = baseline > 0;
  const times = `${formatCount(lost ? baseline : candidate)} times a probe`;
  const words = {
    'index-missing': lost ? `is missing: it was used ${times}` : `is no longer missing: it is used ${times}`,
    'index-unused': lost ? `is no longer used: it was, ${times}` : `is used now: ${times} instead of 0`,
  };
  const instead = insteadOf(access, accesses).map((other) => `; ${nameAccess(other)} ${change(other)}`);
  return {
    kind,
    subject: access.index ?? access.table,
    counter: 'index scans a probe',
    baseline,
    candidate,
    sentence: `index ${access.index} ${words[kind]}${instead.join('')}`,
  };
}

function describeSequentialScans(access: Access): CountDifference {
  const [baseline, candidate] = [access.baseline.median, access.candidate.median];
  const words =
    candidate === 0
      ? `${access.table} is no longer read in sequence: it was, ${formatCount(baseline)} times a probe`
      : `${access.table} is read in sequence ${formatCount(candidate)} times a probe instead of ${formatCount(baseline)}`;
  return {
    kind: 'sequential-scans',
    subject: access.table,
    counter: 'sequential scans a probe',
    baseline,
    candidate,
    sentence: words,
  };
}

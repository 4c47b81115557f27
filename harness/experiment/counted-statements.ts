import type { Probe, StatementCost } from '../result.ts';
import { median } from '../statistics/hodges-lehmann.ts';
import { normaliseStatement } from './statement-text.ts';

/** A counter in the repeats of one side. Exact when all of them gave the same number. */
export interface Observed {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** @param values one of each repeat; none is observed as 0 */
export function observe(values: readonly number[]): Observed {
  if (values.length === 0) return { median: 0, low: 0, high: 0 };
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/** Exact counters differ when they are not equal; others only when their ranges have nothing in common. */
export function differs(a: Observed, b: Observed): boolean {
  return a.high < b.low || b.high < a.low;
}

export const STATEMENT_COUNTERS = ['calls', 'rows', 'blocks', 'walBytes'] as const;
export type StatementCounter = (typeof STATEMENT_COUNTERS)[number];

/** What one statement did in a dispatch, over the repeats of one side. */
export type StatementCounts = Readonly<Record<StatementCounter, Observed>>;

/** The same statement on both sides; all zero where it never ran. */
export interface StatementPair {
  /** Normalised. Query ids differ between databases, texts do not. */
  readonly text: string;
  readonly baseline: StatementCounts;
  readonly candidate: StatementCounts;
}

export type Side = 'baseline' | 'candidate';

export interface Sides<T> {
  readonly baseline: T;
  readonly candidate: T;
}

/** The statements of both sides, matched by text, in the order of the baseline's time. */
export function pairStatements(probes: Sides<readonly Probe[]>): StatementPair[] {
  const [baseline, candidate] = [probes.baseline.map(costByText), probes.candidate.map(costByText)];
  const texts = new Set([...baseline, ...candidate].flatMap((costs) => [...costs.keys()]));
  return [...texts].map((text) => ({
    text,
    baseline: countsOf(text, baseline),
    candidate: countsOf(text, candidate),
  }));
}

type Cost = Record<StatementCounter, number>;
const NOTHING: Cost = { calls: 0, rows: 0, blocks: 0, walBytes: 0 };

/** Per dispatch. One text may have several query ids: other roles, other search paths. */
function costByText({ statements, dispatches }: Probe): Map<string, Cost> {
  const costs = new Map<string, Cost>();
  for (const statement of statements) {
    const text = normaliseStatement(statement.text);
    costs.set(text, add(costs.get(text) ?? NOTHING, statement));
  }
  return new Map([...costs].map(([text, cost]) => [text, divide(cost, Math.max(1, dispatches.length))]));
}

function add(cost: Cost, { calls, rows, blocks, walBytes }: StatementCost): Cost {
  return {
    calls: cost.calls + calls,
    rows: cost.rows + rows,
    blocks: cost.blocks + blocks,
    walBytes: cost.walBytes + walBytes,
  };
}

function divide({ calls, rows, blocks, walBytes }: Cost, by: number): Cost {
  return { calls: calls / by, rows: rows / by, blocks: blocks / by, walBytes: walBytes / by };
}

function countsOf(text: string, repeats: readonly ReadonlyMap<string, Cost>[]): StatementCounts {
  const observed = (counter: StatementCounter) =>
    observe(repeats.map((costs) => costs.get(text)?.[counter] ?? 0));
  return {
    calls: observed('calls'),
    rows: observed('rows'),
    blocks: observed('blocks'),
    walBytes: observed('walBytes'),
  };
}

/**
 * How much each difference matters, 0–1: its share of all calls, rows, blocks or WAL bytes of a dispatch, whichever is
 * largest, on the side that has more of them.
 */
export function weightOfStatements(pairs: readonly StatementPair[]): (pair: StatementPair) => number {
  const totalOf = (counter: StatementCounter, side: Side) =>
    pairs.reduce((sum, pair) => sum + pair[side][counter].median, 0);
  const totals = STATEMENT_COUNTERS.map((counter) =>
    Math.max(totalOf(counter, 'baseline'), totalOf(counter, 'candidate')),
  );
  return (pair) =>
    Math.max(
      ...STATEMENT_COUNTERS.map((counter, index) => {
        const change = Math.abs(pair.candidate[counter].median - pair.baseline[counter].median);
        return change / (totals[index] || 1);
      }),
    );
}

import type { ProbedDispatch } from '../result.ts';
import { median as medianOf } from '../statistics/hodges-lehmann.ts';
import type { VariantRuns } from './report-input.ts';

/** The middle value, `null` of nothing. */
export function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianOf(values);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function restOf({ wallMs, loadMs, decideMs, applyMs }: ProbedDispatch): number {
  return Math.max(0, wallMs - loadMs - decideMs - applyMs);
}

type Counter = Exclude<keyof ProbedDispatch, 'companyId' | 'day'>;

/** One dispatch of a variant, alone: every field is the median over runs of a run's mean, as comparisons take it. */
export interface DispatchSummary extends Record<Counter, number> {
  variant: string;
  runs: number;
  dispatches: number;
  /** Smallest and largest count of queries over all probed dispatches. */
  queriesRange: [number, number];
  /** Time of a dispatch outside its three phases: HTTP, transaction start, waiting. Never negative. */
  restMs: number;
}

const COUNTERS: readonly Counter[] = [
  'wallMs',
  'loadMs',
  'decideMs',
  'applyMs',
  'offered',
  'assigned',
  'unassigned',
  'queries',
  'transactionStatements',
  'rows',
  'blocksHit',
  'blocksRead',
  'blocksDirtied',
  'walRecords',
  'walBytes',
  'databaseMs',
];

/** Summary of a variant's probes; `null` when none of its runs has a probed dispatch. */
export function dispatchSummary(group: VariantRuns): DispatchSummary | null {
  const probes = group.runs.flatMap(({ run }) => (run.probe?.dispatches.length ? [run.probe] : []));
  if (probes.length === 0) return null;
  const all = probes.flatMap((probe) => probe.dispatches);
  const medians = Object.fromEntries(
    COUNTERS.map((counter) => [
      counter,
      median(probes.map((probe) => mean(probe.dispatches.map((dispatch) => dispatch[counter])))) ?? 0,
    ]),
  ) as Record<Counter, number>;
  const queries = all.map((dispatch) => dispatch.queries);
  return {
    ...medians,
    variant: group.variant,
    runs: probes.length,
    dispatches: all.length,
    queriesRange: [Math.min(...queries), Math.max(...queries)],
    restMs: median(probes.map((probe) => mean(probe.dispatches.map(restOf)))) ?? 0,
  };
}

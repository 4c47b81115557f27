import type { ProbedDispatch } from '../result.ts';
import { median as medianOf } from '../statistics/hodges-lehmann.ts';
import type { VariantRuns } from './report-input.ts';

/** The middle value, `null` of nothing. */
export function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianOf(values);
}

/** `null` where one of them is not known. */
function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : mean(known);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function restOf({ wallMs, loadMs, decideMs, applyMs }: ProbedDispatch): number | null {
  return loadMs === null || decideMs === null || applyMs === null
    ? null
    : Math.max(0, wallMs - loadMs - decideMs - applyMs);
}

type Phase = 'loadMs' | 'decideMs' | 'applyMs';
type Counter = Exclude<keyof ProbedDispatch, 'offer' | 'companyId' | 'day' | Phase>;

/** One dispatch of a variant, alone: every field is the median over runs of a run's mean, as comparisons take it. */
export interface DispatchSummary extends Record<Counter, number>, Record<Phase | 'restMs', number | null> {
  variant: string;
  runs: number;
  dispatches: number;
  /** Smallest and largest count of queries over all probed dispatches. */
  queriesRange: [number, number];
}

/** As the service times itself, and the time outside of it: HTTP, transaction start, waiting. */
export type PhaseTimes = Readonly<Record<Phase | 'restMs', number>>;

/** Whether the service times its phases: those that are not ours seldom do. */
export function timesItself(summary: DispatchSummary): summary is DispatchSummary & PhaseTimes {
  const { loadMs, decideMs, applyMs, restMs } = summary;
  return [loadMs, decideMs, applyMs, restMs].every((ms) => ms !== null);
}

const COUNTERS: readonly Counter[] = [
  'wallMs',
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
  const medianOfRuns = (of: (dispatch: ProbedDispatch) => number | null) => {
    const means = probes.map((probe) => meanOfKnown(probe.dispatches.map(of)));
    const known = means.filter((value) => value !== null);
    return known.length < means.length ? null : median(known);
  };
  const queries = all.map((dispatch) => dispatch.queries);
  return {
    ...medians,
    variant: group.variant,
    runs: probes.length,
    dispatches: all.length,
    queriesRange: [Math.min(...queries), Math.max(...queries)],
    loadMs: medianOfRuns((dispatch) => dispatch.loadMs),
    decideMs: medianOfRuns((dispatch) => dispatch.decideMs),
    applyMs: medianOfRuns((dispatch) => dispatch.applyMs),
    restMs: medianOfRuns(restOf),
  };
}

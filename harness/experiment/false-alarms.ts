import type { Comparison, ExperimentRecord, FalseAlarms } from '../experiment-record.ts';
import { falseAlarmRate } from '../statistics/false-alarm-rate.ts';
import type { LedgerEntry, LedgerMetric } from '../store/ledger.ts';

/** What the ledger says of one machine. Pure. */
export function falseAlarmsOf(entries: readonly LedgerEntry[], machine: string): FalseAlarms {
  // An experiment too short for an interval could not have raised an alarm.
  const here = entries.filter(
    (entry) =>
      entry.machine === machine &&
      entry.verdict !== 'not-comparable' &&
      entry.metrics.some(({ low }) => low !== null),
  );
  const alarms = here.filter(isFalseAlarm).length;
  const metrics = here.flatMap((entry) => entry.metrics);
  const rate = falseAlarmRate(alarms, here.length);
  return {
    machine,
    experiments: here.length,
    comparisons: metrics.length,
    alarms,
    ratio: rate?.ratio ?? null,
    low: rate?.low ?? null,
    high: rate?.high ?? null,
    misses: metrics.filter(({ low, high }) => low !== null && high !== null && (low > 1 || high < 1)).length,
  };
}

/** Any gate metric that said improved, or regressed and was confirmed: on equal services both are wrong. */
export function isFalseAlarm(entry: LedgerEntry): boolean {
  const undone = entry.unconfirmedVerdict === 'regressed' && entry.verdict !== 'regressed';
  return entry.metrics.some(({ verdict }) => verdict === 'improved' || (verdict === 'regressed' && !undone));
}

/** What the gate of a comparison said, as ledgers keep it. */
export function gateMetrics({ timings }: Comparison): LedgerMetric[] {
  return timings
    .filter((timing) => timing.role === 'gate')
    .map(({ metric, verdict, ratio, low, high, level, noise }) => ({
      metric,
      verdict,
      ratio,
      low,
      high,
      level,
      noise,
    }));
}

/** One comparison of an A/A experiment, for the ledger. */
export function ledgerEntry(
  experiment: Pick<ExperimentRecord, 'id' | 'scenario' | 'plan'>,
  comparison: Comparison,
  facts: { readonly at: string; readonly machine: string; readonly commit: string | null },
): LedgerEntry {
  return {
    ...facts,
    id: experiment.id,
    scenario: experiment.scenario,
    variant: experiment.plan.arms[0]?.variant ?? '',
    openBookingsPerDay: experiment.plan.shape.bookings,
    pairs: comparison.timings.find((timing) => timing.role === 'gate')?.pairs ?? 0,
    verdict: comparison.verdict,
    unconfirmedVerdict: comparison.unconfirmedVerdict,
    metrics: gateMetrics(comparison),
  };
}

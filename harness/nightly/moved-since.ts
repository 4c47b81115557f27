import { TOLD_ONLY } from '../experiment/metrics.ts';
import type { NightRecord, NightScenario, Revision, StoredCounters } from '../night-record.ts';
import { formatCount } from '../quantity.ts';
import type { MeasuredScenario } from './night-scenario.ts';

export interface Tonight {
  readonly target: string;
  readonly branch: string | null;
  readonly reference: Revision;
}

/** A scenario of the night before, that tonight may be laid beside. */
export interface LastNight {
  readonly night: NightRecord;
  readonly scenario: NightScenario;
}

/**
 * The newest night of the same branch in which the scenario was measured against the same reference on the same rows; `null` when there is
 * none. Pure.
 *
 * @param earlier oldest first
 */
export function lastNightOf(
  { scenario, datasetDigest }: Pick<MeasuredScenario, 'scenario' | 'datasetDigest'>,
  earlier: readonly NightRecord[],
  tonight: Tonight,
): LastNight | null {
  const ofBranch = earlier.filter(
    (night) =>
      night.target === tonight.target &&
      night.branch === tonight.branch &&
      isSameRevision(night.reference, tonight.reference),
  );
  for (const night of ofBranch.toReversed()) {
    const found = night.scenarios.find((one) => one.scenario === scenario);
    if (found?.state === 'complete' && found.refusals.length === 0 && found.datasetDigest === datasetDigest)
      return { night, scenario: found };
  }
  return null;
}

export function isSameRevision(one: Revision, other: Revision): boolean {
  return one.commit === other.commit && one.lockfile?.hash === other.lockfile?.hash;
}

/**
 * Why tonight looks slower than the night before, in words; empty when it does not. Two ratios to one reference that have no value in common
 * are a hint and no verdict: they come from two experiments, so a third one has to ask. Pure.
 */
export function movedSince(
  tonight: Pick<MeasuredScenario, 'timings'>,
  stored: StoredCounters,
  last: LastNight,
): string[] {
  const slower = tonight.timings.flatMap(({ role, metric, low }) => {
    const before = last.scenario.timings.find((timing) => timing.role === 'gate' && timing.metric === metric);
    return role === 'gate' && before && low !== null && before.high !== null && low > before.high
      ? [`${metric} is above all that the night before allows`]
      : [];
  });
  const more =
    stored.night === last.night.id
      ? stored.changes.filter(({ metric, before, now }) => now > before && !TOLD_ONLY.includes(metric))
      : [];
  return [
    ...slower,
    ...more.map(({ metric, before, now }) => `${metric} ${formatCount(before)} → ${formatCount(now)}`),
  ];
}

import { groupBy } from '../group-by.ts';
import type { NightRecord, NightScenario, NightTiming, Revision } from '../night-record.ts';
import { missingNights } from './missing-nights.ts';

/** One metric of one scenario of a target on a branch, night by night. */
export interface NightSeries {
  readonly target: string;
  readonly branch: string | null;
  readonly scenario: string;
  readonly metric: string;
  readonly unit: string;
  /** As in the newest night. */
  readonly role: NightTiming['role'];
  /** The band of no interest, ±delta as a ratio, as in the newest night. */
  readonly delta: number;
  /** Oldest first. */
  readonly points: readonly NightPoint[];
  readonly repins: readonly Repin[];
  readonly gaps: readonly SeriesGap[];
}

export interface NightPoint {
  /** Id of the night. */
  readonly night: string;
  /** ISO 8601 instant, UTC. */
  readonly at: string;
  readonly resultId: string | null;
  /** Candidate ÷ reference of this night, measured side by side: more than 1 is slower. */
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly level: number | null;
  readonly verdict: NightTiming['verdict'];
  readonly tooNoisy: boolean;
  /** Commits. */
  readonly reference: string;
  readonly candidate: string;
  /**
   * Candidate ÷ the series' first reference: to look at, never to judge by. `null` where the two references of a re-pin were not
   * measured side by side in any night before it.
   */
  readonly chainedRatio: number | null;
}

/** From this night on the reference is another. */
export interface Repin {
  readonly night: string;
  readonly at: string;
  readonly from: Revision;
  readonly to: Revision;
  /** New ÷ old reference, as the newest night measured in which the new one was the candidate; `null` where none did. */
  readonly link: number | null;
}

/** No ratio, and why. */
export interface SeriesGap {
  /** Id; `null` where there was no night at all. */
  readonly night: string | null;
  readonly at: string;
  readonly reason: string;
}

interface Measured {
  readonly night: NightRecord;
  readonly scenario: NightScenario;
}

/**
 * The series of all nights: one for each target, branch, scenario and metric that any of them has measured, as they first come.
 * Nights that failed or may not be compared are gaps. Pure.
 *
 * @param nights oldest first
 */
export function nightSeries(nights: readonly NightRecord[]): NightSeries[] {
  const measured = nights.flatMap((night) => night.scenarios.map((scenario) => ({ night, scenario })));
  const groups = groupBy(measured, ({ night, scenario }) =>
    JSON.stringify([night.target, night.branch, scenario.scenario]),
  );
  const missing = missingNights(nights);
  return [...groups.values()].flatMap((group) => {
    const metrics = new Set(group.flatMap(({ scenario }) => scenario.timings.map(({ metric }) => metric)));
    const [{ night: first } = {}] = group;
    const absent = missing
      .filter(({ target, branch }) => target === first?.target && branch === first.branch)
      .map(({ after, text }) => ({
        night: null,
        at: nights.find(({ id }) => id === after)?.at ?? '',
        reason: text,
      }));
    return [...metrics].map((metric) => seriesOf(group, metric, absent));
  });
}

function seriesOf(group: readonly Measured[], metric: string, absent: readonly SeriesGap[]): NightSeries {
  const timed = group.map((one) => ({
    ...one,
    timing: one.scenario.timings.find((timing) => timing.metric === metric),
  }));
  const newest = timed.findLast(({ timing }) => timing)?.timing;
  const { night, scenario } = group[0] as Measured; // a group has a member, or it were none
  const points: NightPoint[] = [];
  const repins: Repin[] = [];
  const gaps: SeriesGap[] = [...absent];
  let reference: Revision | null = null;
  let chain: number | null = 1;
  for (const one of timed) {
    const { id, at } = one.night;
    const reason = gapReason(one.scenario, one.timing, metric);
    if (reason !== null || !one.timing) {
      gaps.push({ night: id, at, reason: reason ?? '' });
      continue;
    }
    if (reference !== null && !isSame(reference, one.night.reference)) {
      const link = points.findLast(
        ({ candidate, reference: against }) =>
          candidate === one.night.reference.commit && against === reference?.commit,
      )?.ratio;
      repins.push({ night: id, at, from: reference, to: one.night.reference, link: link ?? null });
      chain = chain === null || link === undefined ? null : chain * link;
    }
    reference = one.night.reference;
    points.push(pointOf(one, one.timing, chain));
  }
  return {
    ...{ target: night.target, branch: night.branch, scenario: scenario.scenario, metric },
    unit: newest?.unit ?? '',
    role: newest?.role ?? 'exploratory',
    delta: newest?.delta ?? 0,
    points,
    repins,
    gaps: gaps.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  };
}

/** With another lockfile the same commit is another service. */
function isSame(a: Revision, b: Revision): boolean {
  return a.commit === b.commit && a.lockfile?.hash === b.lockfile?.hash;
}

function gapReason(
  { state, failure, refusals, verdict }: NightScenario,
  timing: NightTiming | undefined,
  metric: string,
): string | null {
  if (state !== 'complete' || verdict === 'failed') return failure ?? `the night is ${state}`;
  if (verdict === 'not-comparable' || timing?.verdict === 'not-comparable')
    return refusals.length > 0 ? refusals.join('; ') : 'the two sides may not be compared';
  if (!timing) return `${metric} was not measured`;
  return Number.isFinite(timing.ratio) && timing.ratio > 0 ? null : `${metric} has no ratio`;
}

function pointOf({ night, scenario }: Measured, timing: NightTiming, chain: number | null): NightPoint {
  const { ratio, low, high, level, verdict, tooNoisy } = timing;
  return {
    ...{ night: night.id, at: night.at, resultId: scenario.resultId },
    ...{ ratio, low, high, level, verdict, tooNoisy },
    reference: night.reference.commit,
    candidate: night.candidate.commit,
    chainedRatio: chain === null ? null : ratio * chain,
  };
}

import { median } from 'simple-statistics';
import { groupBy } from '../group-by.ts';
import type { NightRecord } from '../night-record.ts';
import { countOf, formatInstant } from '../quantity.ts';

/** Nights that the rhythm of a branch lets expect, and that are not there. */
export interface MissingNights {
  readonly target: string;
  readonly branch: string | null;
  /** Ids of the nights before and after. */
  readonly after: string;
  readonly before: string;
  /** At least 1; estimated from the rhythm. */
  readonly missing: number;
  readonly text: string;
}

/** A distance this many times longer than the usual one is a gap. */
const GAP_FROM = 1.5;
/** Distances from which on a weekday has a rhythm of its own: without nights on weekends, those of Fridays are longer. */
const WEEKDAY_DISTANCES = 3;
/** Distances without which there is no rhythm. */
const FEWEST_DISTANCES = 2;
/** Nights that follow faster were started by hand, one after the other: nobody waits for the next. */
const SHORTEST_RHYTHM_MS = 3_600_000;

/** Gaps in the nights of each target and branch, oldest first. @param nights oldest first. Pure. */
export function missingNights(nights: readonly NightRecord[]): MissingNights[] {
  const branches = groupBy(nights, ({ target, branch }) => JSON.stringify([target, branch]));
  return [...branches.values()].flatMap(gapsOf);
}

interface Distance {
  readonly from: NightRecord;
  readonly to: NightRecord;
  readonly weekday: number;
  readonly ms: number;
}

function gapsOf(nights: readonly NightRecord[]): MissingNights[] {
  const distances = distancesOf(nights);
  if (distances.length < FEWEST_DISTANCES) return [];
  return distances.flatMap((distance) => {
    const usualMs = usualOf(distance, distances);
    const isGap = usualMs >= SHORTEST_RHYTHM_MS && distance.ms > GAP_FROM * usualMs;
    return isGap ? [gapOf(distance, usualMs)] : [];
  });
}

function distancesOf(nights: readonly NightRecord[]): Distance[] {
  return nights.slice(1).flatMap((to, index) => {
    const from = nights[index];
    if (!from) return [];
    const weekday = new Date(from.at).getUTCDay();
    return [{ from, to, weekday, ms: Date.parse(to.at) - Date.parse(from.at) }];
  });
}

function usualOf({ weekday }: Distance, all: readonly Distance[]): number {
  const ofWeekday = all.filter((one) => one.weekday === weekday);
  const taken = ofWeekday.length >= WEEKDAY_DISTANCES ? ofWeekday : all;
  return median(taken.map(({ ms }) => ms));
}

function gapOf({ from, to, ms }: Distance, usualMs: number): MissingNights {
  const missing = Math.max(1, Math.round(ms / usualMs) - 1);
  const where = from.branch === null ? from.target : `${from.target}, ${from.branch}`;
  return {
    target: from.target,
    branch: from.branch,
    after: from.id,
    before: to.id,
    missing,
    text:
      `${where}: between ${formatInstant(from.at)} and ${formatInstant(to.at)} there is no night; ` +
      `by the rhythm of the others an estimated ${countOf(missing, 'night')} ${missing === 1 ? 'is' : 'are'} missing`,
  };
}

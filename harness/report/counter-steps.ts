import { groupBy } from '../group-by.ts';
import type { NightRecord } from '../night-record.ts';
import { formatInUnit } from '../quantity.ts';

/** One exact counter of the candidate over the nights. */
export interface CounterSteps {
  readonly metric: string;
  readonly unit: string;
  /** How many nights counted it. */
  readonly nights: number;
  /** Where it begins, changes and ends; oldest first. */
  readonly points: readonly { readonly at: string; readonly value: number }[];
  readonly changes: readonly CounterChange[];
}

export interface CounterChange {
  readonly night: string;
  readonly at: string;
  readonly commit: string;
  readonly before: number;
  readonly now: number;
}

/**
 * The counters whose repeats agree, in the order of the newest night. A counter is another when it is written another way: bytes of WAL
 * differ by single ones. Pure. @param nights of one target and scenario, oldest first
 */
export function counterSteps(nights: readonly NightRecord[], scenario: string): CounterSteps[] {
  const counted = nights.flatMap((night) => {
    const found = night.scenarios.find((one) => one.scenario === scenario);
    return (found?.counters ?? [])
      .filter(({ repeatsAgree }) => repeatsAgree)
      .map(({ metric, unit, candidate }): Counted => ({ night, metric, unit, value: candidate }));
  });
  return [...groupBy(counted, ({ metric }) => metric).values()].map(stepsOf);
}

interface Counted {
  readonly night: NightRecord;
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
}

function stepsOf(counted: readonly Counted[]): CounterSteps {
  const [first] = counted as [Counted];
  const changes: CounterChange[] = [];
  const points = [{ at: first.night.at, value: first.value }];
  let level = first.value;
  for (const { night, unit, value } of counted) {
    if (formatInUnit(value, unit) === formatInUnit(level, unit)) continue;
    changes.push({
      ...{ night: night.id, at: night.at, commit: night.candidate.commit },
      ...{ before: level, now: value },
    });
    points.push({ at: night.at, value });
    level = value;
  }
  const last = counted.at(-1) as Counted;
  if (points.at(-1)?.at !== last.night.at) points.push({ at: last.night.at, value: level });
  return { metric: first.metric, unit: last.unit, nights: counted.length, points, changes };
}

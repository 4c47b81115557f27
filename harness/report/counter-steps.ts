import { groupBy } from '../group-by.ts';
import type { NightRecord } from '../night-record.ts';

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

/** The counters whose repeats agree, in the order of the newest night. Pure. @param nights of one target and scenario, oldest first */
export function counterSteps(nights: readonly NightRecord[], scenario: string): CounterSteps[] {
  const counted = nights.flatMap((night) => {
    const found = night.scenarios.find((one) => one.scenario === scenario);
    return (found?.counters ?? [])
      .filter(({ repeatsAgree }) => repeatsAgree)
      .map((counter) => ({ night, counter }));
  });
  const byMetric = groupBy(counted, ({ counter }) => counter.metric);
  return [...byMetric].map(([metric, found]) => {
    const changes = found.flatMap(({ night, counter }, index): CounterChange[] => {
      const before = found[index - 1]?.counter.candidate ?? counter.candidate;
      return before === counter.candidate
        ? []
        : [
            {
              ...{ night: night.id, at: night.at, commit: night.candidate.commit },
              ...{ before, now: counter.candidate },
            },
          ];
    });
    const changed = new Set(changes.map(({ night }) => night));
    const points = found
      .filter(({ night }, index) => index === 0 || index === found.length - 1 || changed.has(night.id))
      .map(({ night, counter }) => ({ at: night.at, value: counter.candidate }));
    return { metric, unit: found.at(-1)?.counter.unit ?? '', nights: found.length, points, changes };
  });
}

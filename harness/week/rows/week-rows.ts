import type { Contributions, TaskId, WeekFacts, WeekPlan, WeekRow } from '../../week-record.ts';
import { day1Rows } from './day-1-rows.ts';
import { day2Rows } from './day-2-rows.ts';
import { day3Rows } from './day-3-rows.ts';
import { day4Rows } from './day-4-rows.ts';
import { day5Rows } from './day-5-rows.ts';
import { termsOf } from './goals.ts';
import { leftOpen, openBecause } from './open-because.ts';

/**
 * Every line of the list of the days that were asked for, in their order.
 *
 * @param failures why a task failed, of those that did
 */
export function weekRows(
  facts: WeekFacts,
  contributions: Contributions | null,
  plan: Pick<WeekPlan, 'days' | 'target'>,
  failures: ReadonlyMap<TaskId, string> = new Map(),
): WeekRow[] {
  const terms = termsOf(plan);
  const rows = [
    ...day1Rows(facts, terms),
    ...day2Rows(facts, terms),
    ...day3Rows(facts, terms),
    ...day4Rows(facts, terms),
    ...day5Rows(facts, contributions, terms),
  ];
  return rows
    .filter(({ day }) => plan.days.includes(day))
    .map((row) => leftOpen(row, plan))
    .map((row) => openBecause(row, facts, failures));
}

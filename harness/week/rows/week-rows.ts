import type { Contributions, TaskId, WeekFacts, WeekPlan, WeekRow } from '../../week-record.ts';
import { day1Rows } from './day-1-rows.ts';
import { day2Rows } from './day-2-rows.ts';
import { day3Rows } from './day-3-rows.ts';
import { day4Rows } from './day-4-rows.ts';
import { day5Rows } from './day-5-rows.ts';
import { openBecause } from './open-because.ts';

/**
 * Every line of the list of the days that were asked for, in their order.
 *
 * @param failures why a task failed, of those that did
 */
export function weekRows(
  facts: WeekFacts,
  contributions: Contributions | null,
  { days }: Pick<WeekPlan, 'days'>,
  failures: ReadonlyMap<TaskId, string> = new Map(),
): WeekRow[] {
  const rows = [
    ...day1Rows(facts),
    ...day2Rows(facts),
    ...day3Rows(facts),
    ...day4Rows(facts),
    ...day5Rows(facts, contributions),
  ];
  return rows.filter(({ day }) => days.includes(day)).map((row) => openBecause(row, facts, failures));
}

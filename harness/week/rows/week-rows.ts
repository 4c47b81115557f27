import type { Contributions, WeekFacts, WeekPlan, WeekRow } from '../../week-record.ts';
import { day1Rows } from './day-1-rows.ts';
import { day2Rows } from './day-2-rows.ts';
import { day3Rows } from './day-3-rows.ts';
import { day4Rows } from './day-4-rows.ts';
import { day5Rows } from './day-5-rows.ts';

/** Every line of the week's list, in the order of the days; those of days that were not asked for are open. */
export function weekRows(
  facts: WeekFacts,
  contributions: Contributions | null,
  { days }: Pick<WeekPlan, 'days'>,
): WeekRow[] {
  const rows = [
    ...day1Rows(facts),
    ...day2Rows(facts),
    ...day3Rows(facts),
    ...day4Rows(facts),
    ...day5Rows(facts, contributions),
  ];
  return rows.map((row) =>
    days.includes(row.day)
      ? row
      : { ...row, measured: null, outcome: 'open', reason: `day ${row.day} was not asked for` },
  );
}

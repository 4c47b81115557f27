import type { TaskId, WeekFacts, WeekPlan, WeekRow } from '../../week-record.ts';
import { NOT_RUN, notDone } from './outcome.ts';

/** The task that finds out what a row or a final metric is about, by the id of the row. */
const TASKS: readonly (readonly [task: TaskId, rows: RegExp])[] = [
  ['backup', /^day1\.backup$/],
  ['priorities', /^day1\.priorities$/],
  ['profile', /^day1\./],
  ['indexValue', /^day2\.value$/],
  ['ladder', /^(day2\.benchmark|day3\.(time|equal)|day4\.queries|day5\.(benchmark|contributions|equal))$/],
  ['ladder', /^final\.(dispatch-time|queries|apply-time)$/],
  ['migration', /^(day2\.|final\.indexes$)/],
  ['apply', /^day3\./],
  ['nPlusOne', /^day4\./],
  ['load', /^day5\.load$/],
  ['stress', /^day5\.stress$/],
  ['growth', /^day5\.(growth|history)$/],
  ['profileAfter', /^final\.slow-statements$/],
];

/** @throws Error for a row of no task, which would be a mistake in this table */
export function taskOf(rowId: string): TaskId {
  const found = TASKS.find(([, rows]) => rows.test(rowId));
  if (!found) throw new Error(`no task finds out ${rowId}`);
  return found[0];
}

/** A row that the plan knew would be open, with the reason: the config of the service has not what it needs. */
export function leftOpen<Row extends Pick<WeekRow, 'id' | 'measured' | 'outcome' | 'reason'>>(
  row: Row,
  { target }: Pick<WeekPlan, 'target'>,
): Row {
  const found = target?.leftOut.find(({ rows }) => rows.includes(row.id));
  return found === undefined ? row : { ...row, ...notDone(found.reason) };
}

/** A row that is open for want of a figure, with why there is none: its task failed, was not run, or cannot see it here. */
export function openBecause<Row extends Pick<WeekRow, 'id' | 'outcome' | 'reason'>>(
  row: Row,
  facts: WeekFacts,
  failures: ReadonlyMap<TaskId, string>,
): Row {
  if (row.outcome !== 'open' || row.reason !== NOT_RUN) return row;
  const task = taskOf(row.id);
  const failure = failures.get(task);
  if (failure !== undefined) return { ...row, reason: `its task failed: ${failure}` };
  return facts[task] === null ? row : { ...row, reason: 'it cannot be counted on this server' };
}

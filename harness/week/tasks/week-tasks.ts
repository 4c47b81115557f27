import type { WeekPlan } from '../../week-record.ts';
import { applyTask } from './account-apply.ts';
import { backupTask } from './back-up-and-restore.ts';
import { migrationTask } from './check-migration.ts';
import { ladderTask } from './climb-ladder.ts';
import { nPlusOneTask } from './compare-n-plus-one.ts';
import { growthTask } from './measure-growth-curves.ts';
import { prioritiesTask } from './prioritise-indexes.ts';
import { profileAfterTask, profileTask } from './profile-variant.ts';
import { loadTask, stressTask } from './test-under-load.ts';
import type { WeekTask } from './week-task.ts';
import { indexValueTask } from './weigh-indexes.ts';

/** Everything that is done in a week, in its order. */
const WEEK_TASKS: readonly WeekTask[] = [
  backupTask,
  profileTask,
  prioritiesTask,
  migrationTask,
  indexValueTask,
  ladderTask,
  applyTask,
  profileAfterTask,
  nPlusOneTask,
  loadTask,
  stressTask,
  growthTask,
];

/** The tasks that the days of a plan need, less those that the service has not what they need for. */
export function tasksOf({ days, target }: Pick<WeekPlan, 'days' | 'target'>): WeekTask[] {
  const leftOut = new Set((target?.leftOut ?? []).flatMap(({ tasks }) => tasks));
  return WEEK_TASKS.filter((task) => !leftOut.has(task.id) && task.days.some((day) => days.includes(day)));
}

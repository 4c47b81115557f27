import type { HarnessError } from '../errors.ts';
import { stateAfter } from '../experiment/run-record.ts';
import type { DatasetIdentity, Environment } from '../result.ts';
import type { ResultFolder } from '../store/result-folder.ts';
import type { TaskId, WeekFacts, WeekPlan, WeekRecord } from '../week-record.ts';
import { contributionsOf } from './rows/contributions.ts';
import { finalMetrics } from './rows/final-metrics.ts';
import { weekRows } from './rows/week-rows.ts';
import type { WeekTask } from './tasks/week-task.ts';

/** How a task went. */
export interface TaskEnd {
  readonly failure: string | null;
  readonly wallMs: number;
}

/** Everything a week knows while it is done. Its record can be made of it at any moment. */
export interface WeekState {
  readonly place: ResultFolder;
  readonly plan: WeekPlan;
  readonly tasks: readonly WeekTask[];
  readonly startedAt: string;
  /** When this sitting began, on the monotonic clock. */
  readonly startedMs: number;
  readonly earlierWallMs: number;
  readonly sittings: number;
  readonly ended: Map<TaskId, TaskEnd>;
  facts: WeekFacts;
  dataset: DatasetIdentity | null;
  environment: Environment | null;
  readonly warnings: string[];
}

/** @param failure why it broke off; `null` for a complete one */
export function assembleWeek(state: WeekState, failure: HarnessError | null): WeekRecord {
  const { place, plan, tasks, facts, ended } = state;
  const contributions = facts.ladder ? contributionsOf(facts.ladder) : null;
  const failures = failuresOf(ended);
  return {
    schema: 'rushhour.week/1',
    id: place.id,
    state: stateAfter(failure),
    failure: failure?.message ?? null,
    startedAt: state.startedAt,
    endedAt: new Date().toISOString(),
    wallMs: state.earlierWallMs + performance.now() - state.startedMs,
    sittings: state.sittings,
    plan,
    dataset: state.dataset,
    environment: state.environment,
    tasks: tasks.map(({ id, title, days }) => {
      const end = ended.get(id);
      return {
        ...{ id, title, days: [...days] },
        state: end === undefined ? 'not-run' : end.failure === null ? 'done' : 'failed',
        failure: end?.failure ?? null,
        wallMs: end?.wallMs ?? 0,
      };
    }),
    finalMetrics: finalMetrics(facts, plan, failures),
    rows: weekRows(facts, contributions, plan, failures),
    contributions,
    facts,
    warnings: [...state.warnings],
  };
}

function failuresOf(ended: WeekState['ended']): Map<TaskId, string> {
  return new Map(
    [...ended].flatMap(([id, { failure }]) => (failure === null ? [] : [[id, failure] as const])),
  );
}

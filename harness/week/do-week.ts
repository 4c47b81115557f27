import { HarnessError, messageOf } from '../errors.ts';
import { asHarnessError } from '../experiment/run-record.ts';
import { checkSameGround, groundOf } from '../experiment/same-ground.ts';
import { describeEnvironment } from '../machine/environment.ts';
import { withAdmin } from '../postgres/server.ts';
import { withClone } from '../postgres/templates.ts';
import { type ResultFolder, recordEvent } from '../store/result-folder.ts';
import { type EarlierWeek, writeWeekEnd, writeWeekPlan, writeWeekSoFar } from '../store/week-folder.ts';
import { WARM_UP_DISPATCHES } from '../targets/offer.ts';
import {
  NO_FACTS,
  type TaskId,
  type WeekDay,
  type WeekFacts,
  type WeekPlan,
  type WeekRecord,
} from '../week-record.ts';
import { assembleWeek, type TaskEnd, type WeekState } from './assemble-week.ts';
import { nestedProgress } from './nested-progress.ts';
import type { WeekContext, WeekTask } from './tasks/week-task.ts';
import { tasksOf } from './tasks/week-tasks.ts';
import { leftWords, secondsLeft } from './time-left.ts';

export interface WeekOutcome {
  readonly week: WeekRecord;
  /** Why it broke off, or what a task failed at; `null` when everything was done. */
  readonly failure: HarnessError | null;
}

/**
 * Does a week task by task, and keeps what each has found out at once. A task that fails leaves its rows open and does not keep
 * the others from running; an interruption does.
 *
 * @param earlier what an earlier sitting left; its tasks that ended well are not done again
 */
export async function doWeek(
  context: WeekContext,
  place: ResultFolder,
  earlier: EarlierWeek | null = null,
): Promise<WeekOutcome> {
  const state = openState(context, place, earlier);
  await recordEvent(place.folder, 'sitting began', { sitting: state.sittings, pid: process.pid });
  if (earlier === null) await writeWeekPlan(place.folder, context.plan);
  let failure: HarnessError | null = null;
  try {
    await prepareGround(context, state, earlier);
    await doTasks(context, state);
    context.signal.throwIfAborted();
    failure = failureOf(state);
  } catch (error) {
    failure = context.signal.aborted ? interrupted(place, error) : asHarnessError(error);
  }
  if (failure) await recordEvent(place.folder, 'sitting broke off', { failure: failure.message });
  const week = assembleWeek(state, failure);
  if (failure) await writeWeekSoFar(place.folder, week);
  else await writeWeekEnd(place.folder, week);
  return { week, failure };
}

function openState({ plan }: WeekContext, place: ResultFolder, earlier: EarlierWeek | null): WeekState {
  const soFar = earlier?.soFar ?? null;
  const kept = (soFar?.tasks ?? []).filter((task) => task.state === 'done');
  return {
    ...{ place, plan, tasks: tasksOf(plan) },
    startedAt: soFar?.startedAt ?? new Date().toISOString(),
    startedMs: performance.now(),
    earlierWallMs: soFar?.wallMs ?? 0,
    sittings: (soFar?.sittings ?? (earlier ? 1 : 0)) + 1,
    ended: new Map(kept.map(({ id, wallMs }) => [id as TaskId, { failure: null, wallMs }])),
    facts: soFar?.facts ?? NO_FACTS,
    dataset: soFar?.dataset ?? null,
    environment: soFar?.environment ?? null,
    warnings: [...(soFar?.warnings ?? [])],
  };
}

/** Seeds the dataset of the week, with and without its indexes, and notes what it stands on. */
async function prepareGround(
  { server, target, signal, progress, plan }: WeekContext,
  state: WeekState,
  earlier: EarlierWeek | null,
): Promise<void> {
  const { shape } = plan;
  await progress.step(`Dataset ${shape.profile}`, async (onProgress) => {
    const [first, last] = [plan.ladder.variants[0] ?? 'baseline', plan.ladder.variants.at(-1) ?? 'optimised'];
    const request = { shape, signal, onProgress };
    const prepared = await target.prepareDataset(server, { variant: first, ...request });
    await target.prepareDataset(server, { variant: last, ...request });
    const { template, identity, offers, notes = [] } = prepared;
    if (plan.target !== undefined) requireEnough(plan, offers.length);
    const measured = { target: await target.identityOf(first, signal), template, generators: {} };
    const environment = await withClone(server, template, ({ name }) =>
      withAdmin(server, name, (client) => describeEnvironment(server, client, measured)),
    );
    const then = earlier?.soFar;
    if (then?.dataset && then.environment) {
      const ground = groundOf({ environment: then.environment, dataset: then.dataset });
      state.warnings.push(...checkSameGround(ground, groundOf({ environment, dataset: identity })));
      if (then.environment.target?.configDigest !== environment.target?.configDigest)
        state.warnings.push('Resumed with another config than it was begun with.');
    }
    state.warnings.push(...notes.filter((note) => !state.warnings.includes(note)));
    state.dataset = identity;
    state.environment ??= environment;
  });
}

/** Offers of the reference target are counted by its shape; of others only the dataset can tell. */
function requireEnough({ profile, ladder, growth }: WeekPlan, available: number): void {
  const { counted } = ladder;
  const needed = Math.max(
    profile.warmUp + profile.dispatches,
    counted.warmUp + counted.dispatches,
    WARM_UP_DISPATCHES + ladder.dispatches,
    WARM_UP_DISPATCHES + growth.dispatches,
  );
  if (available >= needed) return;
  throw new HarnessError(
    'BAD_CONFIG',
    `dispatch.offers: expected ${needed} offers or more for a week, got ${available}.`,
    { hint: 'Each dispatch consumes one: let the dataset hold more that is open.' },
  );
}

async function doTasks(context: WeekContext, state: WeekState): Promise<void> {
  for (const [index, task] of state.tasks.entries()) {
    if (state.ended.has(task.id)) continue;
    context.signal.throwIfAborted();
    await doTask(context, state, task);
    const day = dayOf(task, state);
    const next = state.tasks[index + 1];
    if (next === undefined || dayOf(next, state) !== day) tellDay(context, state, day);
  }
}

async function doTask(context: WeekContext, state: WeekState, task: WeekTask): Promise<void> {
  const startedMs = performance.now();
  const end = (failure: string | null): TaskEnd => ({ failure, wallMs: performance.now() - startedMs });
  try {
    const fact = await context.progress.step(titleOf(task, state), (update) =>
      task.run({
        ...context,
        progress: nestedProgress((detail) => update(`${detail} · ${leftOf(state, task, startedMs)} left`)),
      }),
    );
    context.signal.throwIfAborted(); // what was cut short is no fact
    state.facts = { ...state.facts, [task.id]: fact } as WeekFacts;
    state.ended.set(task.id, end(null));
    for (const line of task.lines(fact)) context.progress.note(`    ${line}`);
  } catch (error) {
    if (context.signal.aborted) throw error;
    state.ended.set(task.id, end(messageOf(error)));
    context.progress.note(`  ${task.title} failed: ${messageOf(error)}`);
  }
  await recordEvent(state.place.folder, 'task ended', { task: task.id, ...state.ended.get(task.id) });
  await writeWeekSoFar(state.place.folder, assembleWeek(state, interrupted(state.place)));
}

/** "Day 2 · migration up and down (4 of 12)" */
function titleOf(task: WeekTask, state: WeekState): string {
  const number = state.tasks.indexOf(task) + 1;
  return `Day ${dayOf(task, state)} · ${task.title} (${number} of ${state.tasks.length})`;
}

/** How long the week will go on, in words, while one task is under way. */
function leftOf(state: WeekState, underWay: WeekTask, startedMs: number): string {
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  const tasks = state.tasks.map((task) => {
    const end = state.ended.get(task.id);
    return {
      expectedSeconds: task.expectedSeconds(state.plan),
      tookSeconds: end === undefined ? null : end.wallMs / 1000,
      elapsedSeconds: task === underWay ? elapsedSeconds : 0,
    };
  });
  return leftWords(secondsLeft(tasks));
}

/** The first of the days asked for that needs the task. */
function dayOf({ days }: WeekTask, { plan }: WeekState): WeekDay {
  return days.find((day) => plan.days.includes(day)) ?? plan.days[0] ?? 1;
}

/** What a day came to, as soon as it has ended. */
function tellDay({ progress }: WeekContext, state: WeekState, day: WeekDay): void {
  const { rows } = assembleWeek(state, null);
  const own = rows.filter((row) => row.day === day);
  const passed = own.filter(({ outcome }) => outcome === 'pass');
  progress.note(`  Day ${day}: ${passed.length} of ${own.length} rows pass`);
  for (const { title, outcome, reason } of own) {
    if (outcome !== 'pass') progress.note(`    ${outcome === 'fail' ? '✖' : '○'} ${title}: ${reason}`);
  }
}

function failureOf({ tasks, ended }: WeekState): HarnessError | null {
  const failed = tasks.filter(({ id }) => (ended.get(id)?.failure ?? null) !== null);
  const [first] = failed;
  if (first === undefined) return null;
  return new HarnessError(
    'TASK_FAILED',
    `${failed.length} of ${tasks.length} tasks failed; the first, ${first.title}: ${ended.get(first.id)?.failure}`,
    { hint: '`rushhour week --resume last` does those again and keeps the others.' },
  );
}

function interrupted({ id }: ResultFolder, cause?: unknown): HarnessError {
  return new HarnessError('INTERRUPTED', 'The week was interrupted.', {
    cause,
    hint: `\`rushhour week --resume ${id}\` goes on with it.`,
  });
}

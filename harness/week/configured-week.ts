/** A week on a service that a config describes: its ladder, and what cannot be told of it for want of something in the config. */
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { RushhourConfig, WeekConfig } from '../config/rushhour-config.ts';
import type { Target } from '../targets/target.ts';
import type { TaskId, WeekGoals, WeekTarget } from '../week-record.ts';
import { addedMigration } from './configured-migration.ts';

type LeftOut = WeekTarget['leftOut'][number];

/** @param target with the variants of the config */
export function planConfiguredWeek({ config }: LoadedConfig, week: WeekConfig, target: Target): WeekTarget {
  return {
    name: config.name,
    variants: ladderOf(week),
    leftOut: [
      ...withoutSteps(config, week),
      ...unheard(week, target),
      ...untold(config),
      ...unscaled(target),
      ...withoutTraffic(target),
    ],
    goals: goalsOf(week),
  };
}

/** The variants by their names on the ladder, each with what the one before it has. */
function ladderOf({ baseline, indexes, bulkApply, optimised }: WeekConfig): WeekTarget['variants'] {
  const bulk = indexes === undefined ? 'bulk-apply' : 'indexes+bulk-apply';
  return [
    { name: 'baseline', variant: baseline },
    ...(indexes === undefined ? [] : [{ name: 'indexes', variant: indexes }]),
    ...(bulkApply === undefined ? [] : [{ name: bulk, variant: bulkApply }]),
    { name: 'optimised', variant: optimised },
  ];
}

/** A goal of the config is a change, −0.5 for half of it; time of apply has none, since it is not known. */
function goalsOf({ goals = {} }: WeekConfig): WeekGoals {
  const ratio = (change: number | undefined) => (change === undefined ? null : 1 + change);
  return {
    dispatchRatio: ratio(goals.dispatchTime),
    queriesRatio: ratio(goals.queries),
    queriesBefore: null,
    queriesAfter: null,
    applyRatio: null,
    indexes: goals.indexes ?? null,
    slowStatementsRatio: ratio(goals.slowStatements),
  };
}

function leftOut(reason: string, tasks: readonly TaskId[], rows: readonly string[]): LeftOut {
  return { reason, tasks: [...tasks], rows: [...rows] };
}

const MIGRATION_ROWS = ['presence', 'downgrade', 'repeated', 'data'].map((row) => `day2.${row}`);
const BULK_ROWS = ['time', 'statements', 'commits', 'wal', 'equal'].map((row) => `day3.${row}`);

function withoutSteps(config: RushhourConfig, { baseline, indexes, bulkApply }: WeekConfig): LeftOut[] {
  const found: LeftOut[] = [];
  if (indexes === undefined) {
    const rows = [...MIGRATION_ROWS, 'day2.benchmark', 'day2.value', 'final.indexes'];
    found.push(leftOut('`week.indexes` of the config names no variant', ['migration', 'indexValue'], rows));
  } else {
    const added = addedMigration(config, { from: baseline, to: indexes });
    if (typeof added === 'string')
      found.push(leftOut(added, ['migration'], [...MIGRATION_ROWS, 'final.indexes']));
    else if (typeof added.down === 'string') found.push(leftOut(added.down, [], ['day2.downgrade']));
  }
  if (bulkApply === undefined)
    found.push(leftOut('`week.bulkApply` of the config names no variant', ['apply'], BULK_ROWS));
  if (indexes === undefined && bulkApply === undefined) {
    const reason = 'the config names no variant between baseline and optimised';
    found.push(leftOut(reason, [], ['day5.contributions']));
  }
  const untimed = 'the service does not time the phases of a dispatch';
  return [...found, leftOut(untimed, [], ['day3.time', 'final.apply-time'])];
}

/** Nothing is heard of a service that is not started by the tool. */
function unheard({ baseline, indexes, bulkApply, optimised }: WeekConfig, target: Target): LeftOut[] {
  const heardIn: readonly (readonly [variant: string | undefined, tasks: TaskId[], rows: RegExp])[] = [
    [baseline, ['profile', 'priorities', 'nPlusOne', 'apply'], /^day1|^day4|^day3|slow/],
    [indexes, ['indexValue', 'apply'], /value|^day3/],
    [bulkApply, ['apply'], /^day3/],
    [optimised, ['profileAfter', 'nPlusOne', 'apply'], /^day4|^day3|slow/],
  ];
  return heardIn.flatMap(([variant, tasks, rows]) => {
    const deaf = variant === undefined ? null : target.deafTo(variant);
    if (deaf === null) return [];
    const reason = `the statements of “${variant}” cannot be heard: ${deaf}`;
    return [
      leftOut(
        reason,
        tasks,
        HEARD_ROWS.filter((row) => rows.test(row)),
      ),
    ];
  });
}

const HEARD_ROWS = [
  ...['captured', 'slowest', 'baseline', 'priorities', 'report'].map((row) => `day1.${row}`),
  ...['day2.value', 'day3.statements', 'day3.commits', 'day3.wal'],
  ...['found', 'removed', 'routes', 'equal'].map((row) => `day4.${row}`),
  'final.slow-statements',
];

function untold({ endpoints = {}, outcome }: RushhourConfig): LeftOut[] {
  const lists = Object.values(endpoints).filter(({ page }) => page !== undefined);
  return [
    ...((outcome.answers ?? []).length === 0
      ? [leftOut('`outcome.answers` of the config asks for nothing', [], ['day4.equal'])]
      : []),
    ...(lists.length === 0 ? [leftOut('no endpoint of the config has `page`', [], ['day4.routes'])] : []),
  ];
}

function unscaled({ scales }: Target): LeftOut[] {
  if (scales) return [];
  const reason = 'the dataset of the config has a size of its own, so nothing grows with it';
  const rows = ['day4.found', 'day4.removed', 'day4.routes', 'day5.growth', 'day5.history'];
  return [leftOut(reason, ['growth'], rows)];
}

function withoutTraffic({ scenarios }: Target): LeftOut[] {
  return (['load', 'stress'] as const)
    .filter((wanted) => !scenarios.some(({ name }) => name === wanted))
    .map((name) => leftOut(`the config has no scenario \`${name}\``, [name], [`day5.${name}`]));
}

import path from 'node:path';
import { runOnce } from '../../experiment/run-once.ts';
import { groupBy } from '../../group-by.ts';
import { countOf, formatCount, formatDuration, formatRate, formatShare } from '../../quantity.ts';
import { writeReport } from '../../report/write-report.ts';
import type { LoadTestFact, WeekPlan } from '../../week-record.ts';
import { type FinishedRun, loadTestRuns } from './load-test-fact.ts';
import { type LoadTest, loadTest, type PlannedRun, stressTest } from './load-test-plan.ts';
import { emptyTaskFolder } from './task-folder.ts';
import { weekTarget } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

/** Day 5: an ordinary busy hour, before and after. */
export const loadTask: WeekTask<'load'> = {
  id: 'load',
  title: 'load test',
  days: [5],
  expectedSeconds: ({ load }) => (load.generators.length === 0 ? 0 : 2 * (20 + 45 * load.durationFactor)),
  run: (context) => testUnderLoad(context, loadTest(context)),
  lines: loadTestLines,
};

/** Day 5: steps past the limit and back, of the optimised service; the full week does it to the baseline as well. */
export const stressTask: WeekTask<'stress'> = {
  id: 'stress',
  title: 'stress test',
  days: [5],
  expectedSeconds: stressSeconds,
  run: (context) => testUnderLoad(context, stressTest(context)),
  lines: loadTestLines,
};

const SIZE_OF_ITS_OWN = { bookings: null, drivers: null, history: null } as const;

/** One run of each variant, kept whole in the week's folder with a report of its own. */
async function testUnderLoad(context: WeekContext, test: LoadTest): Promise<LoadTestFact> {
  const { bookings, drivers, history } = context.target.scales ? test.shape : SIZE_OF_ITS_OWN;
  const finished: FinishedRun[] = [];
  for (const run of test.runs)
    if (run.generators.length > 0) finished.push(await runVariant(context, test, run));
  return {
    ...{ scenario: test.scenario, openBookings: bookings, drivers, history },
    runs: loadTestRuns(finished),
    skipped: skippedOf(test, finished),
  };
}

async function runVariant(context: WeekContext, test: LoadTest, planned: PlannedRun): Promise<FinishedRun> {
  const { server, target, signal, progress, plan } = context;
  const { scenario, shape, durationFactor } = test;
  const { variant } = planned;
  const place = await emptyTaskFolder(context, scenario, variant);
  await progress.step(`${scenario} · ${variant} · dataset`, (update) =>
    weekTarget(context, variant, shape, update),
  );
  const run = await runOnce(
    { server, target, signal, progress, label: scenario },
    { ...planned, scenario, shape, durationFactor, rateFactor: 1, randomSeed: plan.randomSeed },
    place,
  );
  await progress.step(`${scenario} · ${variant} · charts and report`, (update) =>
    writeReport({ kind: 'run', run }, path.join(place.folder, 'report'), { onProgress: update }),
  );
  return { folder: place.relative, run };
}

/** Each reason once, though it may be that of several runs. */
function skippedOf({ runs }: LoadTest, finished: readonly FinishedRun[]): LoadTestFact['skipped'] {
  const skipped = [...runs, ...finished.map(({ run }) => run)].flatMap(({ skippedLoads }) => skippedLoads);
  const byReason = groupBy(skipped, ({ generator, reason }) => `${generator} ${reason}`);
  return [...byReason.values()].flatMap(([first]) => first ?? []);
}

function stressSeconds({ mode, load, stress }: WeekPlan): number {
  if (load.generators.length === 0) return 0;
  const { history, bookings, companies, days } = stress.shape;
  const seeding = (history + bookings * companies * days) / 30_000;
  return mode === 'quick'
    ? seeding + 15 + 80 * stress.durationFactor
    : seeding + 60 + 250 * stress.durationFactor;
}

function loadTestLines({ runs, skipped }: LoadTestFact): string[] {
  return [
    ...runs.map(runLine),
    ...skipped.map(({ generator, reason }) => `${generator} left out: ${reason}`),
  ];
}

function runLine(run: LoadTestFact['runs'][number]): string {
  const { dispatches } = run;
  const dispatched =
    dispatches.p50Ms === null
      ? ''
      : `, ${formatCount(dispatches.completed)} of ${countOf(dispatches.started, 'dispatch', 'dispatches')} in ${formatDuration(dispatches.p50Ms)}`;
  const failed = run.thresholds.filter(({ passed }) => !passed).length;
  const judged = failed === 0 ? '' : `, ${countOf(failed, 'threshold')} of ${run.thresholds.length} missed`;
  return `${run.variant}, ${run.generator}: ${formatRate(run.throughputPerSecond)}, ${formatShare(run.errorRatio)} errors${dispatched}${judged}`;
}

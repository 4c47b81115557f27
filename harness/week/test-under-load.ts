import path from 'node:path';
import type { ScenarioName } from '../../scenarios/traffic-plan.ts';
import type { DatasetShape } from '../../seed/profiles.ts';
import { runOnce } from '../experiment/run-once.ts';
import type { LoadGenerator } from '../load-generators/load-generator.ts';
import { countOf, formatCount, formatDuration, formatRate, formatShare } from '../quantity.ts';
import { writeReport } from '../report/write-report.ts';
import type { RunRecord } from '../result.ts';
import type { LoadTestFact, WeekPlan } from '../week-record.ts';
import { type FinishedRun, loadTestRuns } from './load-test-fact.ts';
import { emptyTaskFolder } from './task-folder.ts';
import { entryOf, weekTarget } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

/** Dispatches alone before the load: the report of a run begins with them. */
const PROBE = { warmUp: 1, dispatches: 1 };

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

interface LoadTest {
  readonly scenario: Extract<ScenarioName, 'load' | 'stress'>;
  readonly shape: DatasetShape;
  readonly variants: readonly string[];
  readonly durationFactor: number;
  readonly generators: readonly LoadGenerator[];
  readonly skipped: RunRecord['skippedLoads'];
}

function loadTest({ plan, generators, skippedLoads }: WeekContext): LoadTest {
  return {
    ...{ scenario: 'load', shape: plan.shape, variants: ['baseline', 'optimised'] },
    ...{ durationFactor: plan.load.durationFactor, generators, skipped: skippedLoads },
  };
}

/** Steps of an arrival rate are what a stress test is about; saturation by autocannon is left to the full week. */
function stressTest({ plan, generators, skippedLoads }: WeekContext): LoadTest {
  const quick = plan.mode === 'quick';
  const left = quick ? generators.filter(({ name }) => name === 'autocannon') : [];
  const reason = 'the quick week drives the stress test at arrival rates alone';
  return {
    ...{ scenario: 'stress', shape: plan.stress.shape, durationFactor: plan.stress.durationFactor },
    variants: quick ? ['optimised'] : ['baseline', 'optimised'],
    generators: generators.filter((generator) => !left.includes(generator)),
    skipped: [...skippedLoads, ...left.map(({ name }) => ({ generator: name, reason }))],
  };
}

/** One run of each variant, kept whole in the week's folder with a report of its own. */
async function testUnderLoad(context: WeekContext, test: LoadTest): Promise<LoadTestFact> {
  const { bookings, drivers, history } = test.shape;
  const finished: FinishedRun[] = [];
  for (const variant of test.generators.length === 0 ? [] : test.variants)
    finished.push(await runVariant(context, test, variant));
  return {
    ...{ scenario: test.scenario, openBookings: bookings, drivers, history },
    runs: loadTestRuns(finished),
    skipped: [...test.skipped],
  };
}

async function runVariant(context: WeekContext, test: LoadTest, variant: string): Promise<FinishedRun> {
  const { server, signal, progress, plan } = context;
  const { scenario, shape, generators, durationFactor } = test;
  const place = await emptyTaskFolder(context, scenario, variant);
  await progress.step(`${scenario} · ${variant} · dataset`, (update) =>
    weekTarget(context, variant, shape, update),
  );
  const run = await runOnce(
    { server, signal, progress, label: scenario },
    {
      ...{ scenario, variant, shape, generators, durationFactor, rateFactor: 1 },
      ...{ probe: PROBE, skippedLoads: test.skipped, randomSeed: plan.randomSeed },
      ...entryOf(context, variant),
    },
    place,
  );
  await progress.step(`${scenario} · ${variant} · charts and report`, (update) =>
    writeReport({ kind: 'run', run }, path.join(place.folder, 'report'), { onProgress: update }),
  );
  return { folder: place.relative, run };
}

function stressSeconds({ mode, load, stress }: WeekPlan): number {
  if (load.generators.length === 0) return 0;
  const { history, bookings, companies, days } = stress.shape;
  const seeding = (history + bookings * companies * days) / 30_000;
  return mode === 'quick'
    ? seeding + 15 + 80 * stress.durationFactor
    : seeding + 2 * (60 + 200 * stress.durationFactor);
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

import { changesForestChart } from './charts/changes-forest.ts';
import type { Chart } from './charts/chart.ts';
import { datasetContext } from './charts/context.ts';
import { dispatchPercentilesChart } from './charts/dispatch-percentiles.ts';
import { dispatchPhasesChart } from './charts/dispatch-phases.ts';
import { pairedRatiosChart } from './charts/paired-ratios.ts';
import { variantStyles } from './charts/palette.ts';
import { queriesPerDispatchChart } from './charts/queries-per-dispatch.ts';
import { statementDifferencesChart } from './charts/statement-differences.ts';
import { dispatchSummary } from './dispatch-summary.ts';
import { loadCharts } from './load-charts.ts';
import { completePairs, mainComparison, type ReportInput } from './report-input.ts';
import { roundLine } from './round-summary.ts';
import { sceneOf } from './scene.ts';
import { pairedStatements, statementsPerDispatch } from './statement-costs.ts';

/** The charts of a report by the question they answer. A chart without data is left out, never drawn empty. */
export interface ChartSet {
  counts: Chart[];
  why: Chart[];
  dispatches: Chart[];
  load: Chart[];
  certainty: Chart[];
}

export function chartSet(input: ReportInput): ChartSet {
  const existing = (charts: readonly (Chart | null)[]) => charts.filter((chart) => chart !== null);
  return {
    counts: existing([statementDifferences(input)]),
    why: existing(whyCharts(input)),
    dispatches: existing([dispatchPercentiles(input)]),
    load: existing(loadCharts(sceneOf(input, 'loads'))),
    certainty: existing(certaintyCharts(input)),
  };
}

/** Every chart of the set, in the order of the report. */
export function everyChart({ counts, why, dispatches, load, certainty }: ChartSet): Chart[] {
  return [...counts, ...why, ...dispatches, ...load, ...certainty];
}

function whyCharts(input: ReportInput): (Chart | null)[] {
  const scene = sceneOf(input, 'probe');
  const summaries = scene.groups.flatMap((group) => dispatchSummary(group) ?? []);
  return [queriesPerDispatchChart({ ...scene, summaries }), dispatchPhasesChart({ ...scene, summaries })];
}

function statementDifferences(input: ReportInput): Chart | null {
  if (input.kind === 'run') return null;
  const scene = sceneOf(input, 'probe');
  const named = (name: string) => scene.groups.find(({ variant }) => variant === name);
  const [before, after] = [named(scene.baseline), named(scene.candidate)];
  if (before === undefined || after === undefined) return null;
  const sides = [before, after];
  return statementDifferencesChart({
    ...scene,
    statements: pairedStatements(statementsPerDispatch(before), statementsPerDispatch(after)),
    summaries: sides.flatMap((group) => dispatchSummary(group) ?? []),
  });
}

function dispatchPercentiles(input: ReportInput): Chart | null {
  const scene = sceneOf(input, 'round');
  const sliceSizes = scene.groups.flatMap(({ runs }) =>
    runs.flatMap(({ run }) => run.round?.sliceSize ?? []),
  );
  return dispatchPercentilesChart({
    ...scene,
    context: datasetContext(input) ?? '',
    lines: scene.groups.map(roundLine),
    pairs: completePairs(input, 'pair').length,
    sliceSize: sliceSizes[0] ?? 0,
  });
}

function certaintyCharts(input: ReportInput): (Chart | null)[] {
  if (input.kind === 'run') return [];
  const { comparisons, plan, state, variants } = input.experiment;
  const context = datasetContext(input) ?? '';
  const main = mainComparison(input);
  const forests = comparisons.map((comparison, index) =>
    changesForestChart({
      comparison,
      state,
      context,
      name: index === 0 ? 'changes' : `changes-${index + 1}`,
    }),
  );
  if (main === null) return forests;
  const pairs = {
    count: completePairs(input, 'count'),
    pair: completePairs(input, 'pair'),
    load: completePairs(input, 'load'),
  };
  const styles = variantStyles(variants);
  return [
    ...forests,
    pairedRatiosChart({ comparison: main, pairs, slots: plan.slots, styles, context, name: 'pairs' }),
  ];
}

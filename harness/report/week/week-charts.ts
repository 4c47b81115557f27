import type { LoadTestFact, WeekRecord } from '../../week-record.ts';
import { applyAccountChart } from '../charts/apply-account.ts';
import type { Chart } from '../charts/chart.ts';
import { contextLine, datasetText } from '../charts/context.ts';
import { contributionsChart } from '../charts/contributions.ts';
import { endpointLatencyChart } from '../charts/endpoint-latency.ts';
import { finalMetricsChart } from '../charts/final-metrics.ts';
import { growthChart } from '../charts/growth.ts';
import { indexValueChart } from '../charts/index-value.ts';
import { variantStyles } from '../charts/palette.ts';
import { queriesPerUnitChart } from '../charts/queries-per-unit.ts';
import { slowestStatementsChart } from '../charts/slowest-statements.ts';
import { stressStepsChart } from '../charts/stress-steps.ts';
import { applySides, runSides } from './week-sides.ts';
import { loadDatasetText } from './week-words.ts';

/** The charts of a week by what they show; `null` where there is no fact to draw. */
export interface WeekCharts {
  readonly finalMetrics: Chart | null;
  readonly contributions: Chart | null;
  readonly slowestStatements: Chart | null;
  readonly indexValue: Chart | null;
  readonly apply: Chart | null;
  readonly queriesPerUnit: Chart | null;
  readonly growth: Chart | null;
  readonly load: readonly Chart[];
  readonly stress: readonly Chart[];
}

export function weekCharts({ facts, dataset, finalMetrics, contributions }: WeekRecord): WeekCharts {
  const context = dataset === null ? '' : datasetText(dataset);
  const apply = applySides(facts);
  const pairs = facts.ladder === null ? null : `${facts.ladder.pairs} pairs`;
  return {
    finalMetrics: finalMetricsChart(finalMetrics, contextLine(context, pairs)),
    contributions:
      contributions === null ? null : contributionsChart(contributions, contextLine(context, pairs)),
    slowestStatements: facts.profile === null ? null : slowestStatementsChart(facts.profile, context),
    indexValue: facts.indexValue === null ? null : indexValueChart(facts.indexValue, context),
    apply: apply === null ? null : applyAccountChart(apply, context),
    queriesPerUnit: facts.nPlusOne === null ? null : queriesPerUnitChart(facts.nPlusOne, context),
    growth: facts.growth === null ? null : growthChart(facts.growth.points, ''),
    load: facts.load === null ? [] : latencyChart(facts.load),
    stress: facts.stress === null ? [] : [...latencyChart(facts.stress), ...stepsChart(facts.stress)],
  };
}

/** Every chart that there is, in the order of the final report. */
export function everyWeekChart(charts: WeekCharts): Chart[] {
  return existing(Object.values(charts).flat());
}

/** Of the first generator whose latencies can be set side by side. */
function latencyChart(fact: LoadTestFact): Chart[] {
  const charts = runSides(fact).map(({ before, after }) =>
    before === null
      ? null
      : endpointLatencyChart({ scenario: fact.scenario, before, after }, loadDatasetText(fact)),
  );
  return existing(charts).slice(0, 1);
}

function stepsChart(fact: LoadTestFact): Chart[] {
  const charts = runSides(fact).map(({ before, after, generator }) =>
    stressStepsChart({
      lines: before === null ? [after] : [before, after],
      styles: variantStyles(before === null ? [after.variant] : [before.variant, after.variant]),
      context: contextLine(loadDatasetText(fact), generator),
      baseline: (before ?? after).variant,
      candidate: after.variant,
    }),
  );
  return existing(charts).slice(0, 1);
}

function existing(charts: readonly (Chart | null)[]): Chart[] {
  return charts.filter((chart) => chart !== null);
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTiming } from '../../test/support/comparison-builders.ts';
import { buildExperiment } from '../../test/support/experiment-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import { chartSet, everyChart } from './chart-set.ts';
import type { Chart } from './charts/chart.ts';
import { PHONE_PX, WIDE_PX } from './charts/chart.ts';
import { ratioOverTimeChart } from './charts/ratio-over-time.ts';
import type { ReportInput } from './report-input.ts';
import { storedRatios } from './stored-ratio.ts';

const LADDER = ['baseline', 'indexes', 'bulk-apply', 'eager-loading', 'optimised'];

function experimentInput(...shape: Parameters<typeof buildExperiment>) {
  return { kind: 'experiment', ...buildExperiment(...shape) } as const;
}

function charts(input: ReportInput): Chart[] {
  return everyChart(chartSet(input));
}

function chartNamed(input: ReportInput, name: string): Chart {
  const found = charts(input).find((chart) => chart.name === name);
  assert.ok(found, `no chart "${name}" among ${charts(input).map((chart) => chart.name)}`);
  return found;
}

/** Every object inside a specification. */
function* partsOf(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) for (const item of value) yield* partsOf(item);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* partsOf(inner);
}

function ratioChart(): Chart {
  const [point] = storedRatios(experimentInput());
  assert.ok(point);
  const points = [point, { ...point, machine: 'another' }].map((one, index) => ({
    ...one,
    startedAt: `2026-11-2${index}T02:00:00.000Z`,
  }));
  const { baseline, candidate, metric } = point;
  return ratioOverTimeChart({ scenario: 'load', baseline, candidate, metric, points }, 'ratio-over-time-1');
}

const EVERY_INPUT: ReportInput[] = [
  experimentInput(),
  experimentInput({ variants: LADDER }),
  experimentInput({ pairs: 2, scenario: 'stress' }),
  experimentInput({ parts: ['count'] }),
  experimentInput({ parts: ['pair'] }),
  experimentInput({ parts: ['load'] }),
  { kind: 'run', run: buildRun() },
  { kind: 'run', run: buildRun({ scenario: 'stress' }) },
];

test('no chart computes an interval or a statistic of its own', () => {
  const computed = ['errorbar', 'errorband', 'boxplot'];
  const transforms = [
    'aggregate',
    'joinaggregate',
    'window',
    'density',
    'regression',
    'loess',
    'quantile',
    'bin',
    'impute',
  ];
  for (const chart of [...EVERY_INPUT.flatMap(charts), ratioChart()]) {
    for (const part of partsOf(chart.draw(WIDE_PX))) {
      const mark = typeof part.mark === 'object' ? (part.mark as { type: string } | null)?.type : part.mark;
      assert.ok(!computed.includes(String(mark)), `${chart.name}: mark ${mark}`);
      for (const key of transforms) assert.ok(!(key in part), `${chart.name}: ${key}`);
      assert.ok(!('extent' in part), `${chart.name}: extent`);
    }
    for (const widthPx of [WIDE_PX, PHONE_PX]) {
      const text = JSON.stringify(chart.draw(widthPx));
      assert.doesNotMatch(text, /errorbar|errorband|"?ci[01]\b|"extent"|bootstrap|stderr|stdev/, chart.name);
    }
  }
});

test('a chart without data is left out', () => {
  const bare = buildRun({}, { probe: null, loads: [] });
  assert.deepEqual(charts({ kind: 'run', run: bare }), []);
  assert.deepEqual(charts({ ...experimentInput({}, { comparisons: [] }), runs: [] }), []);
});

test('names are unique in a report and safe as file names', () => {
  for (const input of EVERY_INPUT) {
    const names = charts(input).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z0-9-]+$/);
  }
});

test('every chart says n and dataset and how to read it', () => {
  for (const chart of EVERY_INPUT.flatMap(charts)) {
    assert.match(chart.context, /\d+ (run|pair)/, chart.name);
    assert.match(chart.context, /dataset load: 100 bookings a dispatch, 50 drivers/, chart.name);
    assert.ok(chart.reading.length > 20, chart.name);
  }
});

test('every chart has a drawing for a phone that differs from the one for a desk', () => {
  for (const chart of charts(experimentInput())) {
    assert.notDeepEqual(chart.draw(PHONE_PX), chart.draw(WIDE_PX), chart.name);
  }
});

test('a variant has the same colour in every chart of a report', () => {
  for (const input of [experimentInput(), experimentInput({ variants: LADDER })]) {
    const scales = charts(input).flatMap((chart) =>
      [...partsOf(chart.draw(WIDE_PX))].flatMap((part) => {
        const channel = part.color as { field?: string; scale?: unknown } | undefined;
        return channel?.field === 'variant' ? [JSON.stringify(channel.scale)] : [];
      }),
    );
    assert.ok(scales.length > 3);
    assert.equal(new Set(scales).size, 1);
  }
});

test('queries: the title is the count, and follows it', () => {
  const input = experimentInput();
  assert.equal(
    chartNamed(input, 'queries-per-dispatch').finding,
    'optimised needs 9 queries a dispatch instead of 650',
  );
  for (const { run, variant } of input.runs) {
    if (variant === 'optimised') for (const dispatch of run.probe?.dispatches ?? []) dispatch.queries = 650;
  }
  assert.equal(
    chartNamed(input, 'queries-per-dispatch').finding,
    'optimised needs as many queries a dispatch as baseline: 650',
  );
});

test('queries: counts that differ between dispatches are not called equal', () => {
  const run = buildRun();
  const [first] = run.probe?.dispatches ?? [];
  assert.ok(first);
  assert.match(chartNamed({ kind: 'run', run }, 'queries-per-dispatch').context, /all counts equal/);
  first.queries += 1;
  assert.match(
    chartNamed({ kind: 'run', run }, 'queries-per-dispatch').context,
    /counts differ between dispatches/,
  );
});

test('phases: the title is the time, and follows it', () => {
  const input = experimentInput();
  assert.equal(
    chartNamed(input, 'dispatch-phases').finding,
    'optimised answers a dispatch in 31 ms instead of 1.5 s',
  );
  for (const { run, variant } of input.runs) {
    if (variant === 'optimised') for (const dispatch of run.probe?.dispatches ?? []) dispatch.wallMs = 2000;
  }
  assert.equal(
    chartNamed(input, 'dispatch-phases').finding,
    'optimised answers a dispatch in 2.0 s instead of 1.5 s',
  );
});

test('phases: a run alone names the phase that takes longest', () => {
  const { finding } = chartNamed({ kind: 'run', run: buildRun() }, 'dispatch-phases');
  assert.match(finding, /^baseline takes 1\.5 s for a dispatch, \d+ % of it in load$/);
});

test('latency: the title turns when the latencies do', () => {
  const input = experimentInput();
  assert.match(
    chartNamed(input, 'latency-percentiles').finding,
    /^optimised has a lower p95 at all 6 endpoints: \d+ to \d+ times lower$/,
  );
  for (const { run, variant } of input.runs) {
    for (const endpoint of run.loads.flatMap((load) => load.report.endpoints)) {
      if (endpoint.latency) endpoint.latency.p95Ms = variant === 'optimised' ? 300 : 100;
    }
  }
  assert.equal(
    chartNamed(input, 'latency-percentiles').finding,
    'optimised has a higher p95 at all 6 endpoints',
  );
});

test('latency: dropped arrivals are told as censoring', () => {
  const run = buildRun();
  const [load] = run.loads;
  assert.ok(load);
  load.report.droppedIterations = 37;
  assert.match(
    chartNamed({ kind: 'run', run }, 'latency-percentiles').context,
    /censored: 37 arrivals were dropped/,
  );
});

test('over time: an error adds a panel and a word to the title', () => {
  const run = buildRun();
  const panelsOf = () =>
    (chartNamed({ kind: 'run', run }, 'over-time-k6').draw(WIDE_PX) as unknown as { vconcat: unknown[] })
      .vconcat.length;
  assert.equal(panelsOf(), 2);
  assert.match(chartNamed({ kind: 'run', run }, 'over-time-k6').context, /no errors$/);
  const report = run.loads[0]?.report;
  const point = report?.series[3];
  assert.ok(report && point);
  point.errors = 12;
  report.errors = 12;
  assert.equal(panelsOf(), 3);
  assert.match(chartNamed({ kind: 'run', run }, 'over-time-k6').finding, /0\.5 % errors$/); // 12 of 2400 requests
});

test('stress: the title is about the highest step', () => {
  assert.match(
    chartNamed({ kind: 'run', run: buildRun({ scenario: 'stress' }) }, 'stress-steps').finding,
    /^Asked for 120 iterations\/s, baseline answers 45 requests\/s; p95 is /,
  );
});

test('saturation: the title is a factor while it is one, a share when the candidate answers less', () => {
  const input = experimentInput();
  assert.match(
    chartNamed(input, 'saturation-autocannon').finding,
    /^Saturated, optimised answers \d+× to \d+× as many requests per second as baseline$/,
  );
  for (const { run, variant } of input.runs) {
    for (const phase of run.loads.flatMap((load) => load.report.phases)) {
      phase.throughputPerSecond = variant === 'optimised' ? 90 : 100;
    }
  }
  assert.equal(
    chartNamed(input, 'saturation-autocannon').finding,
    'Saturated, optimised answers 90 % to 90 % of what baseline answers',
  );
});

test('changes: the title counts verdicts, and has none for two pairs or an experiment that broke off', () => {
  assert.match(
    chartNamed(experimentInput(), 'changes').finding,
    /^optimised: dispatch time improved, \d+× to \d+× faster; dispatch p95 improved, \d+× to \d+× faster; of 7 other timings 4 improved, 3 no verdict$/,
  );
  assert.equal(
    chartNamed(experimentInput({ pairs: 2 }), 'changes').finding,
    'optimised against baseline: too few pairs for a verdict',
  );
  assert.equal(
    chartNamed(experimentInput({}, { state: 'interrupted' }), 'changes').finding,
    'optimised against baseline: broken off, so no verdict',
  );
});

test('changes: interval, band and ratio are the fields of the record, throughput turned so that left is better', () => {
  const input = experimentInput();
  const [comparison] = input.experiment.comparisons;
  assert.ok(comparison);
  comparison.timings = [
    buildTiming('time', [0.5, 0.5, 0.5, 0.5, 0.5, 0.4]),
    buildTiming('rate', [2, 2, 2, 2, 2, 4], { higherIsBetter: true, unit: 'requests/s', delta: 0.05 }),
  ];
  const spec = chartNamed(input, 'changes').draw(WIDE_PX) as unknown as {
    data: { values: Record<string, number>[] };
  };
  const row = (metric: string) => spec.data.values.find((value) => String(value.metric) === metric);
  assert.deepEqual([row('time')?.low, row('time')?.ratio, row('time')?.high], [0.4, 0.5, 0.5]);
  assert.deepEqual([row('rate')?.low, row('rate')?.ratio, row('rate')?.high], [1 / 4, 1 / 2, 1 / 2]);
  assert.deepEqual([row('time')?.bandLow, row('time')?.bandHigh], [0.97, 1.03]);
  assert.deepEqual([row('rate')?.bandLow, row('rate')?.bandHigh], [1 / 1.05, 1 / 0.95]);
});

test('pairs: the title says whether the pairs agree', () => {
  const input = experimentInput();
  const [comparison] = input.experiment.comparisons;
  assert.ok(comparison);
  assert.match(chartNamed(input, 'pairs').finding, /^dispatch time: all 6 pairs agree, \d+× to \d+× faster$/);
  comparison.timings = [buildTiming('dispatch time', [0.97, 0.98, 1.02, 0.99, 1.01, 0.96])];
  assert.equal(
    chartNamed(input, 'pairs').finding,
    'dispatch time: better in 4 of 6 pairs (−4.0 % to +2.0 %)',
  );
});

test('pairs: each point knows which variant ran first', () => {
  const spec = chartNamed(experimentInput(), 'pairs').draw(WIDE_PX);
  const rows = [...partsOf(spec)].filter((part) => 'pair' in part && 'first' in part).slice(0, 6);
  assert.deepEqual(
    rows.map((row) => row.first),
    [1, 2, 3, 4, 5, 6].map((pair) => (pair % 2 === 1 ? 'first: baseline' : 'first: optimised')),
  );
});

test('runs that did not end as planned are in no chart of an experiment', () => {
  const input = experimentInput();
  for (const { run, pair } of input.runs) if (pair > 4) run.state = 'interrupted';
  assert.match(chartNamed(input, 'over-time-k6').context, /^4 runs a variant/);
  assert.match(chartNamed(input, 'dispatch-percentiles').context, /^4 pairs of 40 dispatches a side/);
});

test('over time: seconds with few requests are told by their median, not by a p95 of a handful', () => {
  const run = buildRun();
  const report = run.loads[0]?.report;
  assert.ok(report);
  assert.match(
    chartNamed({ kind: 'run', run }, 'over-time-k6').finding,
    /^baseline answers 40\/s with a p95 of /,
  );
  report.throughputPerSecond = 6;
  assert.match(
    chartNamed({ kind: 'run', run }, 'over-time-k6').finding,
    /^baseline answers 6\/s with a median of /,
  );
});

test('a part that was not measured has no chart, and the others keep theirs', () => {
  const names = (parts: ('count' | 'pair' | 'load')[]) =>
    charts(experimentInput({ parts })).map(({ name }) => name);
  assert.deepEqual(names(['count']), [
    'statement-differences',
    'queries-per-dispatch',
    'dispatch-phases',
    'changes',
    'pairs',
  ]);
  assert.deepEqual(names(['pair']), ['dispatch-percentiles', 'changes', 'pairs']);
  assert.deepEqual(names(['load']), [
    'latency-percentiles',
    'over-time-k6',
    'saturation-autocannon',
    'changes',
    'pairs',
  ]);
});

test('statements: the largest difference is the title, and equal statements have no row', () => {
  const chart = chartNamed(experimentInput(), 'statement-differences');
  assert.match(chart.finding, /: 9\d calls a dispatch in baseline, not run at all in optimised$/);
  const same = experimentInput({ variants: ['baseline', 'baseline again'] });
  for (const { run } of same.runs) {
    if (run.probe) run.probe.statements = structuredClone(same.runs[0]?.run.probe?.statements ?? []);
  }
  assert.equal(
    charts(same).some(({ name }) => name === 'statement-differences'),
    false,
  );
});

test('statements: at most twelve rows, and points are the counts of one dispatch', () => {
  const input = experimentInput();
  for (const { run, variant } of input.runs) {
    if (!run.probe) continue;
    run.probe.statements = Array.from({ length: 15 }, (_, index) => ({
      queryId: String(index),
      text: `SELECT ${index}`,
      calls: variant === 'baseline' ? (index + 1) * 5 : 0, // of five dispatches
      rows: 0,
      blocks: 0,
      walBytes: 0,
      databaseMs: 1,
    }));
  }
  const chart = chartNamed(input, 'statement-differences');
  assert.equal(chart.finding, 'SELECT 14: 15 calls a dispatch in baseline, not run at all in optimised');
  assert.match(chart.context, /the 12 largest differences of 15 statements/);
  const calls = (chart.draw(WIDE_PX) as unknown as { hconcat: SpecPanel[] }).hconcat[0]?.layer[1]?.data
    .values;
  assert.equal(calls?.length, 24);
  assert.deepEqual(calls?.[0], { row: 0, name: 'SELECT 14', variant: 'baseline', value: 15 });
});

interface SpecPanel {
  layer: { data: { values: unknown[] } }[];
}

test('dispatches: thin lines end where a pair has no slower dispatch, thick ones are medians over pairs', () => {
  const chart = chartNamed(experimentInput(), 'dispatch-percentiles');
  assert.match(chart.finding, /^A dispatch: p95 is \d+ ms in optimised, 1\.\d s in baseline$/);
  const { data } = chart.draw(WIDE_PX) as unknown as {
    data: { values: { run: string; variant: string; inverse: number }[] };
  };
  assert.equal(new Set(data.values.map(({ run }) => run)).size, 7); // six pairs and their medians
  assert.equal(Math.max(...data.values.map(({ inverse }) => inverse)), 40); // of 40 dispatches one is slower
});

test('changes: what decides stands first, each group sorted by its lower end', () => {
  const input = experimentInput();
  const [comparison] = input.experiment.comparisons;
  assert.ok(comparison);
  const wide = [0.7, 0.9, 0.9, 0.9, 0.9, 1.2];
  comparison.timings = [
    buildTiming('hint', [0.5, 0.5, 0.5, 0.5, 0.5, 0.5], { role: 'exploratory' }),
    buildTiming('narrow', [0.8, 0.8, 0.8, 0.8, 0.8, 0.8]),
    buildTiming('wide', wide),
  ];
  const spec = chartNamed(input, 'changes').draw(WIDE_PX) as unknown as {
    data: { values: { metric: string }[] };
  };
  assert.deepEqual(
    spec.data.values.map(({ metric }) => metric),
    ['wide', 'narrow', 'hint'],
  );
});

test('pairs: only what decides is drawn, on one scale', () => {
  const { concat } = chartNamed(experimentInput(), 'pairs').draw(WIDE_PX) as unknown as {
    concat: { title: { text: string } }[];
  };
  assert.deepEqual(
    concat.map(({ title }) => title.text),
    ['dispatch time', 'dispatch p95'],
  );
  const domains = [...partsOf(concat)].flatMap((part) => (part.type === 'log' ? [String(part.domain)] : []));
  assert.equal(new Set(domains).size, 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison, buildTiming } from '../../test/support/comparison-builders.ts';
import { buildExperiment } from '../../test/support/experiment-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import { RunRecord } from '../result.ts';
import type { ReportInput } from './report-input.ts';
import type { Block, Table } from './view/blocks.ts';
import { type ReportView, reportView } from './view-model.ts';

function experimentInput(...shape: Parameters<typeof buildExperiment>) {
  return { kind: 'experiment', ...buildExperiment(...shape) } as const;
}

function blocksOf(view: ReportView, section: string): readonly Block[] {
  return view.sections.find(({ id }) => id === section)?.blocks ?? [];
}

function tables(view: ReportView): Table[] {
  return view.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'table' ? [block] : [])),
  );
}

function tableNamed(input: ReportInput, start: string): Table {
  const found = tables(reportView(input)).find(({ caption }) => caption.startsWith(start));
  assert.ok(found, `no table "${start}"`);
  return found;
}

/** All text of a section, for what it must or must not say. */
function textOf(view: ReportView, section: string): string {
  return JSON.stringify(blocksOf(view, section));
}

test('a reader meets the verdict, then the reason, the charts, the numbers, their trust, and how to repeat them', () => {
  const view = reportView(experimentInput());
  assert.equal(view.verdicts[0]?.look.word, 'improved');
  assert.deepEqual(
    view.sections.map(({ id }) => id),
    ['counts', 'why', 'dispatches', 'load', 'certainty', 'numbers', 'validity', 'environment', 'reproduce'],
  );
});

test('the comparison with the last variant stands first', () => {
  const view = reportView(experimentInput({ variants: ['baseline', 'indexes', 'optimised'] }));
  assert.deepEqual(
    view.verdicts.map(({ title }) => title),
    ['optimised against baseline', 'indexes against baseline'],
  );
});

test('fewer than six pairs have no verdict and the numbers all the same', () => {
  const view = reportView(experimentInput({ pairs: 5 }));
  assert.equal(view.verdicts[0]?.look.word, 'no verdict');
  assert.match(
    view.verdicts[0]?.basis ?? '',
    /^5 pairs: an interval, and with it a verdict, needs at least 6/,
  );
  assert.equal(view.figures[0]?.after, '30.8 ms');
});

test('an interrupted experiment is headed as incomplete, gives no verdict and shows what was measured', () => {
  const input = experimentInput({ pairs: 8 }, { state: 'interrupted', failure: 'Interrupted by Ctrl-C' });
  const view = reportView({ ...input, runs: input.runs.slice(0, 13) });
  assert.match(
    view.incomplete ?? '',
    /^Incomplete: the experiment was interrupted after 13 runs \(whole pairs: count 2 of 2, pair 4 of 8, load 0 of 6\)/,
  );
  assert.equal(view.verdicts[0]?.look.word, 'no verdict');
  assert.match(view.verdicts[0]?.basis ?? '', /broke off/);
  assert.equal(view.figures[1]?.after, '9');
});

test('an experiment without a run says in every section that nothing was measured', () => {
  const input = experimentInput(
    {},
    { state: 'failed', failure: 'PostgreSQL did not start', comparisons: [], runs: [] },
  );
  const view = reportView({ ...input, runs: [] });
  assert.match(
    view.incomplete ?? '',
    /^Incomplete: the experiment failed after 0 runs .*PostgreSQL did not start/,
  );
  assert.deepEqual(view.verdicts, []);
  assert.ok(view.figures.every(({ after, missing }) => after === null && missing === 'no run was completed'));
  for (const id of ['counts', 'why', 'dispatches', 'load', 'certainty', 'numbers']) {
    assert.deepEqual(
      blocksOf(view, id).map(({ kind }) => kind),
      ['missing'],
      id,
    );
  }
});

test('a run without a probe says so instead of its counts', () => {
  const view = reportView({ kind: 'run', run: buildRun({}, { probe: null }) });
  assert.match(textOf(view, 'why'), /no dispatch was run alone/);
  assert.equal(
    tables(view).some(({ caption }) => caption.startsWith('Counted exactly')),
    false,
  );
  assert.ok(blocksOf(view, 'load').some(({ kind }) => kind === 'chart'));
});

test('a load that was skipped is told with its reason', () => {
  const run = buildRun({}, { loads: [], skippedLoads: [{ generator: 'k6', reason: 'k6 was not found' }] });
  const view = reportView({ kind: 'run', run });
  assert.match(textOf(view, 'load'), /Not measured: k6 was skipped, k6 was not found/);
  assert.match(textOf(view, 'validity'), /Skipped: k6, k6 was not found/);
});

test('the reason names the statement whose calls changed most, and transaction control apart', () => {
  const text = textOf(reportView(experimentInput()), 'why');
  assert.match(text, /Queries: 9 instead of 650 \(0\.09 a booking instead of 6\.5 a booking\)/);
  assert.match(
    text,
    /The statement that shrank most: “SELECT \* FROM client WHERE id = \$1”, a dispatch runs it 100 times in baseline and not at all in optimised/,
  );
  assert.match(text, /Transaction control: 2 of the queries are BEGIN, COMMIT and the like, in baseline 202/);
});

test('unequal work is a refusal, told first and again under trust', () => {
  const refusal = 'pair 3: 96 assignments against 95';
  const comparison = buildComparison('optimised', 6, {
    refusals: [refusal],
    verdict: 'not-comparable',
    headline: `Not comparable: ${refusal}.`,
    equalOutcome: false,
  });
  const view = reportView(experimentInput({}, { comparisons: [comparison] }));
  assert.equal(view.verdicts[0]?.look.word, 'not comparable');
  assert.match(view.verdicts[0]?.sentence ?? '', /96 assignments against 95/);
  assert.match(textOf(view, 'validity'), /a faster wrong answer is a failure/);
});

test('a run is judged by its thresholds', () => {
  const missed = reportView({ kind: 'run', run: buildRun() });
  const met = reportView({ kind: 'run', run: buildRun({ variant: 'optimised' }) });
  assert.deepEqual([missed.verdicts[0]?.look.word, met.verdicts[0]?.look.word], ['missed', 'met']);
  assert.match(missed.verdicts[0]?.sentence ?? '', /limit 250 ms/);
});

test('a threshold of several runs is met only when every run met it', () => {
  const input = experimentInput();
  const threshold = input.runs.find(({ variant, part }) => variant === 'optimised' && part === 'load')?.run
    .loads[0]?.thresholds[0];
  assert.ok(threshold);
  threshold.passed = false;
  const row = tableNamed(input, 'Thresholds').rows.find(
    ([name, variant, generator]) =>
      name === threshold.name && generator === 'k6' && JSON.stringify(variant).includes('optimised'),
  );
  assert.match(JSON.stringify(row?.at(-1)), /missed.*met in 5 of 6 runs/);
});

test('the exact table says that repeats agreed, and gives the range where they did not', () => {
  const input = experimentInput();
  const exact = input.experiment.comparisons[0]?.exact[0];
  assert.ok(exact);
  assert.equal(tableNamed(input, 'Counted exactly').rows[0]?.at(-1), 'equal in every run');
  exact.repeatsAgree = false;
  exact.candidateRange = [9, 11];
  assert.equal(tableNamed(input, 'Counted exactly').rows[0]?.at(-1), 'near-exact: 650 to 650; 9 to 11');
});

test('timings show interval, band and the verdict of the one table of words', () => {
  const table = tableNamed(
    experimentInput(),
    'What decides: optimised against baseline, 6 pairs, intervals at 96.9 %',
  );
  const [metric, verdict, before, after, , interval, equivalence] = table.rows[0] ?? [];
  assert.equal(metric, 'dispatch time (±3 %)');
  assert.match(JSON.stringify(verdict), /"word":"improved"/);
  assert.deepEqual([before, after], ['1.50 s', '30.8 ms']);
  assert.match(String(interval), /^\d+× to \d+× faster$/);
  assert.match(String(equivalence), /^\d+× to \d+× faster$/);
});

test('the tail of an endpoint with too few requests is not told', () => {
  const input = experimentInput();
  for (const { run } of input.runs) {
    for (const endpoint of run.loads.flatMap(({ report }) => report.endpoints)) endpoint.requests = 50;
  }
  const [row] = tableNamed(input, 'Endpoints under k6').rows;
  assert.match(String(row?.at(-2)), /ms$/); // 50 requests carry a p95
  assert.equal(row?.at(-1), 'too few'); // and no p99
});

test('what the platform cannot tell is not measured, not zero', () => {
  const run = buildRun();
  for (const { cpu } of run.loads) cpu.postgresMs = null;
  const row = tableNamed({ kind: 'run', run }, 'Processor time').rows[0];
  assert.equal(row?.[2], 'not measured');
});

test('a run that was not used is listed with its failure', () => {
  const input = experimentInput();
  const last = input.runs.at(-1);
  assert.ok(last);
  last.run.state = 'failed';
  last.run.failure = 'The service ended while it was under load.';
  const view = reportView(input);
  assert.match(
    textOf(view, 'validity'),
    /Part load, pair 6, slot 2 \(baseline\) failed and is not used: The service ended/,
  );
  assert.match(textOf(view, 'validity'), /Whole pairs: count 2 of 2, pair 6 of 6, load 5 of 6/);
  assert.match(JSON.stringify(tableNamed(input, 'The runs').rows.at(-1)), /failed, not used/);
});

test('equal warnings of many runs are told once, with their number', () => {
  const input = experimentInput();
  for (const { run } of input.runs) run.warnings.push('fsync is off');
  assert.match(textOf(reportView(input), 'validity'), /fsync is off \(28 times\)/);
});

test('an environment that changed between runs is told', () => {
  const input = experimentInput();
  const last = input.runs.at(-1);
  assert.ok(last);
  last.run.environment.postgres.settingsHash = 'other';
  assert.match(textOf(reportView(input), 'environment'), /Not the same in every run: PostgreSQL settings/);
});

test('the same record gives the same view, and the record is left as it was', () => {
  const run = buildRun();
  const before = structuredClone(run);
  const [one, other] = [reportView({ kind: 'run', run }), reportView({ kind: 'run', run })];
  assert.equal(JSON.stringify(one), JSON.stringify(other));
  assert.deepEqual(run, before);
  assert.ok(RunRecord.parse(run));
});

test('a part that was not planned is told as not measured, and breaks no section', () => {
  const missing = {
    count: ['dispatches', 'load'],
    pair: ['counts', 'why', 'load'],
    load: ['counts', 'why', 'dispatches'],
  };
  for (const [part, ids] of Object.entries(missing)) {
    const view = reportView(experimentInput({ parts: [part as 'count' | 'pair' | 'load'] }));
    for (const id of ids)
      assert.match(textOf(view, id), /^\[\{"kind":"missing","text":"Not measured: /, `${part}: ${id}`);
    for (const { id, blocks } of view.sections) assert.ok(blocks.length > 0, `${part}: ${id}`);
  }
});

test('an experiment of counts alone has figures of its counts and says its differences first', () => {
  const view = reportView(experimentInput({ parts: ['count'] }));
  assert.deepEqual(
    view.figures.map(({ label, after }) => [label, after]),
    [
      ['Queries per dispatch', '9'],
      ['Rows per dispatch', '812'],
      ['Blocks per dispatch', '2,529'],
      ['WAL bytes per dispatch', '80.1 kB'],
    ],
  );
  assert.match(
    textOf(view, view.sections[0]?.id ?? ''),
    /Baseline asks for the client of every booking one by one/,
  );
  assert.equal(view.verdicts[0]?.gate, null);
});

test('a metric too noisy to judge is listed as such and carries no verdict for or against a change', () => {
  const reason = 'could be −9 % to +11 %; 40 more pairs for ±3 %';
  const noisy = buildTiming('dispatch p95', [0.91, 1, 1.02, 0.99, 1.04, 1.11], {
    ...{ tooNoisy: true, detectableRatio: 1.31, verdict: 'inconclusive', reason },
  });
  const comparison = buildComparison('optimised', 6, { timings: [noisy], verdict: 'inconclusive' });
  const input = experimentInput({}, { comparisons: [comparison] });
  const [row] = tableNamed(input, 'Too noisy to judge').rows;
  assert.deepEqual([row?.[0], row?.at(-2), row?.at(-1)], ['dispatch p95 (decides)', 'a 31 % change', reason]);
  assert.equal(reportView(input).verdicts[0]?.look.word, 'inconclusive');
  const decided = { ...noisy, verdict: 'equivalent' as const };
  assert.throws(() =>
    tableNamed(experimentInput({}, { comparisons: [{ ...comparison, timings: [decided] }] }), 'Too noisy'),
  );
});

test('exploratory metrics stand in a table of their own, with p and q last', () => {
  const { columns, rows } = tableNamed(experimentInput(), 'Exploratory: optimised against baseline');
  assert.deepEqual(
    columns.slice(-2).map(({ heading }) => heading),
    ['p', 'q'],
  );
  assert.equal(rows.length, 7);
  assert.deepEqual(rows[0]?.slice(-2), ['0.031', '0.040']);
});

test('pairs that were measured again are told with their cause, and sittings with their number', () => {
  const invalidPairs = [{ part: 'pair' as const, pair: 3, cause: 'the service restarted' }];
  const text = textOf(reportView(experimentInput({}, { sittings: 3, invalidPairs })), 'validity');
  assert.match(text, /Pair 3 of part pair was measured again: the service restarted/);
  assert.match(text, /81 % of 2 min 31 s under load, resumed twice, 1 pair measured again/);
});

test('what is odd about the pairs is told in words and numbers', () => {
  const input = experimentInput();
  const timing = input.experiment.comparisons[0]?.timings[0];
  assert.ok(timing?.diagnostics);
  timing.diagnostics.flags.push('the slot effect leaves out 0');
  timing.tAgrees = false;
  const text = textOf(reportView(input), 'validity');
  assert.match(text, /dispatch time: the slot effect leaves out 0/);
  assert.match(text, /dispatch time: outlier pairs/);
  assert.deepEqual(tableNamed(input, 'The pairs of what decides').rows[0]?.slice(2), [
    '2 %',
    '0.05',
    '+0.2 % [−0.4 % to +0.7 %]',
    '0.0 % [−0.1 % to +0.1 %]',
    'does not agree',
  ]);
});

test('stopping at an early look is told as decided, not as pairs that are missing', () => {
  const input = experimentInput();
  const [comparison] = input.experiment.comparisons;
  assert.ok(comparison?.family.look);
  Object.assign(comparison.family.look, { number: 1, of: 3 });
  assert.match(textOf(reportView(input), 'validity'), /decided at look 1 of 3, so no more pairs were needed/);
});

test('a change made on purpose is told with the verdict, so that it is not read as a defect', () => {
  const input = experimentInput();
  const arm = input.experiment.plan.arms[1];
  assert.ok(arm);
  arm.changes = { injectedSlowdownRatio: 0.05, droppedIndexes: ['booking_day'] };
  assert.equal(
    reportView(input).verdicts[0]?.remarks[0],
    'Changed on purpose in optimised: every request slowed down by 5 %, index booking_day dropped.',
  );
});

test('of a service that does not time its phases, the time of a dispatch alone has no columns for them', () => {
  const input = experimentInput();
  const headed = ({ columns }: Table) => columns.map(({ heading }) => heading);
  assert.deepEqual(headed(tableNamed(input, 'Time of one dispatch alone')), [
    ...['Variant', 'Dispatch', 'Load', 'Decide', 'Apply', 'Rest', 'Database'],
  ]);
  const silent = input.runs.map((placed) => {
    const { probe } = placed.run;
    if (!probe) return placed;
    const dispatches = probe.dispatches.map((one) => ({
      ...one,
      ...{ loadMs: null, decideMs: null, applyMs: null },
    }));
    return { ...placed, run: { ...placed.run, probe: { ...probe, dispatches } } };
  });
  assert.deepEqual(headed(tableNamed({ ...input, runs: silent }, 'Time of one dispatch alone')), [
    ...['Variant', 'Dispatch', 'Database'],
  ]);
});

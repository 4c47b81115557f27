import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison, buildTiming } from '../../test/support/comparison-builders.ts';
import { buildExperiment, NO_LEDGER } from '../../test/support/experiment-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import type { Comparison, Confirmation } from '../experiment-record.ts';
import { headlineLines } from './headline.ts';

function experimentInput(...shape: Parameters<typeof buildExperiment>) {
  return { kind: 'experiment', ...buildExperiment(...shape) } as const;
}

function linesOf(comparison: Comparison): string[] {
  return headlineLines(experimentInput({}, { comparisons: [comparison] }));
}

/** Ten pairs that are about `ratio`, the interval from 2 % below to 2 % above. */
function timing(metric: string, ratio: number, overrides: Parameters<typeof buildTiming>[2] = {}) {
  const ratios = Array.from({ length: 10 }, (_, index) => ratio * (0.98 + (0.04 * index) / 9));
  return buildTiming(metric, ratios, { level: 0.9875, ...overrides });
}

const REGRESSED: Partial<Comparison> = {
  verdict: 'regressed',
  unconfirmedVerdict: 'regressed',
  timings: [
    timing('dispatch time', 1.1),
    timing('dispatch p95', 1.2),
    timing('database time per dispatch', 1, { verdict: 'equivalent' }),
  ],
};

test('the first line is the verdict, the worst metric that decides, its change, interval, level, pairs and look', () => {
  const look = { number: 2, of: 3, pairs: 10, level: 0.9875, equivalenceLevel: 0.9 };
  const comparison = buildComparison('optimised', 10, REGRESSED);
  comparison.family.look = look;
  assert.equal(
    linesOf(comparison)[0],
    'REGRESSED  dispatch p95 +20.3 % (98.8 % interval +17.6 % to +22.4 %, 10 pairs, look 2 of 3)   baseline → optimised',
  );
});

test('whether a second experiment agreed stands in the first line', () => {
  const second: Confirmation = {
    folder: 'confirmation',
    verdict: 'regressed',
    agreed: true,
    headline: 'dispatch p95 +19 %.',
    pairs: 16,
  };
  const confirmed = buildComparison('optimised', 10, { ...REGRESSED, confirmation: second });
  assert.match(linesOf(confirmed)[0] ?? '', /^REGRESSED .*; confirmed by a second experiment, 16 pairs {3}/);
  const disproved = buildComparison('optimised', 10, {
    ...REGRESSED,
    verdict: 'inconclusive',
    confirmation: { ...second, agreed: false, verdict: 'equivalent', headline: 'dispatch p95 +0.4 %.' },
  });
  const lines = linesOf(disproved);
  assert.match(
    lines[0] ?? '',
    /^INCONCLUSIVE .*; not confirmed: a second experiment of 16 pairs says equivalent, dispatch p95 \+0\.4 % {3}/,
  );
  assert.doesNotMatch(lines.join('\n'), /✖|regressed \(/);
});

test('an inconclusive verdict says what could be and how many more pairs would tell', () => {
  const reason = 'could be −2 % to +9 %; 14 more pairs for ±3 %';
  const timings = [timing('dispatch time', 1.03, { verdict: 'inconclusive', reason, tooNoisy: true })];
  const lines = linesOf(
    buildComparison('optimised', 10, {
      verdict: 'inconclusive',
      unconfirmedVerdict: 'inconclusive',
      timings,
    }),
  );
  assert.ok(lines[0]?.includes(`; ${reason}   baseline → optimised`), lines[0]);
  assert.ok(lines.includes('too noisy to judge: dispatch time'));
});

test('counts, the metrics that decide, and what the pairs could have shown follow in this order', () => {
  const lines = headlineLines(experimentInput());
  const starts = [
    'IMPROVED  ',
    'exact  queries/dispatch 650 → 9 · rows 5,420 → 812',
    '  metric  ',
    '  dispatch time  ',
  ];
  for (const [index, start] of starts.entries()) assert.ok(lines[index]?.startsWith(start), lines[index]);
  assert.match(lines[3] ?? '', /1\.50 s +30\.8 ms +\d+× faster +\d+× to \d+× faster +✔ improved \(±3 %\)$/);
  assert.match(
    lines.join('\n'),
    /dispatch time: these pairs would have told a 2\.1 % change from none, and called a 5\.1 % slowdown regressed/,
  );
});

test('the false alarms of this machine are told with their interval, or that nobody counted them', () => {
  const counted = headlineLines(
    experimentInput(
      {},
      {
        falseAlarms: { ...NO_LEDGER, experiments: 212, alarms: 3, ratio: 3 / 212, low: 0.0029, high: 0.0408 },
      },
    ),
  ).join('\n');
  assert.match(
    counted,
    /this machine: 3 false alarms in 212 A\/A experiments \(1\.4 %, CI 0\.3–4\.1 %\) · slot effect \+0\.2 % \[−0\.4 % to \+0\.7 %\] · lag-1 0\.05 · seed 8124/,
  );
  assert.match(
    headlineLines(experimentInput()).join('\n'),
    /no A\/A experiment has been made on this machine yet: `rushhour calibrate` measures its false alarm rate/,
  );
});

test('the share of time under load, sittings and pairs that were measured again are told', () => {
  const invalidPairs = [{ part: 'pair' as const, pair: 3, cause: 'the service restarted' }];
  assert.equal(
    headlineLines(experimentInput({}, { sittings: 2, invalidPairs })).at(-1),
    '81 % of 2 min 31 s under load, resumed once, 1 pair measured again',
  );
});

test('an experiment of counts alone is told by its counts, statement by statement', () => {
  const lines = headlineLines(experimentInput({ parts: ['count'] }));
  assert.match(lines[0] ?? '', /^IMPROVED {2}a dispatch of optimised is faster than one of baseline {3}/);
  assert.match(lines[1] ?? '', /^exact {2}queries\/dispatch 650 → 9/);
  assert.match(lines[2] ?? '', /^ {2}- Baseline asks for the client of every booking one by one/);
  assert.doesNotMatch(lines.join('\n'), /interval|A\/A|not measured/);
});

test('counts that are equal are one sign, and counts whose repeats differed are marked', () => {
  const comparison = buildComparison('indexes');
  const [queries, rows] = comparison.exact;
  assert.ok(queries && rows);
  rows.repeatsAgree = false;
  assert.match(
    linesOf(comparison).join('\n'),
    /exact {2}queries\/dispatch = · rows ≈ = · blocks = · WAL bytes /,
  );
});

test('unequal work is told first, and no time of it', () => {
  const comparison = buildComparison('optimised', 6, {
    refusals: ['pair 3: 96 assignments against 95.'],
    verdict: 'not-comparable',
    equalOutcome: false,
  });
  const said =
    'NOT COMPARABLE  optimised and baseline did not write the same: a faster wrong answer is a failure; pair 3: 96 assignments against 95   baseline → optimised';
  const lines = linesOf(comparison);
  assert.equal(lines[0], said);
  assert.doesNotMatch(lines.join('\n'), /faster \(|× faster|improved/);
  const broken = headlineLines(
    experimentInput({}, { comparisons: [comparison], state: 'failed', failure: 'x' }),
  );
  assert.match(broken[0] ?? '', /^Incomplete: /);
  assert.equal(broken[1], said);
});

test('a ladder tells its last step first and every other in a line', () => {
  const lines = headlineLines(experimentInput({ variants: ['baseline', 'indexes', 'optimised'] }));
  assert.match(lines[0] ?? '', /baseline → optimised$/);
  assert.equal(lines.filter((line) => /^IMPROVED .* baseline → indexes$/.test(line)).length, 1);
});

test('the headline has no colour and no line break inside a line', () => {
  for (const line of headlineLines(experimentInput())) {
    assert.ok(!line.includes('\u001b') && !line.includes('\n'), JSON.stringify(line));
  }
});

test('two pairs give no verdict and no interval', () => {
  const lines = headlineLines(experimentInput({ pairs: 2 }));
  assert.match(lines[0] ?? '', /^NO VERDICT {2}2 pairs, at least 6 are needed: dispatch time /);
  assert.doesNotMatch(lines.join('\n'), /% interval|IMPROVED/);
});

test('of metrics that share the chance of a false alarm, each needs more pairs', () => {
  const { experiment } = experimentInput({ pairs: 6 });
  const [look] = experiment.plan.looks;
  assert.ok(look);
  const [comparison] = experiment.comparisons;
  assert.ok(comparison);
  const timings = comparison.timings.map((timing) => ({ ...timing, low: null, high: null }));
  const lines = headlineLines(
    experimentInput(
      { pairs: 6 },
      {
        plan: { ...experiment.plan, looks: [{ ...look, level: 0.975 }] },
        comparisons: [{ ...comparison, verdict: 'inconclusive', timings }],
      },
    ),
  );
  // 2 / 2^6 = 0.031 is above 0.025, 2 / 2^7 is not
  assert.match(lines[0] ?? '', /^NO VERDICT {2}6 pairs, at least 7 are needed: /);
});

test('an interrupted experiment says first that it is incomplete, and what of each part was done', () => {
  const input = experimentInput({}, { state: 'interrupted', failure: 'Interrupted by Ctrl-C' });
  const [first] = headlineLines({ ...input, runs: input.runs.slice(0, 7) });
  assert.equal(
    first,
    'Incomplete: the experiment was interrupted after 7 runs (whole pairs: count 2 of 2, pair 1 of 6, load 0 of 6). Interrupted by Ctrl-C.',
  );
});

test('what was not measured is said with its reason', () => {
  const run = buildRun(
    {},
    { probe: null, loads: [], skippedLoads: [{ generator: 'k6', reason: 'k6 was not found' }] },
  );
  const text = headlineLines({ kind: 'run', run }).join('\n');
  assert.match(text, /Dispatch time .*not measured \(no dispatch was probed\)/);
  assert.match(text, /Latency under load .*not measured \(k6 was skipped: k6 was not found\)/);
});

test('a run is told by its thresholds', () => {
  const [first] = headlineLines({ kind: 'run', run: buildRun({ variant: 'optimised' }) });
  assert.equal(first, 'optimised under load: All 4 thresholds met.');
});

test('with too few requests for a p95 the median is told', () => {
  const input = experimentInput();
  for (const { run } of input.runs) {
    for (const load of run.loads) for (const endpoint of load.report.endpoints) endpoint.requests = 7;
  }
  const text = headlineLines(input).join('\n');
  assert.match(text, /GET \/api\/v1\/bookings median \(k6\)/);
  assert.doesNotMatch(text, /GET .* p95/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRun } from '../../test/support/run-builders.ts';
import type { Confirmation, Part } from '../experiment-record.ts';
import type { Round, RunRecord } from '../result.ts';
import { agreeOnRegression, type ComparisonPlan, compareArms, type SlotRun } from './compare-arms.ts';
import { CPU_TIME, DISPATCH_TIME } from './metrics.ts';

const names = { baseline: 'baseline', candidate: 'optimised' };

const plan = (overrides: Partial<ComparisonPlan> = {}): ComparisonPlan => ({
  parts: ['count', 'pair'],
  looks: [{ pairs: 10, level: 0.99, equivalenceLevel: 0.98 }],
  gate: [DISPATCH_TIME],
  alpha: 0.05,
  ...overrides,
});

/** A round of ten dispatches that all take this long, with half of it CPU time. */
function roundOf(dispatchMs: number, cpuMs = dispatchMs / 2): Round {
  return {
    warmUpDispatches: 1,
    sliceSize: 1,
    slices: Array.from({ length: 10 }, (_, position) => ({
      position,
      startedMs: 0,
      dispatchMs: [dispatchMs],
    })),
    dispatches: 10,
    assigned: 960,
    phases: { loadMs: dispatchMs * 5, decideMs: dispatchMs, applyMs: dispatchMs * 4 },
    pairLoadMs: 1000,
    databaseMs: dispatchMs * 6,
    queries: 90,
    serviceCpuMs: cpuMs * 5,
    backendCpuMs: cpuMs * 5,
  };
}

function slotsOf(part: Part, pair: number, runs: readonly [RunRecord, RunRecord]): SlotRun[] {
  const order = pair % 2 === 0 ? [0, 1] : [1, 0]; // counterbalanced
  return order.map((side, index) => {
    const run = runs[side as 0 | 1];
    return { part, pair, slot: index + 1, variant: run.variant, run };
  });
}

/** Pairs in which the candidate takes `ratio` times as long. */
const pairsOf = (ratios: readonly number[], overrides: Partial<RunRecord> = {}): SlotRun[] =>
  ratios.flatMap((ratio, index) =>
    slotsOf('pair', index + 1, [
      buildRun({ variant: 'baseline' }, { round: roundOf(100), probe: null, loads: [] }),
      buildRun(
        { variant: 'optimised' },
        { round: roundOf(100 * ratio), probe: null, loads: [], ...overrides },
      ),
    ]),
  );

/** Two repeats of equal counts on both sides. */
const counted = (candidate: Partial<RunRecord> = {}): SlotRun[] =>
  [1, 2].flatMap((pair) =>
    slotsOf('count', pair, [
      buildRun({ variant: 'baseline' }, { loads: [] }),
      { ...buildRun({ variant: 'baseline' }, { loads: [] }), variant: 'optimised', ...candidate },
    ]),
  );

const around = (centre: number) =>
  [0.996, 1.004, 0.998, 1.002, 1, 0.997, 1.003, 0.999, 1.001, 1].map((one) => one * centre);

const gateOf = (comparison: ReturnType<typeof compareArms>) => {
  const gate = comparison.timings.find((timing) => timing.role === 'gate');
  assert.ok(gate);
  return gate;
};

test('ten pairs that all take half the time are an improvement, on the scale of ratios', () => {
  const comparison = compareArms(names, plan(), pairsOf(around(0.5)));
  const gate = gateOf(comparison);
  assert.equal(comparison.verdict, 'improved');
  assert.ok(Math.abs(gate.ratio - 0.5) < 0.002);
  assert.ok(gate.low !== null && gate.high !== null && gate.low > 0.49 && gate.high < 0.51);
  // At 99 % and n = 10 the ends are counted in from the third smallest sum: 6 of the 1024 sign patterns lie outside.
  assert.ok((gate.level ?? 0) >= 0.99);
});

test('the same the other way round is a regression of the same size', () => {
  const forth = gateOf(compareArms(names, plan(), pairsOf(around(0.5))));
  const back = compareArms({ baseline: 'optimised', candidate: 'baseline' }, plan(), pairsOf(around(0.5)));
  assert.equal(back.verdict, 'regressed');
  assert.ok(Math.abs(gateOf(back).ratio * forth.ratio - 1) < 1e-9);
});

test('differences around nothing are equivalent when narrow and inconclusive when wide, with what it could be', () => {
  assert.equal(compareArms(names, plan(), pairsOf(around(1))).verdict, 'equivalent');
  const wide = [1.3, 0.7, 1.2, 0.8, 1.1, 0.9, 1.25, 0.75, 1.15, 0.85];
  const comparison = compareArms(names, plan(), pairsOf(wide));
  assert.equal(comparison.verdict, 'inconclusive');
  assert.match(
    gateOf(comparison).reason,
    /^could be −\d+\.\d % to \+\d+\.\d %; about \d+ more pairs for ±3 %$/,
  );
});

test('between two looks nothing is decided, however clear the pairs', () => {
  const comparison = compareArms(names, plan(), pairsOf(around(0.5).slice(0, 9)));
  assert.equal(comparison.verdict, 'inconclusive');
  assert.equal(comparison.family.look, null);
  assert.match(gateOf(comparison).reason, /9 pairs are between two looks/);
});

test('the verdict is the worst of the gate', () => {
  const twoMetrics = plan({ gate: [DISPATCH_TIME, CPU_TIME] });
  const faster = pairsOf(around(0.5)).map((slot) =>
    slot.variant === 'optimised' ? { ...slot, run: { ...slot.run, round: roundOf(50, 100) } } : slot,
  );
  const comparison = compareArms(names, twoMetrics, faster); // half the time, twice the processor: 50 → 100 ms
  assert.deepEqual(
    comparison.timings.filter((one) => one.role === 'gate').map((one) => one.verdict),
    ['improved', 'regressed'],
  );
  assert.equal(comparison.verdict, 'regressed');
});

test('a stall in one dispatch moves the mean of its pair and not the centre of the ratios', () => {
  const pairs = pairsOf(around(1)).map((slot) => {
    if (slot.variant !== 'optimised' || slot.pair !== 3 || !slot.run.round) return slot;
    const [first, ...others] = slot.run.round.slices;
    const slices = [{ position: 0, startedMs: 0, dispatchMs: [5_000] }, ...others];
    assert.ok(first);
    return { ...slot, run: { ...slot.run, round: { ...slot.run.round, slices } } };
  });
  const { timings } = compareArms(names, plan(), pairs);
  const ratioOf = (metric: string) => timings.find((one) => one.metric === metric)?.ratios[2] ?? Number.NaN;
  assert.ok(Math.abs(ratioOf(DISPATCH_TIME) - 0.998) < 1e-9); // the third of `around(1)`
  assert.ok(ratioOf('dispatch time, mean') > 5); // (5000 + 9 × 99.8) ÷ 1000
});

test('unequal assignments are not comparable, whatever the clock says, and are told first', () => {
  const outcome = { ...buildRun().outcome, assignmentsDigest: 'other' } as RunRecord['outcome'];
  const comparison = compareArms(names, plan(), pairsOf(around(0.5), { outcome }));
  assert.equal(comparison.verdict, 'not-comparable');
  assert.match(comparison.headline, /^the assignments differ/);
});

test('a regression counts when the second experiment agrees, and is inconclusive when it does not', () => {
  const confirmation: Confirmation = {
    folder: 'confirmation',
    verdict: 'equivalent',
    agreed: false,
    headline: '',
    pairs: 10,
  };
  const slower = pairsOf(around(1.2));
  const first = compareArms(names, plan(), slower, confirmation);
  assert.deepEqual([first.unconfirmedVerdict, first.verdict], ['regressed', 'inconclusive']);
  assert.match(first.headline, /did not confirm/);
  const agreed = compareArms(names, plan(), slower, { ...confirmation, verdict: 'regressed', agreed: true });
  assert.equal(agreed.verdict, 'regressed');
});

test('two experiments agree when the same gate metric regressed in both', () => {
  const regressed = compareArms(names, plan(), pairsOf(around(1.2)));
  const equal = compareArms(names, plan(), pairsOf(around(1)));
  assert.equal(agreeOnRegression(regressed, regressed), true);
  assert.equal(agreeOnRegression(regressed, equal), false);
});

test('equal counts alone are equivalent, more of one and less of none a regression, without any interval', () => {
  const countOnly = plan({ parts: ['count'], looks: [] });
  assert.equal(compareArms(names, countOnly, counted()).verdict, 'equivalent');
  const { probe } = buildRun({ variant: 'baseline' });
  const more = probe && {
    ...probe,
    dispatches: probe.dispatches.map((one) => ({ ...one, queries: one.queries + 2 })),
  };
  const comparison = compareArms(names, countOnly, counted({ probe: more }));
  assert.equal(comparison.verdict, 'regressed');
  assert.deepEqual(comparison.timings, []);
});

test('an exploratory change that one of many may show by chance is not told as one', () => {
  // Ratios of ±1 … ±10 %, all worse but the seventh in size: the ranks of the other sign sum to 7, p = 2 · 19 / 1024.
  const factors = [1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1 / 1.07, 1.08, 1.09, 1.1];
  const pairs = pairsOf(around(1)).map((slot) => {
    if (slot.variant !== 'optimised' || !slot.run.round) return slot;
    const applyMs = (slot.run.round.phases?.applyMs ?? 0) * (factors[slot.pair - 1] ?? 1);
    const round = {
      ...slot.run.round,
      phases: { loadMs: 1, decideMs: 1, ...slot.run.round.phases, applyMs },
    };
    return { ...slot, run: { ...slot.run, round } };
  });
  const apply = compareArms(names, plan(), pairs).timings.find((one) => one.metric === 'apply phase');
  assert.ok(apply && apply.pValue !== null && apply.pValue < 0.05 && (apply.qValue ?? 0) > 0.1);
  assert.equal(apply.verdict, 'inconclusive');
  assert.match(apply.reason, /^looks slower, but of \d+ exploratory metrics one may do so by chance/);
});

test('what the pairs could have seen is told with them', () => {
  const gate = gateOf(compareArms(names, plan(), pairsOf(around(1))));
  assert.ok(gate.noise !== null && gate.noise > 0.001 && gate.noise < 0.005); // spread of `around`, about 0.26 %
  assert.ok(gate.detectableRatio !== null && gate.regressionRatio !== null);
  assert.ok(gate.regressionRatio > gate.detectableRatio && gate.regressionRatio > 1.03);
  assert.equal(gate.tooNoisy, false);
});

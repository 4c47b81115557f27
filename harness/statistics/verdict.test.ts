import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { Verdict } from '../experiment-record.ts';
import { planLooks } from './alpha-spending.ts';
import { locate } from './hodges-lehmann.ts';
import { fewestPairs } from './signed-rank.ts';
import { isSettled, type JudgedInterval, judge, MINIMUM_PAIRS } from './verdict.ts';

const band = 0.03; // ln(1.03) = 0.02956 on the log scale

test('an interval wholly beyond the band is a regression or an improvement', () => {
  assert.equal(judge({ low: 0.03, high: 0.2 }, { low: 0.04, high: 0.18 }, band), 'regressed');
  assert.equal(judge({ low: -0.9, high: -0.03 }, { low: -0.8, high: -0.04 }, band), 'improved');
});

test('an interval that leaves out zero but touches the band is proven, not proven larger than the band', () => {
  assert.equal(judge({ low: 0.001, high: 0.2 }, { low: 0.01, high: 0.18 }, band), 'slower');
  assert.equal(judge({ low: -0.2, high: -0.001 }, { low: -0.18, high: -0.01 }, band), 'faster');
});

test('equivalence needs the whole narrower interval inside the band', () => {
  assert.equal(judge({ low: -0.031, high: 0.02 }, { low: -0.029, high: 0.018 }, band), 'equivalent');
  assert.equal(judge({ low: -0.05, high: 0.02 }, { low: -0.04, high: 0.018 }, band), 'inconclusive');
});

test('without an interval nothing is said', () => {
  assert.equal(judge(null, null, band), 'inconclusive');
});

/** The table of verdicts, row by row, each on its own: which rows does an interval fulfil before their order counts? */
const ROWS: Record<
  Exclude<Verdict, 'not-comparable'>,
  (i: JudgedInterval, e: JudgedInterval | null) => boolean
> = {
  regressed: (i) => i.low > Math.log1p(band),
  improved: (i) => i.high < -Math.log1p(band),
  equivalent: (_, e) => e !== null && -Math.log1p(band) < e.low && e.high < Math.log1p(band),
  slower: (i) => i.low > 0,
  faster: (i) => i.high < 0,
  inconclusive: () => true,
};

const MIRRORED: Record<Verdict, Verdict> = {
  regressed: 'improved',
  improved: 'regressed',
  slower: 'faster',
  faster: 'slower',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
  'not-comparable': 'not-comparable',
};

const mirrored = ({ low, high }: JudgedInterval): JudgedInterval => ({ low: -high, high: -low });

/** Intervals with the narrower one of equivalence inside, whose ends fall on either side of the band and of zero. */
function* intervals(): Generator<[JudgedInterval, JudgedInterval]> {
  const random = seededRandom(35);
  for (let i = 0; i < 20_000; i++) {
    const ends = Array.from({ length: 4 }, () => random.normal() * (i % 2 === 0 ? 0.015 : 0.1));
    const [low = 0, innerLow = 0, innerHigh = 0, high = 0] = ends.sort((a, b) => a - b);
    yield [
      { low, high },
      { low: innerLow, high: innerHigh },
    ];
  }
}

test('any interval has exactly one verdict: the first row of the table that it fulfils', () => {
  const seen = new Set<Verdict>();
  for (const [interval, equivalence] of intervals()) {
    const verdict = judge(interval, equivalence, band);
    const first = Object.entries(ROWS).find(([, fulfils]) => fulfils(interval, equivalence))?.[0];
    assert.equal(verdict, first);
    seen.add(verdict);
  }
  assert.deepEqual([...seen].sort(), Object.keys(ROWS).sort()); // the intervals tried reach every row
});

test('regressed and improved, slower and faster, exclude each other', () => {
  for (const [interval, equivalence] of intervals()) {
    const fulfilled = Object.entries(ROWS).filter(([, fulfils]) => fulfils(interval, equivalence));
    const names = fulfilled.map(([name]) => name);
    assert.ok(!(names.includes('slower') && names.includes('faster')));
    // with the narrower interval inside the wider one nothing is both beyond the band and within
    assert.ok(!(names.includes('equivalent') && (names.includes('regressed') || names.includes('improved'))));
  }
});

test('exchanging baseline and candidate mirrors the verdict', () => {
  for (const [interval, equivalence] of intervals()) {
    const exchanged = judge(mirrored(interval), mirrored(equivalence), band);
    assert.equal(exchanged, MIRRORED[judge(interval, equivalence, band)]);
  }
});

test('an end that just touches the band or zero does not lie beyond it', () => {
  const edge = Math.log1p(band);
  const wide = { low: -1, high: 1 };
  assert.equal(judge({ low: edge, high: 1 }, wide, band), 'slower');
  assert.equal(judge({ low: -1, high: -edge }, wide, band), 'faster');
  assert.equal(judge({ low: 0, high: 1 }, wide, band), 'inconclusive');
  assert.equal(judge({ low: -1, high: 0 }, wide, band), 'inconclusive');
  assert.equal(judge(wide, { low: -edge, high: 0 }, band), 'inconclusive');
  assert.equal(judge(wide, { low: 0, high: edge }, band), 'inconclusive');
});

test('a change proven to be small is equivalent, although it is proven', () => {
  assert.equal(judge({ low: 0.001, high: 0.02 }, { low: 0.002, high: 0.018 }, band), 'equivalent');
});

test('the band is a ratio: doubling is as far as halving', () => {
  assert.equal(judge({ low: Math.log(2.001), high: 3 }, null, 1), 'regressed');
  assert.equal(judge({ low: Math.log(1.999), high: 3 }, null, 1), 'slower');
  assert.equal(judge({ low: -3, high: Math.log(1 / 2.001) }, null, 1), 'improved');
});

test('without a band nothing is equivalent and every proven change counts', () => {
  assert.equal(judge({ low: 1e-9, high: 1 }, { low: 1e-9, high: 1 }, 0), 'regressed');
  assert.equal(judge({ low: 0, high: 0 }, { low: 0, high: 0 }, 0), 'inconclusive');
});

test('an interval of equivalence alone says nothing: five pairs have one, but no verdict', () => {
  const five = locate([0.001, 0.002, 0.001, 0.002, 0.001]);
  assert.ok(five.interval(0.9));
  assert.equal(judge(five.interval(0.95), five.interval(0.9), band), 'inconclusive');
  assert.equal(MINIMUM_PAIRS, fewestPairs(0.95));
});

test('adding a slowdown to every pair never makes the verdict better', () => {
  const order: Verdict[] = ['improved', 'faster', 'inconclusive', 'equivalent', 'slower', 'regressed'];
  const random = seededRandom(36);
  for (const look of planLooks({ pairs: null, metrics: 4 })) {
    const differences = Array.from({ length: look.pairs }, () => random.normal() * 0.03);
    let [worst, sawBetter] = [-1, false];
    for (let slowdown = -0.2; slowdown <= 0.2; slowdown += 0.002) {
      const location = locate(differences.map((difference) => difference + slowdown));
      const verdict = judge(location.interval(look.level), location.interval(look.equivalenceLevel), band);
      // inconclusive lies on both sides of equivalent
      const rank = verdict === 'equivalent' ? 2 : order.indexOf(verdict);
      if (rank < worst) sawBetter = true;
      worst = Math.max(worst, rank);
    }
    assert.equal(sawBetter, false);
    assert.equal(worst, order.indexOf('regressed'));
  }
});

test('an experiment may end with what is proven against the band, not with slower, faster or nothing', () => {
  const settled = (Object.keys(MIRRORED) as Verdict[]).filter(isSettled).sort();
  assert.deepEqual(settled, ['equivalent', 'improved', 'not-comparable', 'regressed']);
});

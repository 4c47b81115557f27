/**
 * What R, its manuals' books, scipy and numpy say, beside what harness/statistics says: for the tests and for
 * `npm run verify:statistics`. The numbers of scipy are in test/fixtures/statistics, with their origin.
 */

import { tInterval } from '../../harness/statistics/cross-check.ts';
import { noiseOf } from '../../harness/statistics/detectable-effect.ts';
import { lagOneAutocorrelation, slotEffect, theilSenSlope } from '../../harness/statistics/diagnostics.ts';
import { falseAlarmRate } from '../../harness/statistics/false-alarm-rate.ts';
import { locate } from '../../harness/statistics/hodges-lehmann.ts';
import { qValues } from '../../harness/statistics/multiplicity.ts';
import { signedRankQuantile } from '../../harness/statistics/signed-rank.ts';
import { signedRankTest } from '../../harness/statistics/signed-rank-test.ts';
import fixture from '../fixtures/statistics/scipy-wilcoxon.json' with { type: 'json' };

export interface GoldenCheck {
  /** What is compared, and with whom. */
  readonly subject: string;
  readonly case: string;
  /** `null` where there is no such number, as an interval that so few pairs do not have. */
  readonly expected: readonly (number | null)[];
  readonly actual: readonly (number | null)[];
}

/** Largest difference that still counts as equal. */
export const GOLDEN_TOLERANCE = 1e-9;

/** Largest difference between expected and actual; infinite where only one of them has a number. */
export function goldenDeviation(check: GoldenCheck): number {
  if (check.expected.length !== check.actual.length) return Number.POSITIVE_INFINITY;
  const deviations = check.expected.map((expected, i) => {
    const actual = check.actual[i] ?? null;
    if (expected === null || actual === null) return expected === actual ? 0 : Number.POSITIVE_INFINITY;
    const deviation = Math.abs(expected - actual);
    return Number.isNaN(deviation) ? Number.POSITIVE_INFINITY : deviation;
  });
  return Math.max(0, ...deviations);
}

export function goldenChecks(): readonly GoldenCheck[] {
  return [
    ...documentedChecks(),
    ...fixture.cases.flatMap(sampleChecks),
    ...tiedChecks(),
    ...repeatedSlopeChecks(),
    ...rankSumChecks(),
    ...rateChecks(),
  ];
}

/** The depression scale of nine patients before and after a drug: Hollander & Wolfe (1973) p. 29, R's ?wilcox.test. */
export const DEPRESSION_DIFFERENCES: readonly number[] = (() => {
  const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  return before.map((value, i) => value - (after[i] ?? Number.NaN));
})();

function documentedChecks(): GoldenCheck[] {
  const depression = locate(DEPRESSION_DIFFERENCES);
  // Permeability of the human chorioamnion at term and at 12–26 weeks: Hollander & Wolfe p. 69 f., R's ?wilcox.test
  const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const early = [1.15, 0.88, 0.9, 0.74, 1.21];
  const permeability = slotEffect(
    [...atTerm, ...early],
    [...atTerm.map(() => true), ...early.map(() => false)],
  );
  return [
    {
      subject: 'R, Hollander & Wolfe: estimate and interval',
      case: 'depression data, 95 %',
      expected: [0.46, 0.01, 0.786],
      actual: [depression.estimate, ...endsOf(depression.interval(0.95))],
    },
    {
      subject: 'R, Hollander & Wolfe: signed-rank p',
      case: 'depression data',
      expected: [20 / 512], // R: V = 40, one-sided p = 0.01953 = 10/512
      actual: [signedRankTest(DEPRESSION_DIFFERENCES).pValue],
    },
    {
      subject: 'R, Hollander & Wolfe: shift of two samples',
      case: 'permeability data',
      expected: [0.305],
      actual: [permeability?.estimate ?? null],
    },
    {
      // The statistic at which the printed tables reject at 5 % two-sided: 0, 3, 8, 13, 29, 52, 81, 89. One more each.
      subject: 'tables of critical values: signed-rank quantile',
      case: 'n = 6, 8, 10, 12, 16, 20, 24, 25',
      expected: [1, 4, 9, 14, 30, 53, 82, 90],
      actual: [6, 8, 10, 12, 16, 20, 24, 25].map((n) => signedRankQuantile(0.025, n)),
    },
  ];
}

function sampleChecks(sample: (typeof fixture.cases)[number]): GoldenCheck[] {
  const { name, differences, signedRank, slope } = sample;
  const location = locate(differences);
  const ours = theilSenSlope(differences, slope.level);
  const check = (subject: string, expected: (number | null)[], actual: (number | null)[]): GoldenCheck => ({
    subject,
    case: name,
    expected,
    actual,
  });
  return [
    check('scipy wilcoxon: exact p', [signedRank.pValue], [signedRankTest(differences).pValue]),
    check('numpy: Hodges–Lehmann estimate', [signedRank.estimate], [location.estimate]),
    ...signedRank.intervals.map(({ asked, interval }) =>
      check(
        'scipy distribution, numpy: interval and its level',
        [...endsOf(interval), interval?.level ?? null],
        [...endsOf(location.interval(asked)), location.interval(asked)?.level ?? null],
      ),
    ),
    ...sample.t.map(({ level, low, high }) =>
      check('scipy ttest_1samp: interval', [low, high], endsOf(tInterval(differences, level))),
    ),
    check(
      'scipy theilslopes: slope and interval',
      [slope.slope, slope.low, slope.high],
      [ours?.estimate ?? null, ...endsOf(ours?.interval)],
    ),
    check('numpy: lag-1 autocorrelation', [sample.lagOne], [lagOneAutocorrelation(differences)]),
    check('numpy, scipy: noise of a pair', [sample.noise], [noiseOf(differences)]),
  ];
}

function tiedChecks(): GoldenCheck[] {
  return fixture.tied.map(({ name, differences, pValue }) => ({
    subject: 'scipy wilcoxon: p by normal approximation',
    case: name,
    expected: [pValue],
    actual: [signedRankTest(differences).pValue],
  }));
}

function repeatedSlopeChecks(): GoldenCheck[] {
  return fixture.repeatedSlopes.map(({ values, level, slope, low, high }) => {
    const ours = theilSenSlope(values, level);
    return {
      subject: 'scipy theilslopes: slope and interval of repeated values',
      case: `${values.length} values`,
      expected: [slope, low, high],
      actual: [ours?.estimate ?? null, ...endsOf(ours?.interval)],
    };
  });
}

function rankSumChecks(): GoldenCheck[] {
  return fixture.rankSum.map(({ first, second, estimate, asked, interval }) => {
    const order = [...first.map(() => true), ...second.map(() => false)];
    const ours = slotEffect([...first, ...second], order, asked);
    return {
      subject: 'numpy, all subsets counted: shift of two samples, interval, level',
      case: `${first.length} and ${second.length} at ${asked}`,
      expected: [estimate, ...endsOf(interval), interval?.level ?? null],
      actual: [ours?.estimate ?? null, ...endsOf(ours?.interval), ours?.interval?.level ?? null],
    };
  });
}

function rateChecks(): GoldenCheck[] {
  return [
    ...fixture.clopperPearson.map(({ alarms, comparisons, level, ratio, low, high }) => {
      const ours = falseAlarmRate(alarms, comparisons, level);
      return {
        subject: 'scipy binomtest: Clopper–Pearson',
        case: `${alarms} of ${comparisons} at ${level}`,
        expected: [ratio, low, high],
        actual: [ours?.ratio ?? null, ...endsOf(ours)],
      };
    }),
    ...fixture.benjaminiHochberg.map(({ pValues, qValues: expected }) => ({
      subject: 'scipy false_discovery_control: q-values',
      case: `${pValues.length} p-values`,
      expected,
      actual: qValues(pValues),
    })),
  ];
}

function endsOf(interval: { low: number; high: number } | null | undefined): (number | null)[] {
  return interval ? [interval.low, interval.high] : [null, null];
}

import { groupBy } from '../../group-by.ts';
import { countOf, formatCount, formatDuration, formatShare } from '../../quantity.ts';
import type {
  Contributions,
  GrowthPointFact,
  LoadTestFact,
  WeekFacts,
  WeekGrowthFact,
  WeekRow,
} from '../../week-record.ts';
import type { Terms } from './goals.ts';
import { faultOf, judged, notDone, rowOf } from './outcome.ts';
import { equalOutcome, ladderEvidence, stepBetween, TIMED, timeOutcome } from './time-goal.ts';

/** Friday: everything once more, under load, at growing sizes. */
export function day5Rows(
  facts: WeekFacts,
  contributions: Contributions | null,
  { isReference }: Terms,
): WeekRow[] {
  const { ladder, load, stress, growth } = facts;
  const evidence = ladderEvidence(ladder);
  return [
    {
      ...{
        id: 'day5.benchmark',
        day: 5,
        title: 'Complete benchmark, before and after',
        evidence,
        how: TIMED,
      },
      goal: 'faster, with its whole interval',
      ...timeOutcome(stepBetween(ladder, 'baseline', 'optimised'), 'dispatch', isReference ? 1 : null),
    },
    rowOf(
      {
        ...{ id: 'day5.contributions', day: 5, title: 'What each step contributed', evidence },
        goal: isReference ? 'measured in more than one order' : 'measured in the order of the config',
        how: 'every variant of these orders side by side in the same pairs',
      },
      contributions,
      (fact) => judgeContributions(fact, isReference),
    ),
    loadRow('day5.load', 'Load test', load, isReference),
    loadRow('day5.stress', 'Stress test', stress, isReference),
    rowOf(
      {
        ...{ id: 'day5.growth', day: 5, title: 'Growth from few bookings to many' },
        goal: isReference ? 'after the week, no more queries for more bookings' : 'measured before and after',
        how: 'dispatches alone on fresh clones of datasets of growing size, before and after; queries are exact',
      },
      growth,
      (fact) => judgeGrowth(fact, isReference),
    ),
    rowOf(
      {
        ...{ id: 'day5.history', day: 5, title: 'Growth with history' },
        goal: 'measured before and after',
        how: 'the same work over ever more past bookings',
      },
      historyOf(growth),
      (points) =>
        judged(
          curveWords(points, 'past bookings', ({ dispatchMs }) => formatDuration(dispatchMs)),
          null,
        ),
    ),
    {
      ...{ id: 'day5.equal', day: 5, title: 'No functional regression', evidence },
      goal: 'every variant writes and answers the same',
      how: 'the same company-days dispatched by every variant on fresh clones, everything written and answered compared',
      ...equalOutcome(ladder?.steps ?? []),
    },
  ];
}

function judgeContributions({ orders, shares }: Contributions, isReference: boolean) {
  const each = shares.map(
    ({ switch: name, leastFactor, mostFactor }) =>
      `${name} ${leastFactor.toFixed(1)}× to ${mostFactor.toFixed(1)}× faster`,
  );
  // The steps of a config are built on each other, so there is no other order.
  if (!isReference) return judged(`${orders[0]?.switches.join(', ')}: ${each.join(', ')}`, null);
  return judged(
    `${countOf(orders.length, 'order')}; depending on its place: ${each.join(', ')}`,
    orders.length > 1 ? null : 'a gain that is told for one order only is half the truth',
  );
}

function loadRow(id: string, title: string, fact: LoadTestFact | null, isReference: boolean): WeekRow {
  const size = fact === null ? '' : sizeWords(fact);
  const row = {
    ...{ id, day: 5 as const, title: `${title}${size}` },
    goal: 'the service after the week meets every threshold of the scenario',
    how: 'k6 at a rate of arrivals, autocannon for saturation, each on a fresh clone; judged by fixed thresholds, a single run each',
    evidence: [...groupBy(fact?.runs ?? [], ({ folder }) => folder).entries()].map(([folder, runs]) => ({
      text: `${runs[0]?.variant}: ${runs.map(({ generator }) => generator).join(' and ')}`,
      file: `${folder}/report/report.md`,
    })),
  };
  const after = fact?.runs.filter(({ variant }) => variant === 'optimised') ?? [];
  if (fact !== null && after.length === 0)
    return {
      ...row,
      ...notDone(fact.skipped.map(({ generator, reason }) => `${generator}: ${reason}`).join('; ')),
    };
  return rowOf(row, fact, () => judgeLoad(after, isReference));
}

/** " (100 bookings, 50 drivers, 100,000 past bookings)"; nothing for data of a size of its own. */
function sizeWords({ openBookings, drivers, history }: LoadTestFact): string {
  if (openBookings === null || drivers === null || history === null) return '';
  return ` (${countOf(openBookings, 'booking')}, ${countOf(drivers, 'driver')}, ${formatCount(history)} past bookings)`;
}

function judgeLoad(runs: LoadTestFact['runs'], isReference: boolean) {
  const thresholds = runs.flatMap((run) => run.thresholds);
  const missed = thresholds.filter(({ passed }) => !passed);
  const words = runs.map(
    ({ generator, requests, errorRatio, throughputPerSecond }) =>
      `${generator}: ${countOf(requests, 'request')}, ${formatShare(errorRatio)} failed, ${throughputPerSecond.toFixed(1)}/s`,
  );
  const met = `${thresholds.length - missed.length} of ${countOf(thresholds.length, 'threshold')} met`;
  return judged(
    [met, ...words].join('; '),
    faultOf([
      isReference && thresholds.length === 0 && 'no threshold was judged',
      ...missed.map(
        ({ name, limit, measured }) => `${name}: ${measured ?? 'nothing measured'}, limit ${limit}`,
      ),
    ]),
  );
}

function judgeGrowth({ points, notMeasured }: WeekGrowthFact, isReference: boolean) {
  const byBookings = points.filter(({ varied }) => varied === 'bookings');
  const after = byBookings.filter(({ variant }) => variant === 'optimised');
  const queries = after.map((point) => point.queries);
  const words = curveWords(
    byBookings,
    'bookings',
    (point) => `${formatCount(point.queries)} queries, ${formatDuration(point.dispatchMs)}`,
  );
  return judged(
    [words, ...notMeasured].join('; '),
    faultOf([
      queries.length < 2 && 'fewer than two sizes were measured',
      isReference &&
        Math.max(...queries) > Math.min(...queries) &&
        `queries grow from ${formatCount(Math.min(...queries))} to ${formatCount(Math.max(...queries))}`,
    ]),
  );
}

function historyOf(growth: WeekGrowthFact | null): GrowthPointFact[] | null {
  const points = growth?.points.filter(({ varied }) => varied === 'history') ?? [];
  return points.length === 0 ? null : points;
}

/** "baseline 85 queries, 40 ms at 10 → 6,900 queries, 9 s at 1,000 bookings; optimised …" */
function curveWords(
  points: readonly GrowthPointFact[],
  noun: string,
  say: (point: GrowthPointFact) => string,
): string {
  const variants = [...new Set(points.map(({ variant }) => variant))];
  return variants
    .map((variant) => {
      const own = points.filter((point) => point.variant === variant).toSorted((a, b) => a.size - b.size);
      const [first, last] = [own[0], own.at(-1)];
      if (!first || !last) return variant;
      return `${variant} ${say(first)} at ${formatCount(first.size)} → ${say(last)} at ${formatCount(last.size)} ${noun}`;
    })
    .join('; ');
}

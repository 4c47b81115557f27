import { parseVariant } from '../../../target/variants.ts';
import { WEEK_ORDER } from '../../week/plan-week.ts';
import { stepBetween } from '../../week/rows/time-goal.ts';
import type { LadderStep, LoadTestFact, WeekFacts } from '../../week-record.ts';
import type { ApplySides } from '../charts/apply-account.ts';

type Run = LoadTestFact['runs'][number];

/** What one generator measured: the last variant, and the first where it drove two. */
export interface RunSides {
  readonly generator: string;
  readonly before: Run | null;
  readonly after: Run;
}

/** By generator; one in a closed loop comes last, for its latency is that of a queue it makes itself. */
export function runSides({ runs }: LoadTestFact): RunSides[] {
  const generators = [...new Set(runs.map(({ generator }) => generator))];
  return generators
    .toSorted((a, b) => Number(a === 'autocannon') - Number(b === 'autocannon'))
    .map((generator) => {
      const own = runs.filter((run) => run.generator === generator);
      const [first, after] = [own[0] as Run, own.at(-1) as Run];
      return { generator, before: first.variant === after.variant ? null : first, after };
    });
}

/** Apply row by row and in bulk: of two variants that differ in nothing else where both were counted. */
export function applySides({ apply, ladder }: WeekFacts): ApplySides | null {
  const accounts = apply?.accounts ?? [];
  const of = (variant: string) => accounts.find((account) => account.variant === variant);
  const { from, to } = stepNames('bulk-apply');
  const alone = of(from) !== undefined && of(to) !== undefined;
  const [before, after] = alone ? [of(from), of(to)] : [accounts[0], accounts.at(-1)];
  if (before === undefined || after === undefined || before === after) return null;
  const step = stepBetween(ladder, before.variant, after.variant);
  return { before, after, time: step?.apply ?? null };
}

type Switch = (typeof WEEK_ORDER)[number];

/** The step in which the week turns this on, in its own order. `null` where it was not measured. */
export function weekStep({ ladder }: WeekFacts, turnedOn: Switch): LadderStep | null {
  const { from, to } = stepNames(turnedOn);
  return stepBetween(ladder, from, to);
}

function stepNames(turnedOn: Switch): { from: string; to: string } {
  const place = WEEK_ORDER.indexOf(turnedOn);
  const upTo = (count: number) =>
    count === 0 ? 'baseline' : parseVariant(WEEK_ORDER.slice(0, count).join('+')).name;
  return { from: upTo(place), to: upTo(place + 1) };
}

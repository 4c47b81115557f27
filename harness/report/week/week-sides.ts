import { stepBetween } from '../../week/rows/time-goal.ts';
import { weekStepNames } from '../../week/rows/week-steps.ts';
import type { LoadTestFact, WeekFacts } from '../../week-record.ts';
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
  const names = weekStepNames(
    accounts.map(({ variant }) => variant),
    'bulk-apply',
  );
  const [before, after] = names ? [of(names.from), of(names.to)] : [accounts[0], accounts.at(-1)];
  if (before === undefined || after === undefined || before === after) return null;
  const step = stepBetween(ladder, before.variant, after.variant);
  return { before, after, time: step?.apply ?? null };
}

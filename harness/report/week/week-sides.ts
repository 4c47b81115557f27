import type { LadderStep, LoadTestFact, WeekFacts } from '../../week-record.ts';
import type { ApplySides } from '../charts/apply-account.ts';

type Run = LoadTestFact['runs'][number];

/** Two runs of one generator: the first variant and the last. */
export interface RunSides {
  readonly generator: string;
  readonly before: Run;
  readonly after: Run;
}

/** Of each generator that drove two variants, the first and the last. */
export function runSides({ runs }: LoadTestFact): RunSides[] {
  return [...new Set(runs.map(({ generator }) => generator))].flatMap((generator) => {
    const own = runs.filter((run) => run.generator === generator);
    const [before, after] = [own[0], own.at(-1)];
    return before === undefined || after === undefined || before.variant === after.variant
      ? []
      : [{ generator, before, after }];
  });
}

/** Apply before and after bulk writes: the first and the last account, with the time of the step between them. */
export function applySides({ apply, ladder }: WeekFacts): ApplySides | null {
  const accounts = apply?.accounts ?? [];
  const [before, after] = [accounts[0], accounts.at(-1)];
  if (before === undefined || after === undefined || before === after) return null;
  const step = stepBetween(ladder?.steps ?? [], before.variant, after.variant);
  return { before, after, time: step?.apply ?? null };
}

export function stepBetween(steps: readonly LadderStep[], from: string, to: string): LadderStep | null {
  return steps.find((step) => step.from === from && step.to === to) ?? null;
}

import { loadStatementParser } from '../../capture/statement-identity.ts';
import { HarnessError } from '../../errors.ts';
import { profileDispatches } from '../../profiling/profiled-dispatches.ts';
import { countOf, formatBytes, formatCount } from '../../quantity.ts';
import type { ApplyAccount } from '../../week-record.ts';
import { applyOf, applyWalBytes } from './apply-phase.ts';
import { weekTarget } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

const ACCOUNTED = ['baseline', 'indexes', 'indexes+bulk-apply', 'optimised'];

const WARM_UP = 1;

/** Day 3: what apply does in one dispatch, row by row and in bulk, counted on a fresh clone of each variant. */
export const applyTask: WeekTask<'apply'> = {
  id: 'apply',
  title: 'apply in statements, commits and WAL',
  days: [3, 5],
  expectedSeconds: ({ ladder }) => 4 * variantsOf(ladder.variants).length,
  run: async (context) => {
    await loadStatementParser();
    const accounts: ApplyAccount[] = [];
    for (const variant of variantsOf(context.plan.ladder.variants)) {
      accounts.push(
        await context.progress.step(`${variant} · apply`, (onProgress) =>
          accountVariant(context, variant, onProgress),
        ),
      );
    }
    return { accounts };
  },
  lines: ({ accounts }) =>
    accounts.map(
      ({ variant, assignments, statements, commits, walBytes }) =>
        `${variant}: ${countOf(assignments, 'assignment')} in ${countOf(statements, 'statement')} and ${countOf(commits, 'commit')}, ${walBytes === null ? 'WAL not counted' : `${formatBytes(walBytes)} of WAL`}`,
    ),
};

function variantsOf(variants: readonly string[]): string[] {
  return ACCOUNTED.filter((variant) => variants.includes(variant));
}

async function accountVariant(
  context: WeekContext,
  variant: string,
  onProgress: (detail: string) => void,
): Promise<ApplyAccount> {
  const { shape } = context.plan;
  const { fresh, dataset } = await weekTarget(context, variant, shape, onProgress);
  const offers = dataset.offers.slice(0, WARM_UP + 1);
  const profiled = await profileDispatches(fresh, { offers, warmUp: WARM_UP, onProgress });
  const [dispatch] = profiled.dispatches;
  if (!dispatch) throw new HarnessError('INTERNAL', `${formatCount(offers.length)} offers, none measured`);
  const { assigned, transcript, counted } = dispatch;
  return {
    ...{ variant, assignments: assigned, ...applyOf(transcript) },
    walBytes: counted === null ? null : applyWalBytes(counted),
  };
}

import { loadStatementParser } from '../../capture/statement-identity.ts';
import { HarnessError } from '../../errors.ts';
import { type ProfiledDispatch, profileDispatches } from '../../profiling/profiled-dispatches.ts';
import { countOf, formatBytes, formatCount } from '../../quantity.ts';
import type { ApplyAccount } from '../../week-record.ts';
import { weekChain } from '../rows/week-steps.ts';
import { applyOf, applyWalBytes } from './apply-phase.ts';
import { weekTarget } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

const WARM_UP = 1;

/** Day 3: what apply does in one dispatch, row by row and in bulk, counted on a fresh clone of each variant. */
export const applyTask: WeekTask<'apply'> = {
  id: 'apply',
  title: 'apply in statements, commits and WAL',
  days: [3, 5],
  expectedSeconds: ({ ladder }) => 4 * weekChain(ladder.variants).length,
  run: async (context) => {
    await loadStatementParser();
    const { subject, plan, progress } = context;
    const accounts: ApplyAccount[] = [];
    let tables: readonly string[] | null = null;
    for (const variant of weekChain(plan.ladder.variants)) {
      const heard = await progress.step(`${variant} · apply`, (onProgress) =>
        hearDispatch(context, variant, onProgress),
      );
      tables ??= subject.appliedTables(heard);
      accounts.push(accountOf(variant, heard, tables));
    }
    return { ...(plan.target === undefined ? {} : { tables: [...(tables ?? [])] }), accounts };
  },
  lines: ({ accounts }) =>
    accounts.map(
      ({ variant, assignments, statements, commits, walBytes }) =>
        `${variant}: ${countOf(assignments, 'assignment')} in ${countOf(statements, 'statement')} and ${countOf(commits, 'commit')}, ${walBytes === null ? 'WAL not counted' : `${formatBytes(walBytes)} of WAL`}`,
    ),
};

async function hearDispatch(
  context: WeekContext,
  variant: string,
  onProgress: (detail: string) => void,
): Promise<ProfiledDispatch> {
  const { shape } = context.plan;
  const { fresh, dataset } = await weekTarget(context, variant, shape, onProgress);
  const offers = dataset.offers.slice(0, WARM_UP + 1);
  const profiled = await profileDispatches(fresh, { offers, warmUp: WARM_UP, onProgress });
  const [dispatch] = profiled.dispatches;
  if (!dispatch) throw new HarnessError('INTERNAL', `${formatCount(offers.length)} offers, none measured`);
  return dispatch;
}

function accountOf(
  variant: string,
  { assigned, transcript, counted }: ProfiledDispatch,
  tables: readonly string[],
): ApplyAccount {
  return {
    ...{ variant, assignments: assigned, ...applyOf(transcript, tables) },
    walBytes: counted === null ? null : applyWalBytes(counted, tables),
  };
}

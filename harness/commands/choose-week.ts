import { HarnessError } from '../errors.ts';
import { configuredTarget } from '../targets/configured-target.ts';
import { referenceTarget } from '../targets/reference-target.ts';
import type { Target } from '../targets/target.ts';
import { planConfiguredWeek } from '../week/configured-week.ts';
import { openConfiguredWeek } from '../week/open-configured-week.ts';
import { REFERENCE_SUBJECT } from '../week/reference-subject.ts';
import type { WeekContext } from '../week/tasks/week-task.ts';
import { performanceIndexes } from '../week/week-migration.ts';
import type { WeekPlan, WeekTarget } from '../week-record.ts';
import { chooseConfig, requireSameTarget, type TargetArguments } from './choose-target.ts';
import type { CommandContext } from './command-context.ts';

/** What a week is done to. */
export interface ChosenWeek {
  readonly target: Target;
  /** For a new plan; left out for the reference service. */
  readonly planned?: WeekTarget;
  /** @throws HarnessError BAD_OPTION when the plan is that of another service */
  open(
    plan: WeekPlan,
    place: Pick<WeekContext, 'server' | 'signal'>,
  ): Promise<Pick<WeekContext, 'target' | 'migration' | 'subject'>>;
}

/**
 * The week of the service that a config describes, else that of the reference service.
 * @throws HarnessError BAD_CONFIG when the config has no week
 */
export async function chooseWeek(context: CommandContext, args: TargetArguments): Promise<ChosenWeek> {
  const loaded = await chooseConfig(context, args);
  if (loaded === null) return { target: referenceTarget(), open: openReferenceWeek };
  const { file, config } = loaded;
  const { week } = config;
  if (week === undefined) {
    throw new HarnessError('BAD_CONFIG', `${file}: week: expected the variants of a week, got nothing.`, {
      hint: 'Add `week: { baseline: …, optimised: … }` with names of variants; --no-config does the week of the reference service.',
    });
  }
  const target = configuredTarget(loaded, { consentToCopy: args.copyFrom });
  return {
    target,
    planned: planConfiguredWeek(loaded, week, target),
    open: async (plan, place) => {
      requireSameTarget(target, targetNameOf(plan));
      return openConfiguredWeek(loaded, target, plan.target?.variants ?? [], place);
    },
  };
}

async function openReferenceWeek(plan: WeekPlan) {
  const target = referenceTarget();
  requireSameTarget(target, targetNameOf(plan));
  return { target, migration: await performanceIndexes(), subject: REFERENCE_SUBJECT };
}

function targetNameOf({ target }: WeekPlan): string {
  return target?.name ?? 'reference';
}

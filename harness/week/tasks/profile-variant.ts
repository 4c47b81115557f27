import path from 'node:path';
import { sum } from 'simple-statistics';
import { assembleProfile } from '../../profiling/assemble-profile.ts';
import { measureProfile } from '../../profiling/measure-profile.ts';
import { labelled } from '../../progress.ts';
import { countOf, formatCount, formatDuration, formatShare } from '../../quantity.ts';
import { writeProfileReport } from '../../report/write-profile.ts';
import { writeProfile } from '../../store/result-folder.ts';
import type { ProfileFact, WeekDay, WeekPlan } from '../../week-record.ts';
import { profileFact } from './profile-fact.ts';
import { emptyTaskFolder } from './task-folder.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

/** Folders of the two profiles, in the week's own. */
export const PROFILE_FOLDERS = { before: 'profile', after: 'profile-after' } as const;

/** Beside the fixed definitions of slow: as `rushhour profile` has it by default. */
const THRESHOLD_MS = 20;

/** Day 1: where a dispatch of the service as it is spends its time. */
export const profileTask: WeekTask<'profile'> = profileOf('profile', {
  variant: 'baseline',
  folder: PROFILE_FOLDERS.before,
  days: [1, 4, 5],
});

/** Day 4: the same of the service with everything switched on. */
export const profileAfterTask: WeekTask<'profileAfter'> = profileOf('profileAfter', {
  variant: 'optimised',
  folder: PROFILE_FOLDERS.after,
  days: [4, 5],
});

interface Profiled {
  readonly variant: string;
  readonly folder: string;
  readonly days: readonly WeekDay[];
}

function profileOf<Id extends 'profile' | 'profileAfter'>(id: Id, profiled: Profiled): WeekTask<Id> {
  const { variant, days } = profiled;
  return {
    id,
    title: variant === 'baseline' ? 'profile of the baseline' : 'profile of the optimised service',
    days,
    expectedSeconds: ({ profile }: WeekPlan) => expectedSeconds(variant, profile),
    run: (context) => profileVariant(context, profiled),
    lines: profileLines,
  };
}

async function profileVariant(context: WeekContext, { variant, folder }: Profiled): Promise<ProfileFact> {
  const { server, target, signal, plan } = context;
  const { warmUp, dispatches, growthRepeats } = plan.profile;
  const place = await emptyTaskFolder(context, folder);
  const startedAt = new Date().toISOString();
  const progress = labelled(context.progress, variant);
  const profilePlan = {
    ...{ variant: target.variantName(variant), shape: plan.shape, thresholdMs: THRESHOLD_MS },
    ...{ warmUp, dispatches, growthRepeats },
  };
  const measured = await measureProfile({ server, target, signal, progress }, profilePlan, place.folder);
  const profile = assembleProfile({ id: place.id, startedAt }, profilePlan, measured);
  await writeProfile(place.folder, profile);
  await progress.step('Charts and report', (update) =>
    writeProfileReport(profile, path.join(place.folder, 'report'), { onProgress: update }),
  );
  const heard = measured.profiled.dispatches.map(({ transcript }) => transcript.statements.length);
  return profileFact(profile, { folder: place.relative, captured: sum(heard) });
}

/** Measured on two cores: growth takes most of it, which hardly depends on the data of the week. */
function expectedSeconds(
  variant: string,
  { warmUp, dispatches, growthRepeats }: WeekPlan['profile'],
): number {
  const dispatchSeconds = variant === 'baseline' ? 2 : 0.1;
  return 6 + 3 * (warmUp + dispatches) * dispatchSeconds + 11 * growthRepeats;
}

function profileLines(fact: ProfileFact): string[] {
  const [slowest] = fact.slowest;
  return [
    `${fact.variant}: a dispatch takes ${formatDuration(fact.dispatchMs)}, ${formatShare(fact.databaseShare)} of it the database`,
    `${countOf(fact.statements, 'statement')} a dispatch in ${countOf(fact.roundTrips, 'round trip')}, ${countOf(fact.commits, 'commit')}`,
    `${formatCount(fact.slow.length)} of ${countOf(fact.statementTimes.length, 'different statement')} slow by the definitions of a profile${slowest?.plan ? `; the slowest: ${slowest.plan}` : ''}`,
  ];
}

import type { LoadedConfig } from '../config/loaded-config.ts';
import type { Target } from '../targets/target.ts';
import type { WeekTarget } from '../week-record.ts';
import { aliasedTarget } from './aliased-target.ts';
import { addedMigration, configuredMigration } from './configured-migration.ts';
import { configuredSubject } from './configured-subject.ts';
import type { WeekContext } from './tasks/week-task.ts';
import type { WeekMigration } from './week-migration.ts';

/** What the tasks of a week work on, of a service that a config describes. @param variants as they were planned */
export function openConfiguredWeek(
  loaded: LoadedConfig,
  target: Target,
  variants: WeekTarget['variants'],
  place: Pick<WeekContext, 'server' | 'signal'>,
): Pick<WeekContext, 'target' | 'migration' | 'subject'> {
  return {
    target: aliasedTarget(target, variants),
    migration: migrationOf(loaded, variants, place),
    subject: configuredSubject(loaded),
  };
}

/** What the step to the indexes adds to the migration of the baseline. */
function migrationOf(
  loaded: LoadedConfig,
  variants: WeekTarget['variants'],
  place: Pick<WeekContext, 'server' | 'signal'>,
): WeekMigration | null {
  const variantOf = (wanted: string) => variants.find(({ name }) => name === wanted)?.variant;
  const [from, to] = [variantOf('baseline'), variantOf('indexes')];
  if (from === undefined || to === undefined) return null;
  const added = addedMigration(loaded.config, { from, to });
  return typeof added === 'string' ? null : configuredMigration(loaded, added, { variant: to, ...place });
}

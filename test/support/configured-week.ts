import path from 'node:path';
import { findConfig } from '../../harness/config/load-config.ts';
import type { LoadedConfig } from '../../harness/config/loaded-config.ts';
import type { RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { configuredTarget } from '../../harness/targets/configured-target.ts';
import { planConfiguredWeek } from '../../harness/week/configured-week.ts';
import type { WeekTarget } from '../../harness/week-record.ts';

/** Folder of a config that describes the reference service as if it were somebody else's. */
export const WEEK_SERVICE = path.join(import.meta.dirname, '../fixtures/week-service');

/** Its config, with members changed. */
export async function weekService(changes: Partial<RushhourConfig> = {}): Promise<LoadedConfig> {
  const loaded = await findConfig(WEEK_SERVICE, WEEK_SERVICE);
  if (loaded === null) throw new Error(`no config in ${WEEK_SERVICE}`);
  return { ...loaded, config: { ...loaded.config, ...changes } };
}

/** What a week of it plans. */
export function plannedOf(loaded: LoadedConfig): WeekTarget {
  const { week } = loaded.config;
  if (week === undefined) throw new Error('the config has no week');
  return planConfiguredWeek(loaded, week, configuredTarget(loaded));
}

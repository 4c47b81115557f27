import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { DataStep, RushhourConfig } from '../config/rushhour-config.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { runDataSteps } from '../targets/data-steps.ts';
import { applyDatabaseSettings, setInSession } from '../targets/database-settings.ts';
import type { WeekMigration } from './week-migration.ts';

/** What the migration of one variant does beyond that of another. */
export interface AddedMigration {
  readonly up: readonly DataStep[];
  /** The way back, or why there is none. */
  readonly down: readonly DataStep[] | string;
}

/** @returns why nothing can be told, where nothing can */
export function addedMigration(
  { variants }: Pick<RushhourConfig, 'variants'>,
  { from, to }: { readonly from: string; readonly to: string },
): AddedMigration | string {
  const [before, after] = [variants[from]?.migration, variants[to]?.migration];
  const earlier = before?.up ?? [];
  const up = after?.up ?? [];
  if (up.length === 0) return `variants.${to} of the config has no migration`;
  if (!isDeepStrictEqual(up.slice(0, earlier.length), earlier))
    return `variants.${to}.migration of the config does not begin with that of ${from}, so what it adds is not known`;
  if (up.length === earlier.length) return `variants.${from} and variants.${to} have the same migration`;
  return { up: up.slice(earlier.length), down: addedDown(before?.down ?? [], after?.down, to) };
}

/** A downgrade goes the other way round: what was added last goes first. */
function addedDown(
  earlier: readonly DataStep[],
  down: readonly DataStep[] | undefined,
  variant: string,
): AddedMigration['down'] {
  if (down === undefined || down.length === 0)
    return `variants.${variant}.migration of the config has no \`down\``;
  const kept = earlier.length;
  if (kept > 0 && isDeepStrictEqual(down.slice(-kept), earlier) && down.length > kept)
    return down.slice(0, -kept);
  return kept === 0
    ? down
    : `variants.${variant}.migration.down of the config does not end with that of the baseline`;
}

/** The migration of a week on a service that a config describes. @param variant whose migration it is */
export function configuredMigration(
  loaded: LoadedConfig,
  { up, down }: AddedMigration,
  place: { readonly variant: string; readonly server: PostgresServer; readonly signal: AbortSignal },
): WeekMigration {
  const { variant, server, signal } = place;
  const name = `variants.${variant}.migration`;
  const run = async (client: pg.Client, steps: readonly DataStep[], where: string) => {
    const settings = loaded.config.database?.settings ?? {};
    await applyDatabaseSettings(client, client.database ?? '', settings);
    await setInSession(client, settings);
    const step = { loaded, server, client, signal, values: { variant }, onProgress: () => {} };
    await runDataSteps(steps, where, step);
  };
  return {
    name,
    upText: null,
    up: (client) => run(client, up, `${name}.up`),
    down: (client) => run(client, typeof down === 'string' ? [] : down, `${name}.down`),
    ...(typeof down === 'string' ? { noDown: down } : {}),
  };
}

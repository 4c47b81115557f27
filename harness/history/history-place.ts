import path from 'node:path';
import type { LoadedConfig } from '../config/loaded-config.ts';

/** Where the nights are when nobody says: seen from the config, or from the working folder where there is none. */
export const DEFAULT_HISTORY = path.join('nightly', 'history.ndjson');

/** File of the nights of a config. @param flag seen from the working folder; the config's own member is seen from the config */
export function historyFileOf({ folder, config }: LoadedConfig, flag: string | undefined): string {
  return flag === undefined
    ? path.resolve(folder, config.nightly?.history ?? DEFAULT_HISTORY)
    : path.resolve(flag);
}

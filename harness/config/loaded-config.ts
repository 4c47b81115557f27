import type { RushhourConfig } from './rushhour-config.ts';

/** A config that was read and checked, with where it came from: everything in it is seen from its folder. */
export interface LoadedConfig {
  /** Absolute. */
  readonly file: string;
  /** Absolute. */
  readonly folder: string;
  readonly config: RushhourConfig;
}

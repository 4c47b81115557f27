import type { DatasetShape } from '../../seed/profiles.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { RushhourConfig } from '../config/rushhour-config.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { Parts } from './parts.ts';

/** What all parts of a check share. */
export interface CheckContext {
  readonly parts: Parts;
  readonly loaded: LoadedConfig;
  readonly server: PostgresServer;
  readonly shape: DatasetShape;
  /** Name that was given to `--copy-from`. */
  readonly consentToCopy: string | undefined;
  /** Leaves the dispatches out. */
  readonly quick: boolean;
  readonly signal: AbortSignal;
  /** A line for people about what is done, while it takes long. */
  readonly onProgress: (detail: string) => void;
}

/** The config with some members exchanged, to try one part by itself. */
export function changed(loaded: LoadedConfig, members: Partial<RushhourConfig>): LoadedConfig {
  return { ...loaded, config: { ...loaded.config, ...members } };
}

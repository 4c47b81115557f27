import path from 'node:path';
import type { LoadedConfig } from '../../harness/config/loaded-config.ts';
import type {
  CommandConfig,
  HooksConfig,
  ServiceConfig,
  VariantConfig,
} from '../../harness/config/rushhour-config.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import type { StartRequest } from '../../harness/targets/target.ts';

export const ODD_SERVICES = path.join(PROJECT_ROOT, 'test', 'fixtures', 'odd-services');

/** The command of a service that behaves in this odd way. */
export function oddService(mode: string, more: Partial<CommandConfig> = {}): CommandConfig {
  return { command: [process.execPath, path.join(ODD_SERVICES, 'odd-service.mjs'), mode], ...more };
}

export interface ConfigParts {
  readonly variants: Readonly<Record<string, VariantConfig>>;
  readonly service?: Partial<ServiceConfig>;
  readonly hooks?: HooksConfig;
  readonly folder?: string;
}

/** A config with these parts; what only a dispatch needs is empty. */
export function configOf({ variants, service, hooks, folder = ODD_SERVICES }: ConfigParts): LoadedConfig {
  return {
    file: path.join(folder, 'rushhour.config.ts'),
    folder,
    config: {
      name: 'odd',
      service: { health: '/health', startTimeoutSeconds: 30, ...service },
      dataset: { seed: [] },
      dispatch: { offers: [], request: { path: '/' }, complete: { by: 'response' }, rows: 'SELECT 1' },
      outcome: { sql: 'SELECT 1' },
      variants,
      ...(hooks ? { hooks } : {}),
    },
  };
}

export const PASSWORD = 'hidden-pass-word';

/** A request to start variant `odd`. The database is a name only. */
export function startRequest(more: Partial<StartRequest> = {}): StartRequest {
  return {
    variant: 'odd',
    databaseUrl: `postgres://app:${PASSWORD}@127.0.0.1:5999/rushhour_run_odd`,
    signal: new AbortController().signal,
    ...more,
  };
}

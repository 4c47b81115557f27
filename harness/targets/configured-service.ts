import type { LoadedConfig } from '../config/loaded-config.ts';
import { variantNamed } from '../config/variant-named.ts';
import { attachToService } from './attached-service.ts';
import { startFromCommand } from './started-service.ts';
import type { RunningService, StartRequest } from './target.ts';

/** How things are done that a person does not configure. */
export interface BringUpOptions {
  /** From SIGTERM to SIGKILL. Default 15 s. */
  readonly stopGraceMs?: number;
}

/**
 * Brings a variant of a config up, and returns once it is healthy and warm: by its command, with its workers, or where it runs already.
 * @throws HarnessError SERVICE_START_FAILED, BAD_CONFIG; REFUSED when a service that runs already works in another database
 */
export async function startConfiguredService(
  loaded: LoadedConfig,
  request: StartRequest,
  options: BringUpOptions = {},
): Promise<RunningService> {
  const variant = variantNamed(loaded, request.variant);
  return variant.url === undefined
    ? startFromCommand(loaded, variant, { ...request, ...options })
    : attachToService(loaded, { ...variant, url: variant.url }, request);
}

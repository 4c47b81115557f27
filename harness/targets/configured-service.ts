import type { LoadedConfig } from '../config/loaded-config.ts';
import type { VariantConfig } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
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

/** @throws HarnessError BAD_CONFIG listing those there are */
export function variantNamed({ config, file }: LoadedConfig, name: string): VariantConfig {
  const variant = Object.hasOwn(config.variants, name) ? config.variants[name] : undefined;
  if (variant) return variant;
  throw new HarnessError(
    'BAD_CONFIG',
    `${file}: expected a variant "${name}", got ${Object.keys(config.variants).join(', ')}.`,
  );
}

import { HarnessError } from '../errors.ts';
import type { LoadedConfig } from './loaded-config.ts';
import type { VariantConfig } from './rushhour-config.ts';

/** @param name whole, as a plan has it: what a person types is told apart before. @throws HarnessError BAD_CONFIG listing those there are */
export function variantNamed({ config, file }: LoadedConfig, name: string): VariantConfig {
  const variant = Object.hasOwn(config.variants, name) ? config.variants[name] : undefined;
  if (variant) return variant;
  throw new HarnessError(
    'BAD_CONFIG',
    `${file}: expected a variant "${name}", got ${Object.keys(config.variants).join(', ')}.`,
  );
}

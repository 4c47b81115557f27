import { HarnessError } from '../errors.ts';
import type { Target } from '../targets/target.ts';

/**
 * A target whose variants go by other names: those that a week has for them. Everything else is the target's own.
 *
 * @param names in the given order, each with the variant it stands for
 */
export function aliasedTarget(
  target: Target,
  names: readonly { readonly name: string; readonly variant: string }[],
): Target {
  const own = (name: string): string => {
    const found = names.find((one) => one.name === name);
    if (found) return found.variant;
    throw new HarnessError('INTERNAL', `no variant of ${target.name} stands for "${name}"`);
  };
  return {
    ...target,
    variants: names.map(({ name }) => name),
    identityOf: async (variant, signal) => ({
      ...(await target.identityOf(own(variant), signal)),
      variant: own(variant),
    }),
    variantName: (text, flag = '--variant') => {
      if (names.some(({ name }) => name === text)) return text;
      throw new HarnessError(
        'BAD_OPTION',
        `${flag}: expected one of ${names.map(({ name }) => name).join(', ')}; got '${text}'.`,
      );
    },
    prepareDataset: (server, request) =>
      target.prepareDataset(server, { ...request, variant: own(request.variant) }),
    previewDataset: (server, request) =>
      target.previewDataset(server, { ...request, variant: own(request.variant) }),
    newDatabaseName: (variant) => target.newDatabaseName(own(variant)),
    openDatabase: (request) => target.openDatabase({ ...request, variant: own(request.variant) }),
    deafTo: (variant) => target.deafTo(own(variant)),
    startService: (request) => target.startService({ ...request, variant: own(request.variant) }),
    indexesByHand: (variant) => target.indexesByHand(own(variant)),
  };
}

/** What the optimisation week switched on. `indexes` describes the database; it changes no line of the service. */
export interface VariantSwitches {
  readonly indexes: boolean;
  readonly bulkApply: boolean;
  readonly eagerLoading: boolean;
}

export interface Variant {
  readonly name: string;
  readonly switches: VariantSwitches;
}

/** The reference ladder. Each step but the last changes one thing. */
export const VARIANT_NAMES = ['baseline', 'indexes', 'bulk-apply', 'eager-loading', 'optimised'] as const;

const SWITCH_NAMES = ['indexes', 'bulk-apply', 'eager-loading'];

/**
 * Reads a variant's name: one of {@link VARIANT_NAMES}, or switches joined by `+` in any order. The answer's name is
 * canonical: `bulk-apply+indexes` is `indexes+bulk-apply`, all three switches are `optimised`.
 *
 * @throws Error listing the valid names
 */
export function parseVariant(name: string): Variant {
  if (name === 'baseline') return toVariant([]);
  if (name === 'optimised') return toVariant(SWITCH_NAMES);
  const parts = name.split('+');
  const unknown = parts.filter((part) => !SWITCH_NAMES.includes(part));
  if (unknown.length > 0 || new Set(parts).size !== parts.length) {
    throw new Error(
      `Expected a variant, one of ${VARIANT_NAMES.join(', ')}, or different switches of ` +
        `${SWITCH_NAMES.join(', ')} joined by '+'; got '${name}'.`,
    );
  }
  return toVariant(parts);
}

function toVariant(parts: readonly string[]): Variant {
  const on = SWITCH_NAMES.filter((name) => parts.includes(name));
  const name = on.length === 0 ? 'baseline' : on.length === SWITCH_NAMES.length ? 'optimised' : on.join('+');
  return {
    name,
    switches: {
      indexes: on.includes('indexes'),
      bulkApply: on.includes('bulk-apply'),
      eagerLoading: on.includes('eager-loading'),
    },
  };
}

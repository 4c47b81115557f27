import type { Block, Section } from '../view/blocks.ts';

/** A section that says what is missing where it has nothing to show. */
export function section(
  id: string,
  heading: string,
  { lead = null, blocks, missing }: { lead?: string | null; blocks: readonly Block[]; missing: string },
): Section {
  return { id, heading, lead, blocks: blocks.length > 0 ? blocks : [{ kind: 'missing', text: missing }] };
}

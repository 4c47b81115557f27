import { HarnessError } from '../errors.ts';
import { autocannonGenerator } from '../load-generators/autocannon.ts';
import { pairedAutocannonGenerator } from '../load-generators/autocannon-paired.ts';
import { k6Generator } from '../load-generators/k6.ts';
import { findK6, missingK6Error } from '../load-generators/k6-binary.ts';
import { installK6 } from '../load-generators/k6-install.ts';
import { pairedK6Generator } from '../load-generators/k6-paired.ts';
import type { K6Program } from '../load-generators/k6-run.ts';
import type { LoadGenerator } from '../load-generators/load-generator.ts';
import type { PairedLoadGenerator } from '../load-generators/paired-load-generator.ts';
import type { RunRecord } from '../result.ts';
import type { CommandContext } from './command-context.ts';

export const GENERATOR_NAMES = ['k6', 'autocannon'] as const;
export type GeneratorName = (typeof GENERATOR_NAMES)[number];

/** How the generators of one kind are made. */
export interface GeneratorKind<Generator> {
  k6(program: K6Program): Generator;
  autocannon(): Generator;
}

/** They drive one service. */
export const SINGLE: GeneratorKind<LoadGenerator> = { k6: k6Generator, autocannon: autocannonGenerator };

/** They drive all services of a pair at once. */
export const PAIRED: GeneratorKind<PairedLoadGenerator> = {
  k6: pairedK6Generator,
  autocannon: pairedAutocannonGenerator,
};

export interface ChosenGenerators<Generator> {
  readonly generators: Generator[];
  readonly skipped: RunRecord['skippedLoads'];
}

/**
 * Makes ready the generators that were asked for. k6 is fetched when it is missing; where that cannot be, the others
 * run all the same and the result says why k6 did not, unless k6 was all that was asked for.
 *
 * @throws HarnessError K6_UNAVAILABLE and its kin, when nothing is left to run.
 */
export async function chooseGenerators<Generator>(
  context: CommandContext,
  names: readonly GeneratorName[],
  kind: GeneratorKind<Generator>,
): Promise<ChosenGenerators<Generator>> {
  const generators: Generator[] = [];
  const skipped: RunRecord['skippedLoads'] = [];
  for (const name of names) {
    if (name === 'autocannon') {
      generators.push(kind.autocannon());
      continue;
    }
    try {
      generators.push(kind.k6(await obtainK6(context)));
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code === 'INTERRUPTED' || names.length === 1) throw error;
      skipped.push({ generator: 'k6', reason: error.message });
      context.progress.note(`  k6 scenarios are left out: ${error.message}\n  → ${error.hint ?? ''}`);
    }
  }
  return { generators, skipped };
}

async function obtainK6(context: CommandContext) {
  const found = await findK6({ signal: context.signal });
  if (found.found) return found;
  context.progress.note(`  ${missingK6Error(found).message} Fetching it once.`);
  return context.progress.step('k6', (update) =>
    installK6({ signal: context.signal, onProgress: (progress) => update(progress.detail) }),
  );
}

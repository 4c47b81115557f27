import { HarnessError } from '../errors.ts';
import { autocannonGenerator } from '../load-generators/autocannon.ts';
import { k6Generator } from '../load-generators/k6.ts';
import { findK6, missingK6Error } from '../load-generators/k6-binary.ts';
import { installK6 } from '../load-generators/k6-install.ts';
import type { LoadGenerator } from '../load-generators/load-generator.ts';
import type { RunRecord } from '../result.ts';
import type { CommandContext } from './command-context.ts';

export const GENERATOR_NAMES = ['k6', 'autocannon'] as const;
export type GeneratorName = (typeof GENERATOR_NAMES)[number];

export interface ChosenGenerators {
  readonly generators: LoadGenerator[];
  readonly skipped: RunRecord['skippedLoads'];
}

/**
 * Makes ready the generators that were asked for. k6 is fetched when it is missing; where that cannot be, the others
 * run all the same and the result says why k6 did not, unless k6 was all that was asked for.
 *
 * @throws HarnessError K6_UNAVAILABLE and its kin, when nothing is left to run.
 */
export async function chooseGenerators(
  context: CommandContext,
  names: readonly GeneratorName[],
): Promise<ChosenGenerators> {
  const generators: LoadGenerator[] = [];
  const skipped: RunRecord['skippedLoads'] = [];
  for (const name of names) {
    if (name === 'autocannon') {
      generators.push(autocannonGenerator());
      continue;
    }
    try {
      generators.push(k6Generator(await obtainK6(context)));
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

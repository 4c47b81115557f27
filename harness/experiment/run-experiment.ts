import { randomInt } from 'node:crypto';
import path from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import type { Comparison, ExperimentRecord, PlannedSlot } from '../experiment-record.ts';
import type { RunRecord } from '../result.ts';
import { createSubfolder, type ResultFolder, recordEvent, writeExperiment } from '../store/result-folder.ts';
import { compareRuns } from './compare-runs.ts';
import { planSlots } from './plan.ts';
import { type RunContext, type RunPlan, runOnce } from './run-once.ts';

export interface ExperimentPlan extends Omit<RunPlan, 'variant'> {
  /** The first is the baseline that the others are compared with. */
  readonly variants: readonly string[];
  readonly pairs: number;
}

export type SlotRun = PlannedSlot & { readonly folder: string; readonly run: RunRecord };

/** An experiment with its runs, as the report wants it. */
export interface ExperimentOutcome {
  readonly experiment: ExperimentRecord;
  readonly runs: readonly SlotRun[];
}

/** A seed for the order of an experiment, short enough to be typed again. */
export function chooseSeed(): number {
  return randomInt(1, 1_000_000);
}

/**
 * Runs every slot of the plan and compares the variants. The end record is written in any case; an experiment that broke
 * off keeps its finished runs and compares its whole pairs.
 */
export async function runExperiment(
  context: RunContext,
  plan: ExperimentPlan,
  place: ResultFolder,
): Promise<ExperimentOutcome & { readonly failure: HarnessError | null }> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const slots = planSlots(plan);
  await recordEvent(place.folder, 'planned', {
    variants: plan.variants,
    pairs: plan.pairs,
    randomSeed: plan.randomSeed,
    slots,
  });
  const runs: SlotRun[] = [];
  const failure = await runSlots(context, plan, place, slots, runs);
  const wallMs = performance.now() - startedMs;
  const experiment: ExperimentRecord = {
    schema: 'rushhour.experiment/1',
    id: place.id,
    state: failure === null ? 'complete' : failure.code === 'INTERRUPTED' ? 'interrupted' : 'failed',
    failure: failure?.message ?? null,
    startedAt,
    endedAt: new Date().toISOString(),
    scenario: plan.scenario,
    variants: [...plan.variants],
    plan: { pairs: plan.pairs, randomSeed: plan.randomSeed, slots },
    runs: runs.map(({ pair, slot, variant, folder }) => ({ pair, slot, variant, folder })),
    comparisons: compareVariants(plan.variants, runs),
    loadShare: Math.min(1, runs.reduce((sum, { run }) => sum + measuredMs(run), 0) / wallMs),
    warnings: [],
  };
  await writeExperiment(place.folder, experiment);
  return { experiment, runs, failure };
}

async function runSlots(
  context: RunContext,
  plan: ExperimentPlan,
  place: ResultFolder,
  slots: readonly PlannedSlot[],
  runs: SlotRun[],
): Promise<HarnessError | null> {
  const startedMs = performance.now();
  for (const planned of slots) {
    const folder = path.join(
      'runs',
      `${String(planned.pair).padStart(2, '0')}-${planned.slot}-${planned.variant}`,
    );
    const label = `pair ${planned.pair} of ${plan.pairs}${timeLeft(startedMs, runs.length, slots.length)}`;
    try {
      const runFolder = await createSubfolder(path.join(place.folder, 'runs'), path.basename(folder));
      const run = await runOnce(
        { ...context, label },
        { ...plan, variant: planned.variant },
        { id: path.basename(folder), folder: runFolder },
      );
      runs.push({ ...planned, folder, run });
      await recordEvent(place.folder, 'slot finished', { ...planned, folder });
    } catch (error) {
      return error instanceof HarnessError
        ? error
        : new HarnessError('INTERNAL', messageOf(error), { cause: error });
    }
  }
  return null;
}

function timeLeft(startedMs: number, done: number, total: number): string {
  if (done < 2) return '';
  const leftMs = ((performance.now() - startedMs) / done) * (total - done);
  const minutes = leftMs / 60_000;
  return minutes < 1 ? ', less than a minute left' : `, about ${Math.round(minutes)} min left`;
}

/** Every later variant against the first, over the pairs that are whole. */
export function compareVariants(variants: readonly string[], runs: readonly SlotRun[]): Comparison[] {
  const [baseline, ...candidates] = variants;
  const find = (pair: number, variant: string | undefined) =>
    runs.find((run) => run.pair === pair && run.variant === variant)?.run;
  return candidates.map((candidate) => {
    const pairs = [...new Set(runs.map((run) => run.pair))]
      .sort((a, b) => a - b)
      .flatMap((pair) => {
        const [before, after] = [find(pair, baseline), find(pair, candidate)];
        return before && after ? [{ baseline: before, candidate: after }] : [];
      });
    return compareRuns({ baseline: baseline ?? '', candidate }, pairs);
  });
}

/** Time in which the service was being measured; the rest is cloning, starting and stopping. */
function measuredMs(run: RunRecord): number {
  const probing = run.probe?.dispatches.reduce((sum, dispatch) => sum + dispatch.wallMs, 0) ?? 0;
  return run.loads.reduce((sum, load) => sum + load.cpu.wallMs, probing);
}

import { randomBytes } from 'node:crypto';
import { type ErrorCode, HarnessError } from '../errors.ts';
import type { Confirmation, InvalidPair, Part, PlannedSlot } from '../experiment-record.ts';
import type { RunRecord } from '../result.ts';
import { isSettled } from '../statistics/verdict.ts';
import { keepPair, openPair, type StoredSlot, writeSoFar } from '../store/experiment-folder.ts';
import { recordEvent } from '../store/result-folder.ts';
import { assembleExperiment, type ExperimentState } from './assemble-experiment.ts';
import { confirmRegression, type ExperimentRunner } from './confirm-regression.ts';
import type { ExperimentContext } from './experiment-context.ts';
import { measureLoadPair } from './measure-load-pair.ts';
import { measurePair, type PairContext, type PreparedArm } from './measure-pair.ts';
import { pairsReading } from './pairs-reading.ts';
import { asHarnessError } from './run-record.ts';

/**
 * Everything that comes after the counts, in the order of the plan. What differs in what it writes or answers is not
 * timed at all.
 *
 * @param runner makes the second experiment of a regression
 */
export async function measureParts(
  context: ExperimentContext,
  state: ExperimentState,
  arms: readonly PreparedArm[],
  runner: ExperimentRunner,
): Promise<void> {
  const { server, target, signal } = context;
  const pairContext: PairContext = {
    ...{ server, target, signal, arms },
    plan: state.plan,
    secret: randomBytes(32).toString('hex'),
    logins: new Map(),
  };
  if (comparisonsOf(state).some((comparison) => comparison.refusals.length > 0)) {
    context.progress.note('  The variants do not do the same work: nothing is timed.');
    return;
  }
  if (state.plan.parts.includes('pair')) await measureUntilDecided(context, state, pairContext);
  if (state.plan.parts.includes('load')) await measureLoadPairs(context, state, pairContext);
  if (state.plan.confirm && state.plan.parts.length > 1) await confirmRegressions(context, state, runner);
}

/**
 * Pairs up to each look; the first at which every gate metric is settled is the last. Slower and faster are not settled:
 * more pairs can still prove that the change is larger than the band.
 */
async function measureUntilDecided(
  context: ExperimentContext,
  state: ExperimentState,
  pairContext: PairContext,
): Promise<void> {
  for (const [index, look] of state.plan.looks.entries()) {
    for (let pair = 1; pair <= look.pairs; pair++) {
      if (isMeasured(state, 'pair', pair)) continue;
      await measureKeptPair(context, state, 'pair', pair, async (slots, update) => {
        const runs = await measurePair(pairContext, slots, update);
        return { runs, loadMs: runs[0]?.round?.pairLoadMs ?? 0 };
      });
    }
    const open = undecided(state);
    const which = `  Look ${index + 1} of ${state.plan.looks.length}, ${look.pairs} pairs:`;
    context.progress.note(`${which} ${open.length === 0 ? 'decided' : `open: ${open.join(', ')}`}`);
    if (open.length === 0) return;
  }
}

function comparisonsOf(state: ExperimentState) {
  return assembleExperiment(state, null).comparisons;
}

/** Gate metrics that more pairs may still settle, with the arm they are of. */
function undecided(state: ExperimentState): string[] {
  return comparisonsOf(state).flatMap(({ candidate, refusals, timings }) =>
    refusals.length > 0
      ? []
      : timings
          .filter(({ role, source, verdict }) => role === 'gate' && source === 'pair' && !isSettled(verdict))
          .map(({ metric }) => (state.plan.arms.length > 2 ? `${metric} of ${candidate}` : metric)),
  );
}

function isMeasured({ runs }: ExperimentState, part: Part, pair: number): boolean {
  return runs.some((run) => run.part === part && run.pair === pair);
}

/** What may be different the next time: a dispatch that went wrong, a service that somebody has ended. */
const PASSING: readonly ErrorCode[] = ['DISPATCH_FAILED', 'SERVICE_ENDED', 'SERVICE_START_FAILED'];

/** How often a pair may be measured again before the experiment gives up. */
const MOST_ATTEMPTS = 3;

/**
 * A pair in which a dispatch failed is measured again in place: the cause was declared beforehand and does not depend on
 * what the pair would have said. It is told in the record.
 */
async function measureKeptPair(
  context: ExperimentContext,
  state: ExperimentState,
  part: 'pair' | 'load',
  pair: number,
  measure: (
    slots: readonly PlannedSlot[],
    update: (detail: string) => void,
  ) => Promise<{ runs: RunRecord[]; loadMs: number }>,
): Promise<void> {
  const slots = state.plan.slots.filter((slot) => slot.part === part && slot.pair === pair);
  for (let attempt = 1; ; attempt++) {
    try {
      await context.progress.step(pairTitle(state, part, pair), async (update) => {
        context.progress.reading?.({ pairs: pairsReading(state, part) });
        const { runs, loadMs } = await measure(slots, update);
        const measured = slots.map((slot, index) => ({ ...slot, run: runs[index] as RunRecord }));
        await keepMeasured(context, state, measured, loadMs);
      });
      return;
    } catch (error) {
      const failure = asHarnessError(error);
      if (context.signal.aborted || !PASSING.includes(failure.code) || attempt >= MOST_ATTEMPTS) throw error;
      const invalid: InvalidPair = { part, pair, cause: failure.message };
      state.invalidPairs.push(invalid);
      await recordEvent(state.place.folder, 'pair invalid', invalid);
    }
  }
}

/** The load part has no looks: so many pairs were planned. */
async function measureLoadPairs(
  context: ExperimentContext,
  state: ExperimentState,
  pairContext: PairContext,
): Promise<void> {
  for (let pair = 1; pair <= state.plan.load.pairs; pair++) {
    if (isMeasured(state, 'load', pair)) continue;
    await measureKeptPair(context, state, 'load', pair, async (slots, update) => {
      const folder = await openPair(state.place.folder, { part: 'load', pair });
      const runs = await measureLoadPair(pairContext, slots, {
        generators: context.generators,
        skippedLoads: context.skippedLoads,
        folder,
        onProgress: update,
        onReading: (reading) =>
          context.progress.reading?.({ ...reading, pairs: pairsReading(state, 'load') }),
      });
      const loadMs = runs[0]?.loads.reduce((sum, load) => sum + load.cpu.wallMs, 0) ?? 0;
      return { runs, loadMs };
    });
  }
}

function pairTitle(state: ExperimentState, part: 'pair' | 'load', pair: number): string {
  if (part === 'load') return `load, pair ${pair} of ${state.plan.load.pairs}`;
  const last = state.plan.looks.at(-1)?.pairs ?? pair;
  const next = state.plan.looks.find((look) => look.pairs >= pair)?.pairs ?? last;
  return next === last ? `pair ${pair} of ${last}` : `pair ${pair} of ${next} (${last} at most)`;
}

/** Keeps a whole pair, and with it what the experiment says so far. */
export async function keepMeasured(
  context: ExperimentContext,
  state: ExperimentState,
  measured: readonly (PlannedSlot & { readonly run: StoredSlot['run'] })[],
  loadMs: number,
): Promise<void> {
  context.signal.throwIfAborted(); // a pair that was cut short is not kept
  const stored = await keepPair(state.place.folder, measured);
  state.runs.push(...stored);
  state.loadMs += loadMs + probingMs(stored);
  await recordEvent(state.place.folder, 'pair finished', {
    part: stored[0]?.part,
    pair: stored[0]?.pair,
    folders: stored.map((slot) => slot.folder),
  });
  const interrupted = new HarnessError('INTERRUPTED', 'The experiment broke off.');
  await writeSoFar(state.place.folder, assembleExperiment(state, interrupted));
}

function probingMs(slots: readonly StoredSlot[]): number {
  return slots
    .flatMap(({ run }) => run.probe?.dispatches ?? [])
    .reduce((sum, dispatch) => sum + dispatch.wallMs, 0);
}

async function confirmRegressions(
  context: ExperimentContext,
  state: ExperimentState,
  runner: ExperimentRunner,
): Promise<void> {
  for (const comparison of comparisonsOf(state)) {
    if (comparison.unconfirmedVerdict !== 'regressed' || state.confirmations.has(comparison.candidate))
      continue;
    context.progress.note(
      `  ${comparison.candidate} regressed: an independent second experiment has to agree.`,
    );
    const confirmation: Confirmation = await confirmRegression(context, state, comparison, runner);
    state.confirmations.set(comparison.candidate, confirmation);
    await recordEvent(state.place.folder, 'confirmed', { ...confirmation });
  }
}

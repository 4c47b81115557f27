import { HarnessError } from '../errors.ts';
import type { ExperimentPlan } from '../experiment-record.ts';
import { machineFingerprint, readCommit } from '../machine/environment.ts';
import { clearUnfinished, writeEnd, writePlan, writeSoFar } from '../store/experiment-folder.ts';
import { type ResultFolder, recordEvent } from '../store/result-folder.ts';
import { assembleExperiment, type ExperimentState } from './assemble-experiment.ts';
import { type CountedArms, countArms } from './count-arms.ts';
import type { EarlierSitting, ExperimentContext, ExperimentOutcome } from './experiment-context.ts';
import { keepMeasured, measureParts } from './measure-parts.ts';
import { noteFalseAlarms } from './note-false-alarms.ts';
import { type ExperimentRequest, planExperiment, type UnsizedPlan } from './plan.ts';
import { prepareArms, type SeededArm } from './prepare-arms.ts';
import { type RoundRequest, sizeRound } from './round-size.ts';
import { asHarnessError } from './run-record.ts';
import { checkSameGround, groundOf } from './same-ground.ts';

/**
 * Runs an experiment from its beginning: equality and exact counts first, then pairs until a look decides, then the load
 * part, then the confirmation of a regression. What was measured is kept after each pair, and when it breaks off.
 */
export async function runExperiment(
  context: ExperimentContext,
  request: ExperimentRequest,
  round: RoundRequest,
  place: ResultFolder,
): Promise<ExperimentOutcome> {
  const state = newState(place, planExperiment(request));
  return keepingWhatWasMeasured(context, state, async () => {
    const arms = await prepareArms(context, state.plan);
    const counted = await countArms(context, state.plan, arms, (slots) =>
      keepMeasured(context, state, slots, 0),
    );
    state.plan = { ...state.plan, round: sizeOf(counted, round) };
    await writePlan(place.folder, state.plan);
    await measureParts(context, state, counted.arms, { runExperiment, resumeExperiment });
  });
}

/** Goes on with an experiment that broke off: the same plan to the letter, and no pair that is whole is measured again. */
export async function resumeExperiment(
  context: ExperimentContext,
  earlier: EarlierSitting,
  place: ResultFolder,
): Promise<ExperimentOutcome> {
  const state = { ...newState(place, earlier.plan), ...leftBy(earlier) };
  return keepingWhatWasMeasured(context, state, async () => {
    await clearUnfinished(place.folder);
    const arms = await prepareArms(context, state.plan);
    state.warnings.push(...(await changesOfGround(context, earlier, arms)));
    const counted = await countArms(
      context,
      state.plan,
      arms,
      (slots) => keepMeasured(context, state, slots, 0),
      state.runs,
    );
    await measureParts(context, state, counted.arms, { runExperiment, resumeExperiment });
  });
}

async function changesOfGround(
  { server }: ExperimentContext,
  { runs }: EarlierSitting,
  arms: readonly SeededArm[],
): Promise<string[]> {
  const [first] = runs;
  if (!first) return [];
  return checkSameGround(groundOf(first.run), {
    machine: machineFingerprint(),
    postgresVersion: server.version,
    datasetDigest: arms[0]?.identity.digest ?? '',
    commit: (await readCommit()).commit,
  });
}

function newState(place: ResultFolder, plan: UnsizedPlan | ExperimentPlan): ExperimentState {
  return {
    place,
    plan: { round: { warmUp: 0, dispatches: 0, sliceSize: 1 }, ...plan },
    startedAt: new Date().toISOString(),
    startedMs: performance.now(),
    runs: [],
    invalidPairs: [],
    confirmations: new Map(),
    sittings: 1,
    earlierWallMs: 0,
    loadMs: 0,
    falseAlarms: null,
    warnings: [],
  };
}

function leftBy({ soFar, runs }: EarlierSitting): Partial<ExperimentState> {
  return {
    runs: [...runs],
    ...(soFar && {
      startedAt: soFar.startedAt,
      invalidPairs: [...soFar.invalidPairs],
      sittings: soFar.sittings + 1,
      earlierWallMs: soFar.wallMs,
      loadMs: soFar.loadMs,
      warnings: [...soFar.warnings],
    }),
  };
}

async function keepingWhatWasMeasured(
  context: ExperimentContext,
  state: ExperimentState,
  work: () => Promise<void>,
): Promise<ExperimentOutcome> {
  const { folder } = state.place;
  await recordEvent(folder, 'sitting began', { sitting: state.sittings, pid: process.pid });
  let failure: HarnessError | null = null;
  try {
    await work();
    context.signal.throwIfAborted();
  } catch (error) {
    failure = context.signal.aborted
      ? new HarnessError('INTERRUPTED', 'The experiment was interrupted.', {
          cause: error,
          hint: `\`rushhour experiment --resume ${state.place.id}\` goes on with it.`,
        })
      : asHarnessError(error);
  }
  if (failure) await recordEvent(folder, 'sitting broke off', { failure: failure.message });
  state.falseAlarms = await noteFalseAlarms(context.resultsRoot, state, failure === null);
  const experiment = assembleExperiment(state, failure);
  if (failure) await writeSoFar(folder, experiment);
  else await writeEnd(folder, experiment);
  return { experiment, runs: state.runs, failure };
}

function sizeOf({ arms, dispatchMs }: CountedArms, round: RoundRequest): ExperimentPlan['round'] {
  const offers = Math.min(...arms.map((arm) => arm.offers.length));
  return sizeRound({ ...round, dispatchMs, offers });
}

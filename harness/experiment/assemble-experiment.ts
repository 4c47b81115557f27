import type { HarnessError } from '../errors.ts';
import type {
  Confirmation,
  ExperimentPlan,
  ExperimentRecord,
  FalseAlarms,
  InvalidPair,
} from '../experiment-record.ts';
import { machineFingerprint } from '../machine/environment.ts';
import type { StoredSlot } from '../store/experiment-folder.ts';
import type { ResultFolder } from '../store/result-folder.ts';
import { compareArms } from './compare-arms.ts';
import { falseAlarmsOf } from './false-alarms.ts';
import { stateAfter } from './run-record.ts';

/** Everything an experiment knows while it runs. Its record can be made of it at any moment. */
export interface ExperimentState {
  readonly place: ResultFolder;
  plan: ExperimentPlan;
  readonly startedAt: string;
  /** When this sitting began, on the monotonic clock. */
  readonly startedMs: number;
  readonly runs: StoredSlot[];
  readonly invalidPairs: InvalidPair[];
  /** By the name of the arm. */
  readonly confirmations: Map<string, Confirmation>;
  readonly sittings: number;
  readonly earlierWallMs: number;
  loadMs: number;
  falseAlarms: FalseAlarms | null;
  readonly warnings: string[];
}

/** @param failure why it broke off; `null` for a complete one */
export function assembleExperiment(state: ExperimentState, failure: HarnessError | null): ExperimentRecord {
  const { plan, runs } = state;
  const [baseline, ...candidates] = plan.arms.map((arm) => arm.name);
  const wallMs = state.earlierWallMs + performance.now() - state.startedMs;
  return {
    schema: 'rushhour.experiment/2',
    id: state.place.id,
    state: stateAfter(failure),
    failure: failure?.message ?? null,
    startedAt: state.startedAt,
    endedAt: new Date().toISOString(),
    scenario: plan.scenario,
    variants: plan.arms.map((arm) => arm.name),
    plan,
    dataset: runs[0]?.run.dataset ?? null,
    runs: runs.map(({ part, pair, slot, variant, folder }) => ({ part, pair, slot, variant, folder })),
    invalidPairs: state.invalidPairs,
    comparisons: candidates.map((candidate) =>
      compareArms(
        { baseline: baseline ?? '', candidate },
        plan,
        runs,
        state.confirmations.get(candidate) ?? null,
      ),
    ),
    falseAlarms: state.falseAlarms ?? falseAlarmsOf([], machineFingerprint()),
    sittings: state.sittings,
    wallMs,
    loadMs: state.loadMs,
    loadShare: wallMs === 0 ? 0 : Math.min(1, state.loadMs / wallMs),
    warnings: [...state.warnings],
  };
}

import { HarnessError, messageOf } from '../errors.ts';
import type { DatasetIdentity, Environment, RunRecord, VariantChanges } from '../result.ts';

/** What every run says of itself, before anything was measured. */
export interface RunIdentity {
  readonly id: string;
  readonly startedAt: string;
  readonly scenario: string;
  readonly variant: string;
  readonly changes: VariantChanges;
  readonly traffic: RunRecord['traffic'];
  readonly dataset: DatasetIdentity;
  readonly environment: Environment;
}

export type RunMeasurements = Pick<
  RunRecord,
  'probe' | 'round' | 'loads' | 'skippedLoads' | 'outcome' | 'warnings'
>;

export const NOTHING_MEASURED: RunMeasurements = {
  probe: null,
  round: null,
  loads: [],
  skippedLoads: [],
  outcome: null,
  warnings: [],
};

export interface RunEnding {
  readonly state: RunRecord['state'];
  /** `null` for a complete run. */
  readonly error: HarnessError | null;
}

export const COMPLETE: RunEnding = { state: 'complete', error: null };

export function runRecord(
  identity: RunIdentity,
  measured: RunMeasurements,
  ending: RunEnding = COMPLETE,
): RunRecord {
  return {
    schema: 'rushhour.run/2',
    ...identity,
    ...measured,
    state: ending.state,
    failure: ending.error?.message ?? null,
    endedAt: new Date().toISOString(),
  };
}

/** How something ended that may have thrown or have been interrupted. */
export function describeEnding(failure: unknown, signal: AbortSignal): RunEnding {
  if (signal.aborted) {
    const error = new HarnessError('INTERRUPTED', 'The run was interrupted.', { cause: failure });
    return { state: 'interrupted', error };
  }
  if (failure === null) return COMPLETE;
  return { state: 'failed', error: asHarnessError(failure) };
}

/** @param failure why something broke off; `null` for what is complete */
export function stateAfter(failure: HarnessError | null): RunRecord['state'] {
  if (failure === null) return 'complete';
  return failure.code === 'INTERRUPTED' ? 'interrupted' : 'failed';
}

export function asHarnessError(failure: unknown): HarnessError {
  return failure instanceof HarnessError
    ? failure
    : new HarnessError('INTERNAL', messageOf(failure), { cause: failure });
}

import { randomInt } from 'node:crypto';
import type { HarnessError } from '../errors.ts';
import type { ExperimentPlan, ExperimentRecord } from '../experiment-record.ts';
import type { PairedLoadGenerator } from '../load-generators/paired-load-generator.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { Progress } from '../progress.ts';
import type { RunRecord } from '../result.ts';
import type { StoredSlot } from '../store/experiment-folder.ts';
import type { Target } from '../targets/target.ts';

/** Where and with what an experiment runs. */
export interface ExperimentContext {
  readonly target: Target;
  readonly server: PostgresServer;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Holds the ledger of A/A experiments. */
  readonly resultsRoot: string;
  /** For the load part. */
  readonly generators: readonly PairedLoadGenerator[];
  /** Generators that were asked for and cannot run here, with the reason. */
  readonly skippedLoads: RunRecord['skippedLoads'];
}

/** An experiment with its runs, as the report wants it. */
export interface ExperimentOutcome {
  readonly experiment: ExperimentRecord;
  readonly runs: readonly StoredSlot[];
  /** Why it broke off; `null` when it is complete. */
  readonly failure: HarnessError | null;
}

/** What an earlier sitting left. */
export interface EarlierSitting {
  readonly plan: ExperimentPlan;
  readonly runs: readonly StoredSlot[];
  readonly soFar: ExperimentRecord | null;
}

/** A seed for the order of an experiment, short enough to be typed again. */
export function chooseSeed(): number {
  return randomInt(1, 1_000_000);
}

import type { LoadGenerator } from '../../load-generators/load-generator.ts';
import type { PostgresServer } from '../../postgres/server.ts';
import type { Progress } from '../../progress.ts';
import type { RunRecord } from '../../result.ts';
import type { Target } from '../../targets/target.ts';
import type { TaskId, WeekDay, WeekFacts, WeekPlan } from '../../week-record.ts';
import type { WeekMigration } from '../week-migration.ts';
import type { WeekSubject } from '../week-subject.ts';

/** Where and with what a week is done. */
export interface WeekContext {
  readonly target: Target;
  readonly server: PostgresServer;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly plan: WeekPlan;
  /** The week's own folder; tasks that keep more than their fact make one of their own in it. */
  readonly folder: string;
  /** Holds backups and the ledger of A/A experiments. */
  readonly resultsRoot: string;
  /** `null` where the service has none: what needs it is not in the plan then. */
  readonly migration: WeekMigration | null;
  readonly subject: WeekSubject;
  /** For the load and stress test. */
  readonly generators: readonly LoadGenerator[];
  /** Generators that were asked for and cannot run here, with the reason. */
  readonly skippedLoads: RunRecord['skippedLoads'];
}

/** A piece of the week that is done as a whole or again: it finds out one fact. */
export interface WeekTask<Id extends TaskId = TaskId> {
  readonly id: Id;
  /** Names the work in the progress, for example "backup and verified restore". */
  readonly title: string;
  /** The days that need it. */
  readonly days: readonly WeekDay[];
  /** Roughly how long it takes on two cores, in seconds: only for telling how long is left. */
  expectedSeconds(plan: WeekPlan): number;
  run(context: WeekContext): Promise<NonNullable<WeekFacts[Id]>>;
  /** The first numbers of what it found, in lines for the terminal. */
  lines(fact: NonNullable<WeekFacts[Id]>): readonly string[];
}

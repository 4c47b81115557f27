import { companyDays } from '../../seed/profiles.ts';
import type { Arm, ExperimentPlan, PlannedSlot } from '../experiment-record.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { canCountStatements } from '../postgres/statement-stats.ts';
import type { DatasetIdentity, Environment, RunRecord } from '../result.ts';
import { collectTokens, type Tokens } from '../service/dispatch-client.ts';
import { readOutcome } from '../service/outcome.ts';
import type { ServiceEntries } from './experiment-context.ts';
import { withFreshTargets } from './fresh-target.ts';
import { measureRounds } from './measure-round.ts';
import { pairSeed } from './plan.ts';
import { armNamed, targetOf } from './prepare-arms.ts';
import { NOTHING_MEASURED, runRecord } from './run-record.ts';

/** An arm that is ready to be cloned and started, with what is known of it. */
export interface PreparedArm {
  readonly arm: Arm;
  readonly template: string;
  readonly dataset: DatasetIdentity;
  readonly environment: Environment;
}

export interface PairContext {
  readonly server: PostgresServer;
  readonly plan: ExperimentPlan;
  readonly arms: readonly PreparedArm[];
  /** Signs the tokens of all services of the experiment, so that each company logs in once. */
  readonly jwtSecret: string;
  readonly tokens: Tokens;
  readonly entries?: ServiceEntries;
  readonly signal: AbortSignal;
}

/** The answers were compared when the dispatches were counted; asking again here would be work on one side's cache. */
const NO_ANSWERS = { responseShapes: {}, answersDigest: '' };

/**
 * Measures one pair: fresh clones and fresh processes, all up at once, slices alternating. Returns one run a slot, in
 * the order of the slots.
 */
export async function measurePair(
  context: PairContext,
  slots: readonly PlannedSlot[],
  onProgress: (detail: string) => void,
): Promise<RunRecord[]> {
  const { server, plan, signal } = context;
  const startedAt = new Date().toISOString();
  const [first] = slots;
  const sides = slots.map((slot) => armNamed(context.arms, slot.variant));
  const days = companyDays(plan.shape).slice(0, plan.round.warmUp + plan.round.dispatches);
  const { jwtSecret } = context;
  const targets = sides.map((side) => ({ ...targetOf(side, context), jwtSecret }));
  return withFreshTargets(targets, async (fresh) => {
    await collectTokens(context.tokens, {
      baseUrl: fresh[0]?.service.baseUrl ?? '',
      companyDays: days,
      signal,
    });
    const rounds = await withAdmin(server, undefined, async (observer) =>
      measureRounds(fresh, (await canCountStatements(observer)) ? observer : null, {
        ...plan.round,
        companyDays: days,
        randomSeed: pairSeed(plan, first?.pair ?? 0),
        tokens: context.tokens,
        signal,
        onDispatch: (done, total) => onProgress(`${done} of ${total} dispatches`),
      }),
    );
    const outcomes = await Promise.all(
      fresh.map(({ database }) => readOutcome(server, database.name, days, NO_ANSWERS)),
    );
    return sides.map(({ arm, dataset, environment }, index) =>
      runRecord(
        {
          id: `pair-${first?.pair}-${index + 1}`,
          startedAt,
          scenario: plan.scenario,
          variant: arm.name,
          changes: arm.changes,
          traffic: { durationFactor: 1, rateFactor: 1, randomSeed: plan.randomSeed },
          dataset,
          environment,
        },
        { ...NOTHING_MEASURED, round: rounds[index] ?? null, outcome: outcomes[index] ?? null },
      ),
    );
  });
}

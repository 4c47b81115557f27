import type { Arm, ExperimentPlan, PlannedSlot } from '../experiment-record.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { canCountStatements } from '../postgres/statement-stats.ts';
import { withResources } from '../resources.ts';
import type { DatasetIdentity, Environment, RunRecord } from '../result.ts';
import type { Offer } from '../targets/offer.ts';
import type { Answers, Logins, Target } from '../targets/target.ts';
import { type FreshTarget, withFreshTargets } from './fresh-target.ts';
import { type DispatchedTarget, measureRounds } from './measure-round.ts';
import { pairSeed } from './plan.ts';
import { armNamed, targetOf } from './prepare-arms.ts';
import { NOTHING_MEASURED, runRecord } from './run-record.ts';

/** An arm that is ready to be cloned and started, with what is known of it. */
export interface PreparedArm {
  readonly arm: Arm;
  readonly template: string;
  readonly offers: readonly Offer[];
  readonly dataset: DatasetIdentity;
  readonly environment: Environment;
}

export interface PairContext {
  readonly server: PostgresServer;
  readonly target: Target;
  readonly plan: ExperimentPlan;
  readonly arms: readonly PreparedArm[];
  /** Shared by all services of the experiment, so that who logs in does so once. */
  readonly secret: string;
  readonly logins: Logins;
  readonly signal: AbortSignal;
}

/** The answers were compared when the dispatches were counted; asking again here would be work on one side's cache. */
const NO_ANSWERS: Answers = { responseShapes: {}, answersDigest: '' };

/**
 * Measures one pair: fresh clones and fresh processes, all up at once, slices alternating. Returns one run a slot, in
 * the order of the slots.
 */
export async function measurePair(
  context: PairContext,
  slots: readonly PlannedSlot[],
  onProgress: (detail: string) => void,
): Promise<RunRecord[]> {
  const { server, target, plan, signal, secret } = context;
  const startedAt = new Date().toISOString();
  const [first] = slots;
  const sides = slots.map((slot) => armNamed(context.arms, slot.variant));
  const dispatches = plan.round.warmUp + plan.round.dispatches;
  const targets = sides.map((side) => ({ ...targetOf(side, context), secret }));
  return withFreshTargets(targets, async (fresh) => {
    const offersOf = (index: number) => (sides[index]?.offers ?? []).slice(0, dispatches);
    const rounds = await withDispatchers(context, fresh, offersOf, (dispatched) =>
      withAdmin(server, undefined, async (observer) =>
        measureRounds(dispatched, (await canCountStatements(observer)) ? observer : null, {
          ...plan.round,
          offers: offersOf(0),
          randomSeed: pairSeed(plan, first?.pair ?? 0),
          signal,
          onDispatch: (done, total) => onProgress(`${done} of ${total} dispatches`),
        }),
      ),
    );
    const outcomes = await Promise.all(
      fresh.map((place, index) => target.readOutcome(place, offersOf(index), NO_ANSWERS)),
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

/** Logs in at every target before anything is measured, one after another: the first may do it for all. */
async function withDispatchers<T>(
  { target, logins, signal }: PairContext,
  fresh: readonly FreshTarget[],
  offersOf: (index: number) => readonly Offer[],
  work: (dispatched: readonly DispatchedTarget[]) => Promise<T>,
): Promise<T> {
  return withResources(async (onRelease) => {
    const dispatched: DispatchedTarget[] = [];
    for (const [index, place] of fresh.entries()) {
      const options = { offers: offersOf(index), logins, signal, onOddity: () => {} };
      const dispatcher = await target.openDispatcher(place, options);
      onRelease(async () => dispatcher.close());
      dispatched.push({ ...place, dispatcher });
    }
    return work(dispatched);
  });
}

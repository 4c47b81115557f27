import type { DatasetShape } from '../../seed/profiles.ts';
import { loadStatementParser, statementIdentity } from '../capture/statement-identity.ts';
import type { FreshTargetOptions } from '../experiment/fresh-target.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { isTransactionControl } from '../postgres/statement-stats.ts';
import { withClone } from '../postgres/templates.ts';
import type { Progress } from '../progress.ts';
import type { DatasetIdentity } from '../result.ts';
import { recordEvent } from '../store/result-folder.ts';
import type { Target } from '../targets/target.ts';
import { type CollectedPlans, collectPlans } from './collect-plans.ts';
import type { GrowthSample } from './growth-sample.ts';
import { measureGrowth } from './measure-growth.ts';
import { type ProfiledDispatches, profileDispatches, timeDispatches } from './profiled-dispatches.ts';
import { judgeSlowStatements, rankStatements } from './slow-statements.ts';
import { accountOf } from './statement-account.ts';
import type { SlowStatements } from './statement-record.ts';

export interface ProfileContext {
  readonly target: Target;
  readonly server: PostgresServer;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

export interface ProfilePlan {
  readonly variant: string;
  readonly shape: DatasetShape;
  /** Dispatches that are measured, after `warmUp` that are not. */
  readonly dispatches: number;
  readonly warmUp: number;
  /** Statements with a mean of at least that are counted beside the fixed definitions of slow. */
  readonly thresholdMs: number;
  /** Of each size at which growth is measured. Default: 3. */
  readonly growthRepeats?: number;
}

/** All that was measured for a profile. */
export interface MeasuredProfile {
  readonly dataset: DatasetIdentity;
  readonly profiled: ProfiledDispatches;
  /** How long each of the same dispatches took on another clone, with nothing between service and database. */
  readonly undisturbedMs: readonly number[];
  readonly statements: SlowStatements;
  readonly plans: CollectedPlans;
  /** Empty where datasets of other sizes cannot be made. */
  readonly growth: readonly GrowthSample[];
}

/**
 * Runs dispatches of one variant alone and looks at what they do in the database: undisturbed for their time, then heard and
 * counted, then replayed for their plans, then at growing sizes. Each step has fresh clones; nothing is logged.
 */
export async function measureProfile(
  { server, target: measured, signal, progress }: ProfileContext,
  plan: ProfilePlan,
  folder: string,
): Promise<MeasuredProfile> {
  await recordEvent(folder, 'started', { variant: plan.variant, shape: plan.shape });
  await loadStatementParser();
  const { variant, shape } = plan;
  const dataset = await progress.step(`Dataset ${shape.profile}`, (onProgress) =>
    measured.prepareDataset(server, { variant, shape, signal, onProgress }),
  );
  const service = { server, target: measured, variant, signal };
  const target = { ...service, template: dataset.template };
  const offers = dataset.offers.slice(0, plan.warmUp + plan.dispatches);
  const dispatches = { offers, warmUp: plan.warmUp };

  const undisturbedMs = await progress.step('Dispatches, undisturbed', (onProgress) =>
    timeDispatches(target, { ...dispatches, onProgress }),
  );
  const profiled = await progress.step('Dispatches, heard and counted', (onProgress) =>
    profileDispatches(target, { ...dispatches, onProgress }),
  );
  await recordEvent(folder, 'dispatched', { undisturbedMs });

  const account = accountOf(profiled.dispatches);
  const statements = judgeSlowStatements(account.statements, {
    dispatches: profiled.dispatches.length,
    clock: account.clock,
    thresholdMs: plan.thresholdMs,
  });
  const plans = await progress.step('Plans', () => planStatements(target, profiled, statements));
  await recordEvent(folder, 'planned', { statements });

  const growth = measured.scales
    ? await progress.step('Growth', (onProgress) =>
        measureGrowth({
          ...service,
          randomSeed: shape.randomSeed,
          ...(plan.growthRepeats && { repeats: plan.growthRepeats }),
          onProgress,
        }),
      )
    : [];
  await recordEvent(folder, 'grown', { samples: growth.length });
  return { dataset: dataset.identity, profiled, undisturbedMs, statements, plans, growth };
}

const PLANS_OF_EACH_RANKING = 10;

/** The slowest and those that touch most blocks; transaction control has no plan. */
async function planStatements(
  { server, template }: FreshTargetOptions,
  { transcript }: ProfiledDispatches,
  { statements }: SlowStatements,
): Promise<CollectedPlans> {
  const ranked = (['meanMs', 'blocksPerDispatch'] as const).flatMap((ranking) =>
    rankStatements(statements, ranking, PLANS_OF_EACH_RANKING),
  );
  const wanted = [...new Set(ranked.map(({ statement }) => statement))].filter(
    (statement) => !isTransactionControl(statement),
  );
  return withClone(server, template, ({ name }) =>
    collectPlans({
      connectionUrl: server.serviceUrl(name),
      transcript,
      identities: transcript.statements.map(({ text }) => statementIdentity(text)),
      wanted,
    }),
  );
}

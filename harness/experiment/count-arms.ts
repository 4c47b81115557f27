import { HarnessError } from '../errors.ts';
import type { ExperimentPlan, PlannedSlot } from '../experiment-record.ts';
import type { RunRecord } from '../result.ts';
import type { StoredSlot } from '../store/experiment-folder.ts';
import { type CountedDispatches, countDispatches } from './count-dispatches.ts';
import type { ExperimentContext } from './experiment-context.ts';
import type { PreparedArm } from './measure-pair.ts';
import { armNamed, type SeededArm, targetOf } from './prepare-arms.ts';
import { generatorVersions } from './run-once.ts';
import { NOTHING_MEASURED, runRecord } from './run-record.ts';

export interface CountedArms {
  readonly arms: readonly PreparedArm[];
  /** Mean time of a counted dispatch by arm: tells how many fill a round, and is compared with nothing. */
  readonly dispatchMs: readonly number[];
}

type MeasuredSlot = PlannedSlot & { readonly run: RunRecord };

/**
 * The first part of every experiment: each arm dispatches the same company-days alone, repeatedly, on fresh clones.
 * What it writes and answers must be the same in every arm, and what it costs is counted to the unit.
 *
 * @param done runs of an earlier sitting; their repeats are not counted again
 */
export async function countArms(
  context: ExperimentContext,
  plan: ExperimentPlan,
  seeded: readonly SeededArm[],
  keep: (slots: readonly MeasuredSlot[]) => Promise<void>,
  done: readonly StoredSlot[] = [],
): Promise<CountedArms> {
  const generators = await generatorVersions(context.generators);
  const runs: MeasuredSlot[] = done.filter((run) => run.part === 'count');
  for (let pair = 1; pair <= plan.countRepeats; pair++) {
    if (runs.some((run) => run.pair === pair)) continue;
    const slots = plan.slots.filter((slot) => slot.part === 'count' && slot.pair === pair);
    const counted = await context.progress.step(
      `counting dispatches alone, ${pair} of ${plan.countRepeats}`,
      async (onProgress) => {
        const measured: MeasuredSlot[] = [];
        for (const slot of slots) {
          measured.push({
            ...slot,
            run: await countSlot(context, plan, seeded, slot, { generators, onProgress }),
          });
        }
        return measured;
      },
    );
    await keep(counted);
    runs.push(...counted);
  }
  const arms = seeded.map((one) => prepared(one, runs));
  return {
    arms,
    dispatchMs: arms.map(({ arm }) => meanDispatchMs(runs.filter((run) => run.variant === arm.name))),
  };
}

async function countSlot(
  context: ExperimentContext,
  plan: ExperimentPlan,
  seeded: readonly SeededArm[],
  slot: PlannedSlot,
  options: { generators: Record<string, string>; onProgress: (detail: string) => void },
): Promise<RunRecord> {
  const startedAt = new Date().toISOString();
  const seededArm = armNamed(seeded, slot.variant);
  const { arm, identity } = seededArm;
  const counted: CountedDispatches = await countDispatches(context.server, targetOf(seededArm, context), {
    offers: seededArm.offers,
    probe: plan.probe,
    signal: context.signal,
    ...options,
    onProgress: (detail) => options.onProgress(`${arm.name}: ${detail}`),
  });
  const { environment, ...measured } = counted;
  return runRecord(
    {
      id: `count-${slot.pair}-${slot.slot}`,
      startedAt,
      scenario: plan.scenario,
      variant: arm.name,
      changes: arm.changes,
      traffic: { durationFactor: 1, rateFactor: 1, randomSeed: plan.randomSeed },
      dataset: identity,
      environment,
    },
    { ...NOTHING_MEASURED, ...measured },
  );
}

/** An arm's environment is that of its last count: a clone of the same template on the same server. */
function prepared(
  { arm, template, offers, identity }: SeededArm,
  runs: readonly MeasuredSlot[],
): PreparedArm {
  const last = runs.findLast((run) => run.variant === arm.name);
  if (!last) throw new HarnessError('INTERNAL', `nothing was counted of "${arm.name}"`);
  return { arm, template, offers, dataset: identity, environment: last.run.environment };
}

function meanDispatchMs(runs: readonly MeasuredSlot[]): number {
  const times = runs.flatMap(({ run }) => run.probe?.dispatches ?? []).map((dispatch) => dispatch.wallMs);
  return times.length === 0 ? 0 : times.reduce((sum, ms) => sum + ms, 0) / times.length;
}

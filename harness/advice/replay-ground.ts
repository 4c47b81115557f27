/** What every judgement of an index stands on: the workload replayed as it is, twice. */
import type { Progress } from '../progress.ts';
import { createIndexSql, dropIndexSql } from './index-definition.ts';
import type { Measure } from './leave-out-existing.ts';
import { measureWorkload, type WorkloadContext } from './measure-workload.ts';
import { type Measurement, stablePlaces } from './measurement.ts';

export interface ReplayGround {
  readonly measure: Measure;
  readonly before: Measurement;
  /** The same once more: what differs between the two is no effect of an index. */
  readonly beforeAgain: Measurement;
  /** Places whose results may be compared. */
  readonly stable: ReadonlySet<number>;
}

/**
 * Replays the workload twice without a change.
 * @throws HarnessError INTERRUPTED, DATABASE_FAILED
 */
export async function layGround(context: WorkloadContext, progress: Progress): Promise<ReplayGround> {
  const measure = measuredOnce(context);
  return progress.step('Replay as it is', async (update) => {
    const before = await measure([], []);
    update('once more');
    const beforeAgain = await measureWorkload(context, { create: [], drop: [] });
    return { measure, before, beforeAgain, stable: stablePlaces(before, beforeAgain) };
  });
}

/** Equal sets of indexes cost the same blocks, so each is replayed once. */
function measuredOnce(context: WorkloadContext): Measure {
  const known = new Map<string, Promise<Measurement>>();
  return (create, drop) => {
    const key = [...create.map((index) => createIndexSql(index)), ...drop.map((index) => dropIndexSql(index))]
      .sort()
      .join('\n');
    const found = known.get(key) ?? measureWorkload(context, { create, drop });
    known.set(key, found);
    return found;
  };
}

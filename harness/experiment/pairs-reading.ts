import type { PairsReading } from '../live/live-reading.ts';
import { median } from '../statistics/hodges-lehmann.ts';
import type { ExperimentState } from './assemble-experiment.ts';

/** How far a part of an experiment is. Ratios, intervals and verdicts are left out: they are for the looks of the plan. Pure. */
export function pairsReading(
  { plan, runs, startedMs }: ExperimentState,
  part: 'pair' | 'load',
  nowMs: number = performance.now(),
): PairsReading {
  const own = runs.filter((run) => run.part === part);
  const done = new Set(own.map(({ pair }) => pair)).size;
  const most = part === 'load' ? plan.load.pairs : (plan.looks.at(-1)?.pairs ?? 0);
  const medians = plan.arms.flatMap(({ name }) => {
    const times = own
      .filter(({ variant }) => variant === name)
      .flatMap(({ run }) => run.round?.slices.flatMap(({ dispatchMs }) => dispatchMs) ?? []);
    return times.length === 0 ? [] : [{ variant: name, medianMs: median(times) }];
  });
  // The counts before the first pair are in it too, so this is rather too long than too short.
  const leftMs = done === 0 ? null : ((nowMs - startedMs) / done) * (most - done);
  return { part, done, most, medians, leftMs };
}

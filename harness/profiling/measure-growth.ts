import { DISPATCH_UNIT } from '../capture/unit-of-work.ts';
import { type GrowthOptions, sampleDispatchGrowth } from './dispatch-growth.ts';
import { isInDoubt } from './growth-doubt.ts';
import { type GrowthStep, growthSteps, isLargest } from './growth-plan.ts';
import type { GrowthSample } from './growth-sample.ts';
import { samplePageGrowth } from './page-growth.ts';

export interface MeasureGrowthOptions extends GrowthOptions {
  readonly randomSeed: number;
  /**
   * Each page and each dispatch of the largest sizes is repeated so often, on equal data: a count that differs between them is no
   * measure. Dispatches of the other sizes are, too, where the counts of some statement leave doubt. Default: 3.
   */
  readonly repeats?: number;
  readonly onProgress: (detail: string) => void;
}

const REPEATS = 3;

/** Two sizes are measured at a time. Only counts come of it, which company does not change. */
const AT_A_TIME = 2;

interface GrowthTask {
  readonly title: string;
  readonly run: () => Promise<GrowthSample[]>;
}

/** What every statement of a dispatch and of a list does at several sizes, all counted. */
export async function measureGrowth(options: MeasureGrowthOptions): Promise<GrowthSample[]> {
  const { randomSeed, repeats = REPEATS } = options;
  const steps = growthSteps(randomSeed);
  const dispatching = (step: GrowthStep, times: number): GrowthTask => ({
    title: step.title,
    run: () => sampleDispatchGrowth(options, step, times),
  });
  const paging = { title: 'pages of lists', run: () => samplePageGrowth(options, randomSeed, repeats) };

  const measured = await inTurns(
    [...steps.map((step) => dispatching(step, isLargest(step, steps) ? repeats : 1)), paging],
    options,
  );
  const dispatches = measured.filter(({ unit }) => unit === DISPATCH_UNIT);
  if (repeats === 1 || !isInDoubt(dispatches)) return measured;
  // Only then: each repeat starts the service anew, which takes most of the time.
  const others = steps.filter((step) => !isLargest(step, steps));
  const repeated = await inTurns(
    others.map((step) => dispatching(step, repeats - 1)),
    options,
  );
  return [...measured, ...repeated];
}

/** @returns the samples in the order of the tasks */
async function inTurns(
  tasks: readonly GrowthTask[],
  { signal, onProgress }: MeasureGrowthOptions,
): Promise<GrowthSample[]> {
  const found: GrowthSample[][] = tasks.map(() => []);
  const waiting = [...tasks.entries()];
  let done = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      signal.throwIfAborted();
      const [index, task] = next;
      onProgress(`${done} of ${tasks.length}: ${task.title}`);
      found[index] = await task.run();
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return found.flat();
}

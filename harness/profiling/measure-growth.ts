import { type GrowthOptions, sampleDispatchGrowth } from './dispatch-growth.ts';
import { growthSteps } from './growth-plan.ts';
import type { GrowthSample } from './growth-sample.ts';
import { samplePageGrowth } from './page-growth.ts';

export interface MeasureGrowthOptions extends GrowthOptions {
  readonly randomSeed: number;
  /** Each dispatch and each page is repeated so often, on equal data: a count that differs between them is no measure. Default: 3. */
  readonly repeats?: number;
  readonly onProgress: (detail: string) => void;
}

const REPEATS = 3;

/** Two sizes are measured at a time. Only counts come of it, which company does not change. */
const AT_A_TIME = 2;

/** What every statement of a dispatch and of a list does at several sizes, all counted. */
export async function measureGrowth(options: MeasureGrowthOptions): Promise<GrowthSample[]> {
  const { randomSeed, repeats = REPEATS } = options;
  const tasks = [
    ...growthSteps(randomSeed).map((step) => ({
      title: step.title,
      run: () => sampleDispatchGrowth(options, step, repeats),
    })),
    { title: 'pages of lists', run: () => samplePageGrowth(options, randomSeed, repeats) },
  ];
  const found: GrowthSample[][] = tasks.map(() => []);
  const waiting = [...tasks.entries()];
  let done = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      options.signal.throwIfAborted();
      const [index, task] = next;
      options.onProgress(`${done} of ${tasks.length}: ${task.title}`);
      found[index] = await task.run();
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return found.flat();
}

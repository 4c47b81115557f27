import { candidateDimensions, exactModels } from './growth-model.ts';
import type { GrowthSample } from './growth-sample.ts';
import { growthSeries } from './growth-series.ts';

/**
 * Whether the calls of some statement are more than a simple formula of the sizes. Only then can further repeats say something new:
 * whether it is noise or an unknown reason. A count that is not always the same leaves a residual at some size, repeated or not.
 *
 * @param samples each size at least once
 */
export function isInDoubt(samples: readonly GrowthSample[]): boolean {
  return growthSeries(samples).some(({ observations }) => {
    const dimensions = candidateDimensions(observations);
    return exactModels(observations, dimensions).length === 0;
  });
}

import { isQuery } from '../experiment/statement-text.ts';
import { type GrowthSeries, type Observation, pointsOf } from './growth-series.ts';
import { LEAST_RISE, type Verdict } from './growth-verdict.ts';
import { pointsText } from './growth-words.ts';
import type { Judgement } from './judgement.ts';

/** Fewer repeated calls are not worth a change; five is what span and log detectors agree on. */
const LEAST_REPEATED = 5;

/** Asking again is how these work: a lock, the next value, the next rows of a cursor, a job of a queue. */
const ASKS_AGAIN =
  /\b(?:nextval|setval|set_config|pg_advisory\w*|pg_try_advisory\w*|pg_notify|random|clock_timestamp)\s*\(|\bFOR\s+(?:NO\s+KEY\s+)?(?:UPDATE|SHARE)\b|\bFOR\s+KEY\s+SHARE\b/i;

/** Where it was called most, when at most half of its calls had parameters of their own; null also where none were seen. */
export function findRepeated({ statement, observations }: GrowthSeries): Judgement['repeated'] {
  if (statement === null || !isQuery(statement) || ASKS_AGAIN.test(statement)) return null;
  const most = observations.toSorted((a, b) => b.calls - a.calls)[0];
  if (most === undefined || most.distinctParameters === null) return null;
  const { calls, distinctParameters } = most;
  return isMostlyRepeated(calls, distinctParameters) ? { calls, distinctParameters } : null;
}

export function isMostlyRepeated(calls: number, distinctParameters: number): boolean {
  return calls - distinctParameters >= LEAST_REPEATED && distinctParameters <= calls / 2;
}

const LOOPS: readonly string[] = ['n-plus-one', 'superlinear', 'saturating'];

/**
 * A loop that asks the same again is no N+1: there is nothing to fetch together, one answer is enough. When the different
 * parameters grow with the work too, it is both, and the judgement stays what the calls say.
 */
export function withRepeated(
  verdict: Verdict,
  repeated: Judgement['repeated'],
  observations: readonly Observation[],
): Verdict {
  if (repeated === null) return verdict;
  const isLoop = LOOPS.includes(verdict.verdict);
  if (!isLoop && verdict.verdict !== 'constant') return verdict;
  if (isLoop && distinctRise(observations) >= LEAST_RISE) return verdict;
  const { calls, distinctParameters } = repeated;
  const seen =
    verdict.dimension === null
      ? verdict.reason
      : `calls ${pointsText(pointsOf(observations, verdict.dimension), verdict.dimension)}`;
  return {
    ...verdict,
    verdict: 'redundant',
    reason: `of ${calls} calls only ${distinctParameters} had parameters of their own (${seen})`,
  };
}

function distinctRise(observations: readonly Observation[]): number {
  const counts = observations.map(({ distinctParameters }) => distinctParameters ?? 0);
  return Math.max(...counts) - Math.min(...counts);
}

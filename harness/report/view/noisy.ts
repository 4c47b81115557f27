import type { Comparison } from '../../experiment-record.ts';
import { formatShare } from '../../quantity.ts';
import { tooNoisyTimings } from '../gate.ts';
import { intervalOf } from '../gate-table.ts';
import { changeSize } from '../verdict-sentence.ts';
import { type Table, table } from './blocks.ts';

/** Metrics that neither showed a change nor could have shown one that matters; `null` when there is none. */
export function noisyTable(comparison: Comparison): Table | null {
  return table(
    `Too noisy to judge: ${comparison.candidate} against ${comparison.baseline}`,
    ['Metric', 'Pairs', 'Interval', 'Band', 'Would have shown', 'Why'],
    tooNoisyTimings(comparison).map((timing) => [
      timing.role === 'gate' ? `${timing.metric} (decides)` : timing.metric,
      String(timing.pairs),
      intervalOf(timing, timing.low, timing.high),
      `±${formatShare(timing.delta)}`,
      timing.detectableRatio === null ? '–' : `a ${changeSize(timing.detectableRatio)} change`,
      timing.reason,
    ]),
    {
      textColumns: [5],
      note: 'Nothing follows for these: neither that they changed nor that they did not.',
    },
  );
}

/** The thresholds that a k6 script declares, from what k6's --summary-export says of them. Pure. */
import { z } from 'zod';
import type { ThresholdResult } from '../result.ts';

const Export = z.object({
  metrics: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** As k6 reads one: `p(95)<500`, `rate>0.99`, `count == 0`. */
const EXPRESSION = /^\s*([a-z]+(?:\([\d.]+\))?)\s*(?:<=|>=|===|==|!=|<|>)\s*([\d.]+(?:e[+-]?\d+)?)\s*$/i;

/** The export of k6 says `true` of a threshold that failed. @throws Error when the text is no such export */
export function readScriptThresholds(text: string): ThresholdResult[] {
  const { metrics } = Export.parse(JSON.parse(text));
  return Object.entries(metrics).flatMap(([metric, values]) =>
    Object.entries((values.thresholds ?? {}) as Record<string, boolean>).map(([expression, hasFailed]) => {
      const [, statistic = '', limit = '0'] = EXPRESSION.exec(expression) ?? [];
      const isRate = statistic === 'rate' && 'passes' in values;
      const measured = values[isRate ? 'value' : statistic];
      return {
        name: `${metric}: ${expression}`,
        unit: unitOf(metric, statistic, isRate),
        limit: Number(limit),
        measured: typeof measured === 'number' ? measured : null,
        passed: !hasFailed,
      };
    }),
  );
}

function unitOf(metric: string, statistic: string, isRate: boolean): ThresholdResult['unit'] {
  if (isRate) return 'ratio';
  const isTime = /duration|blocked|connecting|waiting|sending|receiving|handshaking|time/.test(metric);
  return isTime && statistic !== 'count' && statistic !== 'rate' ? 'ms' : 'count';
}

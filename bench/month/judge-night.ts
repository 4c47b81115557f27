import type { NightRecord } from '../../harness/night-record.ts';
import type { Day } from './days.ts';

/** What `rushhour bisect --json` says. */
export interface BisectAnswer {
  readonly ended: { readonly end: string };
  readonly commits: readonly { readonly subject: string }[];
  readonly steps: readonly unknown[];
}

export interface NightSaid {
  readonly met: boolean;
  readonly line: string;
}

/**
 * Whether a night said what it should: what was planted, with its commit; and of any other no regression, and no improvement over the reference
 * before there is one.
 */
export function judgeNight(day: Day, night: NightRecord, answer: BisectAnswer | null): NightSaid {
  const named = answer?.ended.end === 'found' ? (answer.commits[0]?.subject ?? '') : '';
  const met = day.planted
    ? night.verdict === day.planted.direction && named === day.planted.subject
    : night.verdict !== 'regressed' &&
      night.verdict !== 'failed' &&
      (night.verdict !== 'improved' || day.better);
  const search = day.planted
    ? ` · planted: "${day.planted.subject}" · bisect: ${named === '' ? 'named none' : `"${named}"`} in ${answer?.steps.length ?? 0} steps`
    : '';
  return {
    met,
    line: `${met ? 'ok    ' : 'MISSED'} day ${day.day}: ${night.verdict}, ${night.headline}${search}`,
  };
}
